"""Personal data: nothing of a person is left anywhere after a lead was anonymised (security.md F16, ux.md X6)."""

import json
from datetime import timedelta
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection

from accounts.actors import SYSTEM
from accounts.enums import Role
from accounts.models import ApiToken, OutgoingMail
from accounts.rules.tokens import prefix_of
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leads.enums import AccessLevel, Audience, EventKind, NoteKind, Outcome, RequestState, Status
from leads.models import (
    ApiAnswer,
    BulkRun,
    ConversionRequest,
    Deal,
    DisqualifyReason,
    Event,
    ExportRecord,
    Lead,
    LeadAccess,
    LeadMerge,
    Order,
    Quote,
    Stage,
    Submission,
)
from leads.rules.privacy import ErasureReason
from leads.rules.scoring.kinds import BehaviourKind
from leads.services.conversion import Wish, request_conversion
from leads.services.exports import sweep_exports
from leads.services.imports.files import sweep_imports
from leads.services.integrity import access_faults, history_faults
from leads.services.leads import create_from_listing, edit_lead
from leads.services.lifecycle import (
    accept_lead,
    assign_lead,
    decline_lead,
    delete_lead,
    disqualify_lead,
)
from leads.services.marks import set_next_step
from leads.services.merging_leads import merge_leads, undo_merge
from leads.services.notes import add_note, edit_note
from leads.services.privacy import anonymise_lead, note_staff_view
from leads.services.scoring.behaviour import Deed, note_behaviour
from leads.services.views import Content, add_view
from templates_app.models import Marketplace
from tests.factories import make_export_file, make_key, make_lead, make_submission, make_user
from tests.leads.admin_client import BACKEND, move, sign_in_staff
from tests.leads.files import bring_in, send
from tests.leads.intake.visitor import ANSWERS, fill_in

CANARY = "quetzalfish"
# Counts for one sender and form under a keyed hash, and days when colleagues are away: nothing of a lead is in them.
NOTHING_OF_A_LEAD = {"RateLimit", "Absence"}


def tables_with(word):
    """Return the models with `word` somewhere in a row: a dump of all tables, searched."""
    found = set()
    for model in apps.get_models():
        for row in model._base_manager.values():
            if word in json.dumps(row, default=_as_text).lower():
                found.add(model.__name__)
    return found


def _as_text(value):
    return bytes(value).decode() if isinstance(value, bytes | memoryview) else str(value)


def person(cast):
    return dict.fromkeys(
        (
            *("first_name", "last_name", "job_title", "company", "industry"),
            *("street", "city", "region"),
        ),
        f"Ana {CANARY}",
    ) | {
        "email": f"{CANARY}@northwind.example",
        "website": f"https://{CANARY}.example",
        "phone": CANARY,
        "postcode": CANARY,
        "country": "GB",
        "size": "10-49",
    }


@pytest.fixture
def lead(cast):
    """A lead with a long life, and the person's word in every place that can hold it."""
    lead = create_from_listing(cast.listing, person(cast), {"budget": f"12 {CANARY}"})
    make_submission(
        lead,
        payload={"name": CANARY},
        body=f"name={CANARY}".encode(),
        headers={"webhook-id": CANARY},
    )
    note = add_note(
        lead, body=CANARY, kind=NoteKind.CALL, audience=Audience.EVERYBODY, actor=cast.olga
    )
    edit_note(note, body=f"{CANARY} called", actor=cast.olga)
    assign_lead(lead, to=cast.alpha, actor=cast.rita, message=f"Call {CANARY}")
    decline_lead(lead, reason=f"{CANARY} is rude", actor=cast.ann)
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    lead = accept_lead(lead, actor=cast.ann)
    lead = edit_lead(
        lead,
        details={"street": f"1 {CANARY} Street"},
        attributes={"nick": CANARY},
        version=lead.version,
        actor=cast.ann,
    )
    set_next_step(lead, text=f"Call {CANARY}", on=None, actor=cast.ann)
    deed = Deed(BehaviourKind.PAGE_VISITED, about=CANARY)
    note_behaviour([lead], deed, actor=cast.ann)
    wish = Wish(company_name=CANARY, email=f"{CANARY}@northwind.example")
    request_conversion(lead, wish=wish, actor=cast.ann)
    assign_lead(lead, to=cast.beta, actor=cast.olga)  # Alpha keeps a view of the past
    token = ApiToken.objects.get(
        prefix=prefix_of(make_key(cast.olga, Role.MARKETPLACE_MANAGER, name="Sync"))
    )
    ApiAnswer.objects.create(token=token, key="k", digest="d", lead=lead, body={"name": CANARY})
    _sell(lead, cast)
    request = ConversionRequest.objects.get(lead=lead)
    request.comment = f"{CANARY} is known"
    request.save()
    _merge_a_twin(lead, cast)
    _look_for_the_person(lead, cast)
    reason = DisqualifyReason.objects.get(host=cast.northgate, label="Other")
    return disqualify_lead(lead, reason=reason, text=f"{CANARY} moved", actor=cast.olga)


def _sell(lead, cast):
    """What people type about the person in a deal, a quote and an order."""
    stage = Stage.objects.filter(pipeline__host=cast.northgate).first()
    owners = {"host": cast.northgate, "lead": lead, "seller": cast.alpha, "seller_desk": 3}
    sold = {**owners, "customer": cast.customer, "subject": f"Backup for {CANARY}"}
    lost = {"outcome": Outcome.LOST, "closed_at": clock.now(), "lost_reason": f"{CANARY} moved"}
    Deal.objects.create(reference="DL-1", stage=stage, **sold, **lost)
    Quote.objects.create(reference="Q-1", terms=f"For {CANARY}", comment=CANARY, **sold)
    Order.objects.create(reference="O-1", **sold)


def _merge_a_twin(lead, cast):
    """Another lead of the person becomes part of it: the record of that merge has what undoing needs."""
    twin = create_from_listing(cast.listing, person(cast), {"budget": f"13 {CANARY}"})
    assign_lead(twin, to=cast.beta, actor=cast.rita)
    assign_lead(twin, to=cast.alpha, actor=cast.rita)
    add_note(twin, body=CANARY, kind=NoteKind.CALL, audience=Audience.EVERYBODY, actor=cast.ann)
    merge_leads(lead, twin, take=["next_step"], actor=cast.olga)


def _look_for_the_person(lead, cast):
    """What people keep of their searches, and the mail that acknowledged the form."""
    whose = {"user_id": cast.olga.user_id, "company": cast.northgate}
    query = urlencode({"q": lead.email, "after": f"Ana {CANARY}"})
    ExportRecord.objects.create(**whose, query=f"/leads/?{query}", rows=1)
    BulkRun.objects.create(**whose, key="k", action="assign", query=query.upper(), total=1)
    content = Content({"company": [f"ana {CANARY} ana {CANARY}"]}, "-created", [])
    add_view(name=f"Ana {CANARY} Ana {CANARY}", content=content, actor=cast.olga)
    mail = OutgoingMail.objects.create(to=lead.email, subject="S", text="T", sender="p@example.com")
    Submission.objects.filter(lead=lead).update(acknowledgement=mail)
    OutgoingMail.objects.create(
        to=lead.email.upper(), subject="S", text="T", sender="p@example.com"
    )


def test_a_long_life_leaves_traces_in_every_personal_table(lead):
    """The control of the next test: where nothing was, nothing can be missed."""
    personal = {
        model.__name__ for model in apps.get_app_config("leads").get_models() if model.personal_data
    }
    elsewhere = {"ExportRecord", "BulkRun", "SavedView", "OutgoingMail"}
    assert tables_with(CANARY) >= personal - NOTHING_OF_A_LEAD | elsewhere
    past = LeadAccess.objects.filter(lead=lead, level=AccessLevel.PAST)
    assert past.filter(last_name__contains=CANARY).exists()


def test_nothing_is_left_after_erasure(lead, cast):
    anonymise_lead(lead, reason=ErasureReason.REQUEST, actor=SYSTEM)
    assert tables_with(CANARY) == set()
    lead.refresh_from_db()
    assert (lead.country, lead.size) == ("GB", "10-49")
    assert lead.status == Status.DISQUALIFIED
    (merge,) = LeadMerge.objects.all()
    with pytest.raises(Conflict):
        undo_merge(merge, actor=cast.olga)
    assert not Lead.objects.filter(anonymised_at__isnull=True).exists()
    assert ExportRecord.objects.get().query.startswith("/leads/?q=removed&")
    assert list(access_faults()) == []
    assert list(history_faults()) == []


def test_a_retention_rule_leaves_nothing_of_the_ways_in(cast, client, sign_in):
    """A form's raw submission, a file without names above its columns, its errors, an exported file."""
    place = cast.marketplace
    Marketplace.objects.filter(pk=place.pk).update(retention_days=90)
    answers = {**ANSWERS, "last_name": CANARY, "email": f"{CANARY}@x.example"}
    fill_in(client, cast.listing.form_path, answers)
    row = f"{CANARY}2@x.example,{CANARY}"
    bring_in(
        f"{row}\n{row}\n,{CANARY},,too long\n",
        cast.olga,
        mapping=["email", "last_name"],
        marketplace=place,
    )
    left_out = send(f"Email\n{CANARY}@x.example\n", cast.rita)
    export = make_export_file(cast.olga, f"/leads/?q={answers['email']}")
    assert {"Submission", "Import", "ExportFile", "Lead"} <= tables_with(CANARY)
    for lead in Lead.objects.all():
        delete_lead(lead, actor=cast.olga)
    files = [*django_settings.IMPORTS_DIR.iterdir(), export.path]
    assert left_out.path in files
    with clock.at(clock.now() + timedelta(days=91)):
        sweep_imports()
        sweep_exports()
        call_command("apply_retention", stdout=StringIO())
    assert not [path for path in files if path.exists()]
    assert tables_with(CANARY) == set()
    assert Lead.objects.filter(anonymised_at__isnull=False).count() == 2


def test_search_forgets_the_person(lead, client):
    sign_in_staff(client)
    found = f"/admin/leads/lead/{lead.pk}/change/"
    assert found in client.get(f"/admin/leads/lead/?q={CANARY}").content.decode()
    anonymise_lead(lead, reason=ErasureReason.REQUEST, actor=SYSTEM)
    assert found not in client.get(f"/admin/leads/lead/?q={CANARY}").content.decode()
    assert found in client.get(f"/admin/leads/lead/?q={lead.reference}").content.decode()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM leads_search WHERE leads_search MATCH %s", [CANARY]
            )
            assert cursor.fetchone() == (0,)


def test_history_says_why_and_by_whom(lead, client):
    user = sign_in_staff(client)
    move(client, "anonymise", lead, reason="retention")
    line = Event.objects.get(lead=lead, kind=EventKind.ANONYMISED)
    assert (line.data, line.actor_user, line.is_staff) == ({"reason": "retention"}, user, True)


@pytest.mark.parametrize("status", Status)
def test_every_status_can_be_anonymised_twice_and_stays(cast, status):
    lead = make_lead(cast.northgate, status)
    for _time in range(2):
        lead = anonymise_lead(lead, reason=ErasureReason.MISTAKE, actor=SYSTEM)
    assert (lead.status, lead.user_name, lead.company) == (status, "", "")


def test_waiting_request_is_cancelled(cast):
    lead = make_lead(cast.northgate, Status.REFERRED, holder=cast.alpha, holder_desk=3)
    request_conversion(lead, wish=Wish("Northwind", "ana@northwind.example"), actor=cast.ann)
    anonymise_lead(lead, reason=ErasureReason.REQUEST, actor=SYSTEM)
    request = ConversionRequest.objects.get(lead=lead)
    assert (request.state, request.values) == (RequestState.CANCELLED, {})


def test_pages_of_the_portal_open_afterwards(lead, cast, sign_in):
    anonymise_lead(lead, reason=ErasureReason.REQUEST, actor=SYSTEM)
    for actor in (cast.olga, cast.ann, cast.ben, cast.vera):
        answer = sign_in(actor).get(f"/leads/{lead.reference}/")
        assert answer.status_code == 200, actor.name
        assert CANARY not in answer.content.decode().lower()


@pytest.mark.parametrize("who", ["olga", "rita", "ann", "vera"])
def test_people_of_the_portal_may_not_erase(lead, cast, who):
    with pytest.raises(Forbidden):
        anonymise_lead(lead, reason=ErasureReason.REQUEST, actor=getattr(cast, who))
    assert CANARY in Lead.objects.get(pk=lead.pk).search


def test_staff_of_another_host_see_nothing(lead, cast):
    from accounts.selectors.actors import staff_at

    stranger = staff_at(cast.southgate, make_user(is_staff=True))
    with pytest.raises(NotFound):
        anonymise_lead(lead, reason=ErasureReason.REQUEST, actor=stranger)
    with pytest.raises(NotFound):
        note_staff_view(lead, actor=stranger)


def test_staff_without_the_permission_cannot_erase(lead, client):
    user = make_user("sid@example.com", is_staff=True)
    client.force_login(user, backend=BACKEND)
    move(client, "anonymise", lead, reason="request")
    assert CANARY in Lead.objects.get(pk=lead.pk).search
