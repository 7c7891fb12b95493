"""Django admin of leads: who comes in, what the list shows and costs, what can be edited."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import ApiToken
from accounts.rules.tokens import prefix_of
from leadportal.common import clock
from leads.enums import Audience, BulkState, EventKind, HolderDesk, NoteKind, SourceKind, Status
from leads.models import (
    Absence,
    ApiAnswer,
    BulkOutcome,
    BulkRun,
    Conversion,
    ConversionRequest,
    Deal,
    Editing,
    Event,
    EventValue,
    ExportRecord,
    Lead,
    LeadAccess,
    LeadKey,
    LeadProduct,
    Offer,
    Order,
    OrderLine,
    PastView,
    Quote,
    QuoteLine,
    RateLimit,
    SavedView,
    Stage,
    Submission,
    TrackedLink,
)
from leads.rules.routing.book import Book, Gives, Member, Rule
from leads.rules.scoring.kinds import BehaviourKind
from leads.services.history import record
from leads.services.merging_leads import merge_leads
from leads.services.notes import add_note
from leads.services.routing import route_leads
from leads.services.routing.drafts import change_draft
from leads.services.routing.publishing import publish_rules
from leads.services.scoring.behaviour import Deed, note_behaviour
from leads.services.targets import send_test
from tests.factories import (
    make_export_file,
    make_key,
    make_lead,
    make_submission,
    make_target,
    make_user,
)
from tests.leads.admin_client import BACKEND, sign_in_staff
from tests.leads.files import bring_in
from tests.leads.intake.sending import make_mailbox, make_source
from tests.leads.services.scoring.book import LARGE, publish

LIST = "/admin/leads/lead/"
# Django admin cannot show keys of several columns; a lead's page says what these do.
SHOWN_WITH_LEADS = {LeadAccess, LeadKey, PastView}
MODELS = [model for model in admin.site._registry if model._meta.app_label == "leads"]


def page(lead):
    return f"{LIST}{lead.pk}/change/"


def test_every_model_has_pages():
    from django.apps import apps

    assert set(apps.get_app_config("leads").get_models()) == {*MODELS, *SHOWN_WITH_LEADS}


@pytest.fixture
def everything(cast):
    """One row of every model."""
    twin = make_lead(cast.northgate)
    lead = make_lead(cast.northgate, marketplace=cast.marketplace, product=cast.product)
    merge_leads(lead, twin, actor=cast.olga)
    event = record(lead, EventKind.UPDATED, actor=cast.olga, values={"city": ("", "Leeds")})
    assert event.values.exists()
    add_note(
        lead,
        body="Called Ana.",
        kind=NoteKind.CALL,
        audience=Audience.EVERYBODY,
        actor=cast.olga,
    )
    LeadProduct.objects.create(lead=lead, product=cast.product)
    ConversionRequest.objects.create(lead=lead, company=cast.alpha)
    Conversion.objects.create(lead=lead, company=cast.customer, user_id=cast.cleo.user_id)
    make_submission(lead, listing=cast.listing)
    make_source(cast.olga, f"listing-{cast.listing.pk}")
    make_mailbox(cast.olga, f"listing-{cast.listing.pk}")
    ExportRecord.objects.create(user_id=cast.olga.user_id, company=cast.northgate, rows=1)
    make_export_file(cast.olga, is_made=False)
    source = bring_in("Email\na@x.example\nno address\n", cast.olga, save_as="Fair")
    assert (source.made, source.failed) == (1, 1)
    run = BulkRun.objects.create(
        key="k", user_id=cast.olga.user_id, company=cast.northgate, action="assign", total=1
    )
    BulkOutcome.objects.create(run=run, lead=lead, state=BulkState.DONE)
    SavedView.objects.create(
        company=cast.northgate, owner_id=cast.olga.user_id, name="Hot", slug="hot", sort="-created"
    )
    Editing.objects.create(
        lead=lead, user_id=cast.olga.user_id, company=cast.northgate, at=lead.created_at
    )
    key = make_key(cast.olga, Role.MARKETPLACE_MANAGER)
    token = ApiToken.objects.get(prefix=prefix_of(key))
    ApiAnswer.objects.create(token=token, key="k", digest="d", lead=lead)
    send_test(make_target(cast.olga), actor=cast.olga)
    Offer.objects.create(lead=lead, company=cast.alpha, desk=HolderDesk.COMPANY)
    publish(cast.olga, LARGE)
    note_behaviour([lead], Deed(BehaviourKind.PAGE_VISITED), actor=cast.olga)
    TrackedLink.objects.create(company=cast.northgate, name="L", kind=BehaviourKind.PAGE_VISITED)
    _routed(cast)
    RateLimit.objects.create(key="k", window_start=lead.created_at, count=1)
    sell(lead, cast)
    return lead


def sell(lead, cast):
    """A deal, a quote and an order."""
    sold = {"host": cast.northgate, "lead": lead, "seller": cast.northgate, "seller_desk": 1}
    sold |= {"customer": cast.customer, "subject": "Backup"}
    line = {"position": 1, "product": cast.product, "quantity": 1, "unit_price": 1}
    Deal.objects.create(reference="DL-1", stage=Stage.objects.first(), **sold)
    QuoteLine.objects.create(quote=Quote.objects.create(reference="Q-1", **sold), **line)
    OrderLine.objects.create(order=Order.objects.create(reference="O-1", **sold), **line)


def _routed(cast):
    """A lead that a round robin gave to Alpha, while somebody was away."""
    rule = Rule("r1", "Robin", (), Gives.ROUND_ROBIN, (Member(cast.alpha.pk),))
    change_draft(lambda _old: Book().with_rule(rule), actor=cast.olga)
    publish_rules(actor=cast.olga)
    assert route_leads([make_lead(cast.northgate)])
    day = clock.now().date()
    Absence.objects.create(company=cast.beta, first_day=day, last_day=day)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_pages_open_for_staff_alone(everything, cast, client, sign_in, model):
    row = model._default_manager.first()
    address = f"/admin/leads/{model._meta.model_name}/"
    addresses = [address, f"{address}?q=LD-123456789", f"{address}{row.pk}/change/"]
    for actor in (None, cast.olga, cast.ann):
        if actor:
            sign_in(actor)
        for one in addresses:
            answer = client.get(one)
            assert (answer.status_code, "/login/" in answer["location"]) == (302, True), one
    sign_in_staff(client)
    for one in addresses:
        assert client.get(one).status_code == 200, one


def test_staff_need_the_permission_to_see_leads(everything, client):
    user = sign_in_staff(client, is_superuser=False)
    assert client.get(LIST).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_lead"))
    assert client.get(LIST).status_code == 200
    assert client.get(page(everything)).status_code == 200
    assert b"Remove personal data" not in client.get(page(everything)).content
    answer = client.post(page(everything), {"first_name": "Eva"})
    assert answer.status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_with_one_row_and_with_several(everything, cast, client, model):
    sign_in_staff(client)
    address = f"/admin/leads/{model._meta.model_name}/"
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _number in range(3):
        more = make_lead(cast.northgate, holder=cast.alpha, product=cast.product)
        record(more, EventKind.UPDATED, actor=cast.ann, values={"city": ("", "Leeds")})
        LeadProduct.objects.create(lead=more, product=cast.product)
        make_submission(more, listing=cast.listing)
        ConversionRequest.objects.create(lead=more, company=cast.alpha)
        ExportRecord.objects.create(user_id=cast.ann.user_id, company=cast.alpha, rows=1)
    with CaptureQueriesContext(connection) as several:
        client.get(address)
    assert len(several) == len(one)


def test_list_masks_people(everything, client):
    sign_in_staff(client)
    text = client.get(LIST).content.decode()
    assert everything.reference in text
    assert "A… S…" in text
    for hidden in (everything.first_name, everything.last_name, everything.email):
        assert hidden not in text


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("{reference}", True),
        ("  {reference_lower} ", True),
        ("sousa", True),
        ("SOÚSA", True),
        ("northwind.ex", True),
        ("an", True),
        ("acme back", True),
        ("LD-000000000", False),
        ("ousb", False),
        ("%", False),
        ('"', False),
        ("\x00\ud800", True),  # nothing is left of it: no search at all
    ],
)
def test_search_finds_by_the_portals_index(cast, client, words, is_found):
    lead = make_lead(
        cast.northgate, last_name="Sousa", email="ana@northwind.example", product=cast.product
    )
    sign_in_staff(client)
    words = words.format(reference=lead.reference, reference_lower=lead.reference.lower())
    text = client.get(LIST, {"q": words.encode("utf-8", "surrogatepass")}).content.decode()
    assert (page(lead) in text) is is_found


def test_filters_stand_before_the_table_and_are_kept(everything, client):
    sign_in_staff(client)
    text = client.get(f"{LIST}?status__exact={Status.SUBMITTED}").content.decode()
    assert 0 < text.index("changelist-filter") < text.index("result_list")
    assert f"{page(everything)}?_changelist_filters=status__exact%3D2" in text


def test_portal_page_is_linked_for_staff_who_see_it_there(everything, cast, client):
    user = sign_in_staff(client)
    address = f"/leads/{everything.reference}/"
    for one in (LIST, page(everything)):
        assert address not in client.get(one).content.decode()
    from accounts.enums import Role
    from accounts.services.memberships import add_member

    add_member(cast.northgate, user=user, roles=[Role.MARKETPLACE_MANAGER], actor=cast.olga)
    for one in (LIST, page(everything)):
        assert address in client.get(one).content.decode()


# --- One lead -------------------------------------------------------------------------------------------


def test_every_look_is_written_down_once_an_hour(everything, client):
    user = sign_in_staff(client)
    for _time in range(3):
        client.get(page(everything))
    seen = Event.objects.get(lead=everything, kind=EventKind.SEEN_BY_STAFF)
    assert (seen.actor_user, seen.is_staff) == (user, True)
    other = make_user("sid@example.com", is_staff=True, is_superuser=True)
    client.force_login(other, backend=BACKEND)
    client.get(page(everything))
    assert Event.objects.filter(lead=everything, kind=EventKind.SEEN_BY_STAFF).count() == 2


@pytest.mark.parametrize("model", ["note", "eventvalue", "submission"])
def test_a_look_at_what_is_said_of_a_person_is_written_down_too(everything, client, model):
    sign_in_staff(client)
    row = {"note": everything.notes, "submission": None}.get(model)
    number = (
        row.get().pk
        if row
        else (EventValue if model == "eventvalue" else Submission).objects.get().pk
    )
    client.get(f"/admin/leads/{model}/")
    assert not Event.objects.filter(kind=EventKind.SEEN_BY_STAFF).exists()
    client.get(f"/admin/leads/{model}/{number}/change/")
    assert Event.objects.filter(lead=everything, kind=EventKind.SEEN_BY_STAFF).exists()


def test_page_shows_history_and_who_sees_the_lead(everything, client):
    sign_in_staff(client)
    text = client.get(page(everything)).content.decode()
    assert "Details updated" in text
    assert "Northgate (operator)" in text


def edited(client, lead, **changes):
    """Save the page with `changes`, as a browser does."""
    form = client.get(page(lead)).context["adminform"].form
    values = {name: form[name].value() or "" for name in form.fields}
    return client.post(page(lead), {**values, **changes})


def test_contact_is_edited_by_the_service(cast, client):
    lead = make_lead(cast.northgate)
    user = sign_in_staff(client)
    answer = edited(client, lead, city=" Leeds\x00 ")
    assert answer.status_code == 302
    lead.refresh_from_db()
    assert lead.city == "Leeds"
    line = Event.objects.get(lead=lead, kind=EventKind.UPDATED)
    assert (line.actor_user, line.is_staff, line.data) == (user, True, {"fields": ["city"]})
    assert "Leeds" not in str(list(LogEntry.objects.values()))


@pytest.mark.parametrize(
    "changes",
    [{"email": "nobody"}, {"phone": "x" * 50}, {"city": "x" * 81}, {"shown_version": "99"}],
    ids=lambda changes: next(iter(changes)),
)
def test_bad_input_is_refused_beside_its_field_and_kept(cast, client, changes):
    lead = make_lead(cast.northgate)
    sign_in_staff(client)
    answer = edited(client, lead, last_name="Typed", **changes)
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert "Typed" in answer.content.decode()
    lead.refresh_from_db()
    assert lead.last_name != "Typed"


FIXED = {
    "status": Status.CONVERTED,
    "qualification": 2,
    "progress": 3,
    "outcome": 2,
    "score": 99,
    "source_kind": SourceKind.API,
    "reference": "LD-1",
    "version": 50,
    "answers": '{"a": 1}',
}


def test_everything_else_is_read_only(cast, client):
    lead = make_lead(cast.northgate)
    sign_in_staff(client)
    before = Lead.objects.values().get(pk=lead.pk)
    edited(client, lead, **FIXED)
    after = Lead.objects.values().get(pk=lead.pk)
    assert after == before


def test_a_closed_lead_is_only_shown(cast, client):
    lead = make_lead(cast.northgate, Status.DISQUALIFIED)
    sign_in_staff(client)
    assert "_save" not in client.get(page(lead)).content.decode()
    assert client.post(page(lead), {"city": "Leeds"}).status_code == 403


@pytest.mark.parametrize("address", [f"{LIST}add/", f"{LIST}{{}}/delete/"])
def test_leads_are_neither_added_nor_deleted(cast, client, address):
    lead = make_lead(cast.northgate)
    sign_in_staff(client)
    assert client.get(address.format(lead.pk)).status_code == 403
    assert client.post(address.format(lead.pk), {"post": "yes"}).status_code == 403
    assert Lead.objects.filter(pk=lead.pk).exists()
    assert "delete_selected" not in client.get(LIST).content.decode()


@pytest.mark.parametrize(
    "model", [one for one in MODELS if one.__name__ not in {"Lead", "DisqualifyReason"}]
)
def test_what_services_write_is_not_touched(everything, client, model):
    row = model._default_manager.first()
    sign_in_staff(client)
    address = f"/admin/leads/{model._meta.model_name}/"
    for one in (f"{address}add/", f"{address}{row.pk}/delete/"):
        assert client.get(one).status_code == 403, one
    assert client.post(f"{address}{row.pk}/change/", {}).status_code == 403
    client.post(address, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert model._default_manager.filter(pk=row.pk).exists()


# --- Millions of rows -----------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor != "postgresql", reason="plans are read on PostgreSQL")
def test_no_list_reads_the_whole_table_of_leads(everything, cast, client):
    """With few rows PostgreSQL would rather read them all: forbidden here, so that only want of an index shows."""
    sign_in_staff(client)
    queries = []
    for address in (LIST, f"{LIST}?q=sousa", f"{LIST}?p=1", "/admin/leads/event/"):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        queries += [one["sql"] for one in captured if one["sql"].startswith("SELECT")]
    assert any("leads_lead" in one for one in queries)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            cursor.execute(f"EXPLAIN {query}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            for table in ("leads_lead", "leads_event", "leads_leadaccess"):
                assert f"Seq Scan on {table} " not in plan, query
