"""The deadline of an offer where people work: list, cards, board, files, API, inbox and mail; what nobody took."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Membership, OutgoingMail, User
from accounts.selectors.actors import actor_at
from leadportal.common import clock
from leads.enums import Relation
from leads.models import InboxItem, Lead, Offer
from leads.rules.access import relations
from leads.services.lifecycle import accept_lead, assign_lead, decline_lead
from leads.services.notices import mail_notices
from tests.factories import fresh, make_company, make_key, make_lead
from tests.leads.api.caller import Caller
from tests.leads.services.house import at_alpha, of_form
from tests.leads.sheets import content, csv_rows
from tests.leads.views.reading import number_of_queries, text_of

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
# Eight working hours later.
ENDS = "30 Nov 2026"
COLUMNS = "?layout=list&column=company&column=deadline"


@pytest.fixture
def house(cast):
    """It is Friday, and Alpha has until Monday to accept a lead."""
    cast.marketplace.accept_hours = 8
    cast.marketplace.progress_hours = 16
    cast.marketplace.save()
    with clock.at(FRIDAY):
        yield cast


@pytest.fixture
def lead(house):
    return at_alpha(house)


def page(address: str):
    return lambda client, lead: text_of(client.get(address.format(lead=lead.reference)))


def file(client, _lead) -> str:
    return str(csv_rows(content(client.get(f"/leads/export.csv{COLUMNS}&columns=visible"))))


DOORS = {
    "list": page(f"/leads/{COLUMNS}"),
    "cards": page("/leads/?layout=cards"),
    "page": page("/leads/{lead}/"),
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("who", ["ann", "rita", "olga", "vera"])
def test_holder_and_managers_read_the_deadline_and_nobody_else(house, lead, sign_in, door, who):
    said = DOORS[door](sign_in(getattr(house, who)), lead)
    assert "Northwind" in said  # everybody sees the lead
    assert (ENDS in said) == (who != "vera")


def test_list_and_board_say_how_much_is_left(house, lead, sign_in):
    client = sign_in(house.ann)
    assert f"3 days left {ENDS} 10:00" in text_of(client.get(f"/leads/{COLUMNS}"))
    assert "Deadline: 3 days left" in text_of(client.get("/leads/?layout=board"))
    with clock.at(FRIDAY + timedelta(days=2, hours=22)):
        assert "2 hours left" in text_of(client.get(f"/leads/{COLUMNS}"))
    with clock.at(FRIDAY + timedelta(days=3)):
        assert f"over {ENDS}" in text_of(client.get(f"/leads/{COLUMNS}"))
    accept_lead(lead, actor=house.ann)
    # Sixteen hours to get further: seven of this Friday, eight of Monday, one of Tuesday.
    assert "1 Dec 2026 10:00" in text_of(client.get(f"/leads/{COLUMNS}"))


def test_a_file_of_the_columns_and_programs_have_it_too(house, lead, sign_in):
    assert "2026-11-30T10:00" in file(sign_in(house.ann), lead)
    assert "2026-11-30" not in file(sign_in(house.vera), lead)
    for who, role, said in (("ann", "reseller", "2026-11-30T10:00:00Z"), ("vera", "vendor", None)):
        if who == "ann":
            house.alpha.can_create_leads = True
            house.alpha.save()
        api = Caller(make_key(fresh(getattr(house, who)), role))
        [listed] = api.get("leads/").json()["results"]
        assert listed["deadline"] == said
        assert api.get(f"leads/{lead.reference}/").json()["deadline"] == said


@pytest.mark.parametrize("address", [f"/leads/{COLUMNS}", "/leads/?layout=cards"])
def test_a_list_costs_the_same_with_one_and_with_many(house, lead, sign_in, address):
    client = sign_in(house.ann)
    one = number_of_queries(client, address)
    for _lead in range(9):
        at_alpha(house)
    assert number_of_queries(client, address) == one


def test_the_scope_of_offers_is_what_the_relations_say(house):
    """In the database as in the rule: holder, operator and channel, and nobody else."""
    own = {"maker": house.alpha, "maker_kinds": 1}
    for to in (house.alpha, house.beta, None):
        for maker in ({}, own):
            assign_lead(make_lead(house.northgate, **maker), to=to, actor=house.olga)
    southern = make_company("Southern", is_reseller=True, host=house.southgate)
    assign_lead(make_lead(house.southgate), to=southern, actor=house.otto)
    offered = Lead.objects.filter(offers__isnull=False)
    told = {Relation.HOLDER, Relation.OPERATOR, Relation.CHANNEL}
    for member in Membership.objects.all():
        actor = actor_at(member.user_id, member.company_id)
        expected = {
            lead.pk
            for lead in offered.select_related("holder", "maker", "product")
            if told & relations(lead.parties, actor, is_past=False)
        }
        seen = Offer.objects.visible_to(actor).values_list("lead", flat=True)
        assert set(seen) == expected, actor


# --- Told -----------------------------------------------------------------------------------------------


def test_the_mail_of_an_assignment_names_the_deadline_in_the_recipients_zone(house, sign_in):
    User.objects.filter(pk=house.ann.user_id).update(time_zone="Asia/Kolkata")
    at_alpha(house)
    InboxItem.objects.exclude(user=house.ann.user_id).update(mail_due_at=None)
    mail_notices()
    mail = OutgoingMail.objects.latest("pk")
    words = "Accept or decline it by Monday, 30 Nov 2026, 15:30 IST."
    assert words in mail.text
    assert words in mail.html
    assert f"Accept or decline it by {ENDS}" in text_of(sign_in(house.ann).get("/inbox/"))


def test_only_who_can_answer_is_asked_to(house, sign_in):
    """The sales desk is at the host, and so are the managers: they read when, not that they should answer."""
    lead = assign_lead(of_form(house), to=None, actor=house.olga)
    for who, is_asked in (("sam", True), ("rita", False), ("olga", False)):
        inbox = text_of(sign_in(getattr(house, who)).get("/inbox/"))
        assert lead.reference in inbox
        assert ("Accept or decline it by" in inbox) == is_asked, who


def test_without_a_clock_the_mail_names_none(cast):
    at_alpha(cast)
    InboxItem.objects.exclude(user=cast.ann.user_id).update(mail_due_at=None)
    mail_notices()
    mail = OutgoingMail.objects.latest("pk")
    assert "A lead for your company" in mail.subject
    assert "Accept or decline" not in mail.text


# --- Nobody left ------------------------------------------------------------------------------------------


def test_what_nobody_took_is_counted_and_can_be_assigned_where_managers_look(house, lead, sign_in):
    decline_lead(lead, reason="No time", actor=house.ann)
    client = sign_in(house.rita)
    home = client.get("/").content.decode()
    assert '<a href="/offers/#unclaimed"><b>1</b>' in home
    assert "1 lead was offered in vain" in text_of(client.get("/attention/"))
    for address in ("/attention/", "/offers/"):
        assert f'href="/leads/{lead.reference}/assign/"' in client.get(address).content.decode()
    assert "waiting: 1" in text_of(client.get("/inbox/count/"))
    for who in ("ann", "vera", "otto"):
        assert "offered in vain" not in text_of(sign_in(getattr(house, who)).get("/"))
    assign_lead(lead, to=house.beta, actor=house.rita)
    for address in ("/", "/attention/", "/offers/"):
        assert "offered in vain" not in text_of(client.get(address))
    assert "waiting: 1" not in text_of(client.get("/inbox/count/"))


def test_their_number_is_exact_where_the_page_shows_a_part(house, sign_in):
    for _lead in range(27):
        decline_lead(at_alpha(house), reason="", actor=house.ann)
    client = sign_in(house.olga)
    assert "27 leads were offered in vain" in text_of(client.get("/attention/"))
    assert client.get("/attention/").content.decode().count("/assign/") == 25
    assert '<a href="/offers/#unclaimed"><b>27</b>' in client.get("/").content.decode()
