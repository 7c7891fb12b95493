"""The demo: everything that its story promises is there, and a second call changes nothing."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import CustomerRight, Role
from accounts.models import ApiToken, Company, MailState, OutgoingMail, User
from accounts.rules.hours import working_time
from accounts.selectors.actors import actor_of
from accounts.selectors.hours import hours_of
from leadportal.common import clock
from leads.enums import (
    EventKind,
    ImportState,
    Outcome,
    Progress,
    Qualification,
    RequestState,
    SourceKind,
    Status,
    SubmissionState,
)
from leads.models import (
    ConversionRequest,
    Deal,
    Event,
    Import,
    Lead,
    LeadProduct,
    Note,
    Offer,
    Order,
    PastView,
    Pipeline,
    Quote,
    RoutingDecision,
    Source,
    Submission,
)
from leads.rules.offers import OfferState
from leads.rules.selling import OrderState, QuoteState
from leads.selectors.routing import live_version
from leads.selectors.routing_faults import faults_of
from leads.services.demo.people import DEMO_PEOPLE, PASSWORD
from leads.services.imports.steps import is_undoable
from templates_app.enums import ProductKind, VersionState
from templates_app.models import Marketplace, Product, TemplateVersion
from tests.factories import make_company
from tests.leads.commands.conftest import LEADS

ROLES = {
    "operator": {Role.MARKETPLACE_MANAGER, Role.COMPANY_ADMIN},
    "manager": {Role.RESELLER_MANAGER},
    "sales": {Role.SALES_SUPPORT},
    "vendor": {Role.VENDOR, Role.COMPANY_ADMIN},
    "reseller": {Role.RESELLER, Role.COMPANY_ADMIN},
    "reseller2": {Role.RESELLER, Role.COMPANY_ADMIN},
    "referral": {Role.REFERRAL, Role.COMPANY_ADMIN},
    "customer": {Role.COMPANY_ADMIN, Role.BILLING_ADMIN},
}


def person(account):
    return actor_of(User.objects.get(email=f"{account}@demo.example"))


def test_companies_and_catalogue_are_there(demo):
    assert Company.objects.filter(is_marketplace=True).count() == 2
    assert Company.objects.filter(is_developer=True).count() == 3
    assert Company.objects.filter(is_reseller=True).count() == 4
    assert Company.objects.filter(is_referral=True).count() == 2
    assert Counter(Marketplace.objects.values_list("host__name", flat=True)) == {
        "Halden Cloud": 3,
        "Tessaly Digital": 2,
    }
    for vendor in Company.objects.filter(is_developer=True):
        kinds = set(Product.objects.filter(vendor=vendor).values_list("kind", flat=True))
        assert kinds == {ProductKind.APPLICATION, ProductKind.SERVICE}, vendor


def test_leads_are_in_every_state(demo):
    leads = Lead.objects.exclude(source_kind__in=(SourceKind.WEBHOOK, SourceKind.IMPORT))
    assert leads.count() == LEADS
    for field, states in [
        ("status", Status),
        ("qualification", Qualification),
        ("progress", Progress),
        ("outcome", Outcome),
    ]:
        assert set(leads.values_list(field, flat=True)) == set(states), field
    assert {RequestState.PENDING, RequestState.APPROVED} <= set(
        ConversionRequest.objects.values_list("state", flat=True)
    )


def test_leads_have_what_leads_have(demo):
    versions = Lead.objects.filter(template_version__template__name="Document solutions")
    assert set(versions.values_list("template_version__number", flat=True)) == {1, 2, 3}
    assert not Lead.objects.filter(template_version__isnull=False, answers={}).exists()
    assert Lead.objects.exclude(attributes={}).exists()
    assert Note.objects.exists()
    assert LeadProduct.objects.exists()
    assert PastView.objects.exists()


def test_leads_come_by_every_door(demo):
    source = Source.objects.get(kind=SourceKind.WEBHOOK)
    sent = Submission.objects.filter(source=source)
    assert Counter(sent.values_list("state", flat=True)) == {
        SubmissionState.MADE: 6,
        SubmissionState.ATTENTION: 2,
    }
    assert {row.lead.source_label for row in sent.filter(lead__isnull=False)} == {source.name}
    done, begun = Import.objects.order_by("created_at")
    assert (done.state, done.failed, begun.state) == (ImportState.DONE, 5, ImportState.DRAFT)
    assert done.made + done.skipped == 43
    assert is_undoable(done)
    assert ApiToken.objects.exists()
    assert TemplateVersion.objects.filter(state=VersionState.DRAFT).count() == 1


def test_offers_wait_with_their_clocks(demo):
    place = Offer.objects.filter(lead__marketplace__name="Halden Priority")
    waiting = place.filter(state=OfferState.WAITING).order_by("ends_at")
    assert [one.company.name for one in waiting] == [
        *("Alderpoint IT", "Copperline Systems", "Alderpoint IT"),
    ]
    assert all(one.lead.is_masked and one.ends_at > clock.now() for one in waiting)
    hours = hours_of([waiting[0].company])[waiting[0].company_id]
    left = working_time(clock.now(), waiting[0].ends_at, hours)
    assert timedelta(hours=1) < left <= timedelta(hours=2)
    kinds = Event.objects.filter(lead=waiting[0].lead).values_list("kind", flat=True)
    assert Counter(kinds)[EventKind.REMINDED] == 2
    [vain] = place.filter(is_unclaimed=True)
    assert (vain.lead.status, vain.state) == (Status.SUBMITTED, OfferState.EXPIRED)
    states = Counter(place.filter(lead=vain.lead).values_list("state", flat=True))
    assert states == {OfferState.DECLINED: 1, OfferState.EXPIRED: 1}
    assert place.filter(state=OfferState.WORKING).count() == 1


def test_rules_and_territories_are_published(demo):
    host = Company.objects.get(name="Halden Cloud")
    live = live_version(host.pk)
    assert (live.number, len(live.rules.territories), len(live.rules.rules)) == (2, 4, 5)
    assert faults_of(live.rules, host) == []
    assert RoutingDecision.objects.filter(host=host, is_given=True).exists()


def test_nothing_happens_in_the_future_or_before_the_demo(demo):
    now = clock.now()
    assert not Event.objects.filter(at__gt=now).exists()
    assert not Lead.objects.filter(updated_at__gt=now).exists()
    first = Lead.objects.order_by("created_at").values_list("created_at", flat=True)[0]
    assert 110 <= (now - first).days <= 120


def test_mail_of_the_past_is_not_sent_again(demo):
    assert OutgoingMail.objects.exists()
    assert not OutgoingMail.objects.filter(state=MailState.WAITING).exists()


@pytest.mark.parametrize("account", ROLES)
def test_demo_people_have_their_roles(demo, account):
    assert person(account).roles == ROLES[account]


def test_everybody_signs_in_with_the_same_password(demo):
    hashes = {User.objects.get(email=one.email).password for one in DEMO_PEOPLE}
    assert len(hashes) == 1  # hashing is slow on purpose: once is enough
    assert User.objects.get(email=DEMO_PEOPLE[0].email).check_password(PASSWORD)
    others = User.objects.exclude(email__in=[one.email for one in DEMO_PEOPLE])
    assert others.exists()
    assert not others.filter(password__in=hashes).exists()


def test_staff_belongs_to_no_company(demo):
    staff = User.objects.get(email="staff@demo.example")
    assert staff.is_staff
    assert staff.is_superuser
    assert actor_of(staff) is None


def test_resellers_have_the_rights_that_the_demo_shows(demo):
    assert person("reseller").rights.create_customers == CustomerRight.FREE
    assert person("reseller").rights.create_leads
    assert person("reseller2").rights.create_customers == CustomerRight.APPROVAL
    assert not person("reseller2").rights.create_leads


@pytest.mark.parametrize("account", ROLES)
def test_something_waits_for_everybody_who_works_with_leads(undone, client, account):
    user = User.objects.get(email=f"{account}@demo.example")
    client.force_login(user, backend="accounts.backends.PortalBackend")
    page = client.get("/")
    assert page.status_code == 200
    assert bool(page.context["waiting"]) is (account != "customer")


def test_second_call_changes_nothing_and_names_the_people(undone):
    out, before = StringIO(), Lead.objects.count()
    call_command("seed_demo", stdout=out)
    assert Lead.objects.count() == before > LEADS
    assert "nothing was changed" in out.getvalue()
    for one in DEMO_PEOPLE:
        assert one.email in out.getvalue()
    assert PASSWORD in out.getvalue()


@pytest.mark.django_db
def test_a_database_in_use_is_no_place_for_a_demo():
    make_company("Somebody")
    with pytest.raises(CommandError, match="no place for a demo"):
        call_command("seed_demo")
    assert not Lead.objects.exists()


def test_deals_quotes_and_orders_are_in_every_state(demo):
    assert Counter(Pipeline.objects.values_list("host__name", flat=True)) == {
        "Halden Cloud": 3,
        "Tessaly Digital": 1,
    }
    for model, field, states in (
        (Deal, "outcome", set(Outcome) - {Outcome.NONE}),
        (Quote, "state", set(QuoteState)),
        (Order, "state", set(OrderState)),
    ):
        assert set(model.objects.values_list(field, flat=True)) == states, model
    open_in = Deal.objects.filter(outcome=Outcome.OPEN).values("stage__name").distinct().count()
    assert open_in > 4
    assert not Deal.objects.filter(updated_at__gt=clock.now()).exists()


@pytest.mark.parametrize("account", ["operator", "manager", "sales", "vendor", "reseller"])
def test_people_who_sell_have_deals(demo, account):
    assert Deal.objects.visible_to(person(account)).exists()
    assert Quote.objects.visible_to(person(account)).exists()


def test_the_customer_has_a_quote_to_answer_and_an_order(demo):
    mine = Quote.objects.visible_to(person("customer"))
    assert set(mine.values_list("state", flat=True)) == {QuoteState.SENT, QuoteState.ACCEPTED}
    assert Order.objects.visible_to(person("customer")).exists()
