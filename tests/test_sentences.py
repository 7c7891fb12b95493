"""Sentences of the sources that no other test shows as a whole; docs/domain.md cites these tests."""

import csv
import html
import re

import pytest
from django.utils import dateformat, timezone

from accounts.actors import Person
from accounts.enums import CustomerRight, Role
from accounts.models import Invitation
from leads.enums import (
    Audience,
    Channel,
    EventKind,
    HolderDesk,
    NoteKind,
    Outcome,
    Qualification,
    SourceKind,
    Status,
)
from leads.models import Conversion, Event, Lead
from leads.rules.workflow import Action
from leads.services.conversion import Wish, convert_lead
from leads.services.leads import create_from_listing, create_from_profile, create_lead
from leads.services.lifecycle import accept_lead, assign_lead, disqualify_lead
from leads.services.marks import mark_invalid, qualify_lead, set_outcome
from leads.services.notes import add_note
from tests.factories import fresh, make_lead, make_person, make_product, make_version

CONTACT = {"first_name": "Ana", "last_name": "Sousa", "email": "ana@northwind.example"}
COLUMNS = ("select", "created", "company", "user", "source", "recipient", "status")


def rows_of(answer) -> dict[str, dict[str, str]]:
    """Return what the list shows, by company: the text of each of the six columns."""
    found = {}
    for row in re.findall(r'<tr id="LD-.*?</tr>', answer.content.decode(), re.DOTALL):
        cells = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        texts = [" ".join(html.unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in cells]
        line = dict(zip(COLUMNS, texts, strict=True))
        line["company"] = line["company"].removeprefix("New: ")  # nobody has opened it yet
        found[line["company"]] = line
    return found


def listed(client, query: str = "") -> dict[str, dict[str, str]]:
    answer = client.get(f"/leads/{query}")
    assert answer.status_code == 200
    return rows_of(answer)


@pytest.fixture
def customer(cast) -> Conversion:
    """A lead that Alpha held and converted by itself."""
    cast.alpha.can_create_customers = CustomerRight.FREE
    cast.alpha.save()
    lead = create_from_listing(cast.listing, {**CONTACT, "company": "Northwind"}, {})
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    accept_lead(lead, actor=cast.ann)
    wish = Wish("Northwind", "ana@northwind.example", "Ana", "Sousa")
    return convert_lead(lead, wish=wish, actor=fresh(cast.ann))


# --- Source and Recipient (AppDirect) -----------------------------------------------------------------


def make_leads_of_every_source(cast) -> None:
    """One lead of each way to begin; its company's name says which."""
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    version = make_version(cast.northgate)
    create_from_profile(cast.alpha, version, {**CONTACT, "company": "On Alpha's profile"}, {})
    create_from_listing(cast.listing, {**CONTACT, "company": "On the product page"}, {})
    for who in ("ray", "ann", "vera", "rita", "sam"):
        actor: Person = fresh(getattr(cast, who))
        contact = {**CONTACT, "company": f"By {who}"}
        create_lead(contact, actor=actor, marketplace=cast.marketplace, product=cast.product)


def test_source_is_who_or_what_made_the_lead(cast, sign_in):
    make_leads_of_every_source(cast)
    shown = {name: line["source"] for name, line in listed(sign_in(cast.olga)).items()}
    assert shown == {
        "On Alpha's profile": "Alpha Reseller profile",
        "On the product page": "Acme Backup Product profile",
        "By ray": "Ripple Added by hand",
        "By ann": "Alpha Added by hand",
        "By vera": "Vertex Added by hand",
        "By rita": "Northgate Store Added by hand",
        "By sam": "Northgate Store Added by hand",
    }


def test_recipient_is_who_is_responsible(cast, sign_in):
    make_leads_of_every_source(cast)
    assign_lead(Lead.objects.get(company="By rita"), to=cast.beta, actor=cast.rita)
    shown = {name: line["recipient"] for name, line in listed(sign_in(cast.olga)).items()}
    assert shown == {
        "On Alpha's profile": "Alpha",
        "On the product page": "Northgate",
        "By ray": "Ripple",
        "By ann": "Alpha",
        "By vera": "Vertex",
        "By rita": "Beta",
        "By sam": "Northgate Sales",
    }


def test_a_lead_made_by_a_reseller_manager_is_with_the_host(cast, sign_in):
    create_lead({**CONTACT, "company": "By rita"}, actor=cast.rita, marketplace=cast.marketplace)
    assert listed(sign_in(cast.rita))["By rita"]["recipient"] == "Northgate"


@pytest.mark.parametrize("status", Status, ids=lambda status: status.slug)
def test_status_is_shown_in_its_word(cast, sign_in, status):
    make_lead(cast.northgate, status, company="Northwind")
    line = listed(sign_in(cast.olga), f"?status={status.slug}")["Northwind"]
    assert line["status"] == status.label


def test_resellers_and_their_managers_find_all_their_leads(cast, sign_in):
    for number, company in enumerate((cast.alpha, cast.beta)):
        for status in (Status.ASSIGNED, Status.REFERRED, Status.CONVERTED):
            make_lead(
                cast.northgate,
                status,
                holder=company,
                holder_desk=HolderDesk.COMPANY,
                company=f"{company.name} {number} {status.label}",
            )
    assert len(listed(sign_in(cast.ann))) == 3
    assert len(listed(sign_in(cast.ben))) == 3
    assert len(listed(sign_in(cast.rita))) == 6


# --- Who works on it ------------------------------------------------------------------------------------


def actions_of(client, lead: Lead) -> set[str]:
    page = client.get(f"/leads/{lead.reference}/").content.decode()
    return set(re.findall(r'data-action="([a-z-]+)"', page))


def test_all_members_of_the_recipient_manage_the_lead(cast, sign_in):
    carl = make_person(cast.alpha, Role.RESELLER)
    lead = make_lead(
        cast.northgate, Status.REFERRED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    mine = actions_of(sign_in(cast.ann), lead)
    assert Action.EDIT in mine
    assert actions_of(sign_in(carl), lead) == mine


def test_all_sales_support_representatives_own_the_lead(cast, sign_in):
    sue = make_person(cast.northgate, Role.SALES_SUPPORT)
    lead = make_lead(cast.northgate, Status.REFERRED, holder_desk=HolderDesk.SALES)
    mine = actions_of(sign_in(cast.sam), lead)
    assert {Action.EDIT, Action.NOTE} <= mine
    assert actions_of(sign_in(sue), lead) == mine


def test_a_disqualified_lead_stays_in_the_list_and_nothing_more_can_be_done(cast, sign_in):
    lead = create_from_listing(cast.listing, {**CONTACT, "company": "Northwind"}, {})
    reason = cast.northgate.disqualify_reasons.get(needs_text=False)
    disqualify_lead(lead, reason=reason, actor=cast.rita)
    client = sign_in(cast.rita)
    assert listed(client)["Northwind"]["status"] == "Disqualified"
    assert actions_of(client, lead) == set()


# --- After conversion -----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ann", "rita", "olga"])
def test_list_and_details_of_reseller_and_managers_say_converted(cast, sign_in, customer, who):
    client = sign_in(getattr(cast, who))
    assert listed(client)["Northwind"]["status"] == "Converted"
    page = client.get(f"/leads/{customer.lead.reference}/").content.decode()
    assert re.search(r'<li aria-current="step"[^>]*>\s*Converted', page)


def test_reseller_reaches_present_and_future_people_of_its_customer(cast, sign_in, customer):
    later = make_person(customer.company, Role.USER, first_name="Lea", last_name="Lux")
    names = sign_in(cast.ann).get(f"/companies/{customer.company_id}/").content.decode()
    assert "Ana Sousa" in names
    assert "Lea Lux" in names
    member = customer.company.memberships.get(user=later.user_id)
    assert sign_in(cast.ann).get(f"/people/{member.pk}/").status_code == 200
    assert sign_in(cast.ben).get(f"/people/{member.pk}/").status_code == 404


def test_the_first_users_page_leads_to_the_new_company(cast, sign_in, customer):
    client = sign_in(cast.ann)
    member = customer.company.memberships.get(user=customer.user)
    page = client.get(f"/people/{member.pk}/").content.decode()
    link = re.search(r'href="(/companies/\d+/)"[^>]*>View Company Info<', page)
    assert link
    assert "Northwind" in client.get(link[1]).content.decode()


def test_the_new_company_has_no_access_rights(cast, sign_in, customer):
    page = sign_in(cast.ann).get(f"/companies/{customer.company_id}/").content.decode()
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    for right in ("Developer", "Marketplace", "Reseller", "Referral"):
        assert re.search(rf"{right} Access ?: no", words), right


def test_who_is_invited_to_a_customer_company_gets_the_role_user(cast, sign_in):
    client = sign_in(cast.cleo)
    page = client.get("/people/invite/").content.decode()
    assert re.findall(r'<input[^>]*name="roles"[^>]*value="(\w+)"[^>]*checked', page) == ["user"]
    client.post("/people/invite/", {"emails": "lea@contoso.example", "roles": ["user"]})
    assert Invitation.objects.get(email="lea@contoso.example").roles == ["user"]


# --- How leads begin ------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.EVENT])
def test_a_lead_from_a_call_or_a_fair_is_entered_by_hand(cast, sign_in, channel):
    client = sign_in(cast.sam)
    client.post("/leads/new/", {**CONTACT, "channel": channel.slug, "key": "one"})
    lead = Lead.objects.get()
    assert (lead.channel, lead.source_kind) == (channel, SourceKind.MANUAL)
    page = client.get(f"/leads/{lead.reference}/").content.decode()
    assert str(channel.label) in page


# --- History --------------------------------------------------------------------------------------------


def history_of(client, lead: Lead) -> str:
    page = client.get(f"/leads/{lead.reference}/history/").content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_history_says_how_the_lead_began(cast, sign_in):
    version = make_version(cast.northgate)
    contact = {**CONTACT, "company": "Northwind"}
    lead = create_from_profile(cast.alpha, version, contact, {})
    client = sign_in(cast.olga)
    assert "Lead created from Reseller profile Alpha" in history_of(client, lead)
    lead = create_from_listing(cast.listing, contact, {})
    assert "Lead created from product profile Acme Backup" in history_of(client, lead)
    lead = create_lead(contact, actor=cast.olga)
    assert "Lead created manually" in history_of(client, lead)


def test_history_has_won_lost_and_open(cast, sign_in, customer):
    for outcome in (Outcome.WON, Outcome.LOST, Outcome.OPEN):
        set_outcome(customer.lead, outcome=outcome, actor=cast.olga)
    words = history_of(sign_in(cast.ann), customer.lead)
    for outcome in ("won", "lost", "open"):
        assert f"Lead marked as {outcome}" in words


def test_history_has_every_change_of_status_with_before_and_after(cast, customer):
    events = Event.objects.filter(lead=customer.lead).order_by("number")
    steps = [
        (event.kind, event.data["from"], event.data["to"])
        for event in events
        if "from" in event.data
    ]
    assert steps == [
        (EventKind.ASSIGNED, "submitted", "assigned"),
        (EventKind.ACCEPTED, "assigned", "referred"),
        (EventKind.CONVERTED, "referred", "converted"),
    ]


# --- What the vendor says (CloudBlue) ---------------------------------------------------------------------


@pytest.fixture
def form_lead(cast) -> Lead:
    """A lead that came through the form of the cast's listing."""
    return create_from_listing(cast.listing, {**CONTACT, "company": "Northwind"}, {})


def words_of(client, lead: Lead) -> str:
    page = client.get(f"/leads/{lead.reference}/").content.decode()
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def test_a_lead_from_a_marketplace_is_pending_until_the_vendor_says_more(cast, sign_in, form_lead):
    assert form_lead.qualification == Qualification.PENDING
    assert "Qualification Pending" in words_of(sign_in(cast.vera), form_lead)
    by_hand = create_lead(CONTACT, actor=cast.olga)
    assert by_hand.qualification == Qualification.NONE


def test_details_of_a_marketplace_lead_tell_what_it_is_for_and_since_when(cast, sign_in, form_lead):
    words = words_of(sign_in(cast.vera), form_lead).split("Opportunity Details")[1]
    day = timezone.localtime(form_lead.created_at)
    for said in (
        f"Lead ID {form_lead.reference}",
        "Product Acme Backup",
        "Distributor Northgate",
        "Marketplace Northgate Store",
        f"Created {dateformat.format(day, 'j M Y, H:i')}",
        f"Updated {dateformat.format(day, 'j M Y, H:i')}",
        "Status Submitted",
    ):
        assert said in words


def test_a_qualified_lead_goes_on(cast, sign_in, form_lead):
    qualify_lead(form_lead, actor=cast.vera)
    assert "Qualification Qualified" in words_of(sign_in(cast.rita), form_lead)
    assert Action.ASSIGN in actions_of(sign_in(cast.rita), form_lead)
    assert not {Action.QUALIFY, Action.INVALID} & actions_of(sign_in(cast.vera), form_lead)


def test_an_invalid_lead_has_no_further_step(cast, sign_in, form_lead):
    mark_invalid(form_lead, actor=cast.vera)
    for who in (cast.vera, cast.rita):
        assert actions_of(sign_in(who), form_lead) == set()
    assert listed(sign_in(cast.vera))["Northwind"]["status"] == "Disqualified"


def test_vendor_and_seller_read_each_others_notes_on_a_qualified_lead(cast, sign_in, form_lead):
    qualify_lead(form_lead, actor=cast.vera)
    assign_lead(form_lead, to=cast.alpha, actor=cast.rita)
    accept_lead(form_lead, actor=cast.ann)
    for who, body in ((cast.vera, "Call me about prices"), (cast.ann, "They want 40 seats")):
        note = {"kind": NoteKind.NOTE, "audience": Audience.EVERYBODY}
        add_note(form_lead, body=body, actor=who, **note)
    for who in (cast.vera, cast.ann):
        words = words_of(sign_in(who), form_lead)
        assert "Call me about prices" in words
        assert "They want 40 seats" in words


# --- The list (AppDirect, Oracle) -------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["olga", "rita", "sam", "vera", "ann", "ray"])
def test_leads_is_in_the_navigation_of_all_who_work_with_them(cast, sign_in, who):
    home = sign_in(getattr(cast, who)).get("/").content.decode()
    navigation = re.search(r'<nav[^>]*aria-label="Main".*?</nav>', home, re.DOTALL)
    assert navigation
    assert 'href="/leads/"' in navigation[0]


def make_three_leads(cast) -> None:
    voice, other = (make_product(cast.vertex, name) for name in ("Acme Voice", "Other"))
    for company, product in (("Beech", voice), ("Ash", voice), ("Cedar", other)):
        make_lead(cast.northgate, company=company, product=product)
    make_lead(cast.northgate, Status.CONVERTED, company="Alder Voice")


def send(client, page: str, marker: str, **values: str) -> dict[str, dict[str, str]]:
    """Fill in the form of the list that holds `marker`, as its button sends it; return the rows that come back."""
    form = next(one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if marker in one)
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    assert 'type="submit"' in form
    return rows_of(client.get("/leads/", {**dict(hidden), **values}))


def test_search_box_finds_when_it_is_sent_and_shows_all_when_it_is_emptied(cast, sign_in):
    make_three_leads(cast)
    client = sign_in(cast.olga)
    page = client.get("/leads/?status=submitted").content.decode()
    assert set(send(client, page, 'id="q"', q="acme voice")) == {"Ash", "Beech"}
    page = client.get("/leads/?status=submitted&q=acme+voice").content.decode()
    assert 'value="acme voice"' in page
    assert set(send(client, page, 'id="q"', q="")) == {"Ash", "Beech", "Cedar"}


def test_sort_by_orders_what_search_and_filters_have_left(cast, sign_in):
    make_three_leads(cast)
    client = sign_in(cast.olga)
    page = client.get("/leads/?status=submitted&q=voice").content.decode()
    assert list(send(client, page, 'id="sort"', sort="company")) == ["Ash", "Beech"]
    assert list(send(client, page, 'id="sort"', sort="-company")) == ["Beech", "Ash"]


def test_file_holds_what_search_filters_and_sort_have_left(cast, sign_in):
    make_three_leads(cast)
    answer = sign_in(cast.olga).get("/leads/export.csv?status=submitted&q=voice&sort=company")
    assert answer["Content-Disposition"].startswith("attachment; ")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    companies = [line["Company"] for line in csv.DictReader(lines)]
    assert companies == ["Ash", "Beech"]
