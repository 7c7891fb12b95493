"""Whom a lead is about, before it is accepted: the same fields are masked on every door (domain.md section 9).

A door is a function that does what somebody of the recipient would do, and returns what that person reads. Those that
show a lead must not name the prospect; those that find leads must not find it by what is masked. The control opens
the recipient's access row and nothing else: then every door must be red.
"""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from accounts.models import Desk, OutgoingMail
from leadportal.common.text import fold
from leads.enums import Audience, InboxKind, NoteKind, Progress, Status
from leads.models import Deal, InboxItem, Lead, LeadAccess, OutgoingCall, PastView
from leads.rules.masking import MASKED
from leads.services.bulk import run_bulk
from leads.services.carried import CONTACT
from leads.services.desks import show_leads_to
from leads.services.integrity import access_faults
from leads.services.leads import create_from_listing, create_lead, edit_lead
from leads.services.lifecycle import accept_lead, assign_lead, disqualify_lead
from leads.services.marks import ProgressMark
from leads.services.notes import add_note
from leads.services.notices import mail_notices
from templates_app.models import LeadTemplate
from tests.factories import fresh, make_deal, make_key, make_quote, make_target
from tests.leads.api.caller import Caller
from tests.leads.files import check, send
from tests.leads.services.house import reason
from tests.leads.sheets import content, csv_rows, xlsx_rows

ANA = {
    "first_name": "Quintessa",
    "last_name": "Zarkovich",
    "email": "quintessa@xylofon.example",
    "phone": "+351 912 345 678",
    "job_title": "Wizardmaster",
    "company": "Xylofon Works",
    "website": "https://xylofon.example",
    "street": "Vexillology Lane 7",
    "postcode": "QX99ZZ",
    "city": "Porto",
    "country": "PT",
    "size": "50 to 249",
    "industry": "Mining",
}
ANSWERS = {
    **{name: ANA[name] for name in ("first_name", "last_name", "email", "company")},
    "budget": 4711,
}
# What names her, folded and without spaces.
CANARIES = (
    "quintessa",
    "zarkovich",
    "xylofon",
    "912345678",
    "wizardmaster",
    "vexillology",
    "qx99zz",
)


def named(text: str) -> list[str]:
    """Return what a text says of her."""
    plain = re.sub(r"[\s ]", "", fold(text))
    return [word for word in CANARIES if word in plain]


def correct(lead, actor, **details) -> None:
    """Change details of a lead that was looked at just now."""
    lead.refresh_from_db()
    edit_lead(lead, details=details, attributes={}, version=lead.version, actor=actor)


@pytest.fixture
def house(cast, client, sign_in, settings):
    """A lead that is offered to Alpha with its contact masked, its history, and a lead of Alpha's own."""
    settings.API_CALLS_PER_MINUTE = 100_000
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    LeadTemplate.objects.filter(versions=cast.listing.version).update(masks_contact=True)
    cast.marketplace.accept_hours = 8
    cast.marketplace.save()
    hook = make_target(fresh(cast.ann), InboxKind.GIVEN, InboxKind.DEADLINE)
    lead = create_from_listing(cast.listing, {**ANA, "last_name": "Before"}, ANSWERS)
    correct(lead, cast.olga, last_name="Zarkovich")
    assign_lead(lead, to=cast.alpha, actor=cast.rita)
    add_note(
        lead, body="Wants it soon", kind=NoteKind.CALL, audience=Audience.EVERYBODY, actor=cast.rita
    )
    lead.refresh_from_db()
    key = make_key(fresh(cast.ann), "reseller")
    return SimpleNamespace(
        cast=cast, lead=lead, client=sign_in(fresh(cast.ann)), api=Caller(key), hook=hook
    )


def page(address: str) -> Callable:
    """A page of the portal, or a fragment of one."""

    def _read(house) -> str:
        named_address = address.format(lead=house.lead.reference, alpha=house.cast.alpha.pk)
        return house.client.get(named_address).content.decode()

    return _read


def program(address: str) -> Callable:
    """An answer of the API."""
    return lambda house: str(house.api.get(address.format(lead=house.lead.reference)).json())


def csv_file(query: str) -> Callable:
    return lambda house: str(csv_rows(content(house.client.get(f"/leads/export.csv{query}"))))


def workbook(house) -> str:
    return str(xlsx_rows(content(house.client.get("/leads/export.xlsx?columns=all"))))


def result_of_a_bulk_action(house) -> str:
    act = ProgressMark(Progress.CONTACTED)
    run = run_bulk([house.lead.pk], act=act, key="once", actor=fresh(house.cast.ann))
    return house.client.get(f"/leads/bulk/runs/{run.pk}/").content.decode()


def history_file(house) -> str:
    return content(house.client.get(f"/leads/{house.lead.reference}/history.csv")).decode()


def mails(house) -> str:
    """What Ann is mailed: of the assignment, and of the deadline that comes closer."""
    InboxItem.objects.exclude(user=house.cast.ann.user_id).update(mail_due_at=None)
    mail_notices()
    sent = OutgoingMail.objects.filter(subject__contains=house.lead.reference)
    return "\n".join(f"{one.subject}\n{one.text}{one.html}" for one in sent)


def calls(house) -> str:
    """What a webhook is told. It names nobody ever, so it is no door that can be opened."""
    bodies = OutgoingCall.objects.filter(target=house.hook).values_list("body", flat=True)
    assert bodies
    return "\n".join(bodies)


EVERY_COLUMN = "column=company&column=user&column=reference&column=country&column=note"
SHOWS: dict[str, Callable] = {
    "page": page("/leads/{lead}/"),
    "history": page("/leads/{lead}/history/"),
    "history file": history_file,
    "dialog of a move": page("/leads/{lead}/decline/"),
    "list": page(f"/leads/?{EVERY_COLUMN}"),
    "cards": page("/leads/?layout=cards"),
    "board": page("/leads/?layout=board"),
    "home": page("/"),
    "search of everything": page("/search/?q={lead}"),
    "company": page("/companies/{alpha}/"),
    "inbox": page("/inbox/"),
    "result of a bulk action": result_of_a_bulk_action,
    "csv": csv_file("?columns=all"),
    "csv of the columns": csv_file(f"?{EVERY_COLUMN}"),
    "xlsx": workbook,
    "api lead": program("leads/{lead}/"),
    "api list": program("leads/"),
    "api history": program("leads/{lead}/history/"),
    "mail": mails,
}


def listed(query: str) -> Callable:
    """The list, asked with what is masked: by the page, the file and the API."""

    def _read(house) -> str:
        answers = [
            house.client.get(f"/leads/?{query}").content.decode(),
            rows_of_file(house, query),
            str(house.api.get(f"leads/?{query}").json()),
        ]
        assert len({house.lead.reference in one for one in answers}) == 1, "doors disagree"
        return answers[0]

    return _read


def rows_of_file(house, query: str) -> str:
    return str(csv_rows(content(house.client.get(f"/leads/export.csv?{query}&columns=all"))))


def twin(house, **contact) -> Lead:
    """A lead of Alpha's own."""
    return create_lead({**ANA, **contact}, actor=fresh(house.cast.ann))


def duplicates(house) -> str:
    """What the page of a lead of Alpha's own says of others that look like it."""
    return house.client.get(f"/leads/{twin(house).reference}/").content.decode()


def sorted_first(house) -> str:
    """The lead that comes last by the alphabet."""
    twin(house, company="Aardvark")
    rows = csv_rows(content(house.client.get("/leads/export.csv?sort=-company&columns=all")))
    return str(rows[1])


def file_of_leads(house) -> str:
    """What the check of a file says about its rows: whom they repeat."""
    source = check(send(f"Email\n{ANA['email']}\n", fresh(house.cast.ann)), fresh(house.cast.ann))
    return house.client.get(f"/imports/{source.pk}/check/").content.decode()


FINDS: dict[str, Callable] = {
    "search by name": listed("q=zarkovich"),
    "search by company": listed("q=xylofon"),
    "search by email": listed("q=quintessa@xylofon.example"),
    "filter by an answer": listed("question=last_name&answer=Zarkovich"),
    "sort": sorted_first,
    "duplicates": duplicates,
    "import": file_of_leads,
}


def open_the_row(house) -> None:
    """What the guard is there against: the access row of the recipient says everything."""
    names = {"company": "xylofon works", "first_name": "quintessa", "last_name": "zarkovich"}
    rows = LeadAccess.objects.filter(lead=house.lead, desk__company=house.cast.alpha)
    assert rows.update(is_masked=False, **names)


@pytest.mark.parametrize("door", SHOWS)
def test_no_door_names_the_prospect_before_acceptance(house, door):
    text = SHOWS[door](house)
    assert text
    assert named(text) == []


@pytest.mark.parametrize("door", SHOWS)
def test_control_with_the_row_open_every_door_names_the_prospect(house, door):
    open_the_row(house)
    assert named(SHOWS[door](house)), f"{door} cannot be seen to leak"


@pytest.mark.parametrize("door", FINDS)
def test_no_door_finds_the_lead_by_what_is_masked(house, door):
    assert house.lead.reference not in FINDS[door](house)


@pytest.mark.parametrize("door", FINDS)
def test_control_with_the_row_open_every_door_finds_it(house, door):
    open_the_row(house)
    assert house.lead.reference in FINDS[door](house)


def test_webhooks_never_name_anybody(house):
    assert house.lead.reference in calls(house)
    assert named(calls(house)) == []


# --- What stays, and for whom ---------------------------------------------------------------------------


def test_what_a_partner_decides_by_stays(house):
    text = house.client.get(f"/leads/{house.lead.reference}/").content.decode()
    for said in (
        "Porto",
        "Portugal",
        "Mining",
        "50 to 249",
        "4,711",
        "Wants it soon",
        "Acme Backup",
    ):
        assert said in text, said
    found = house.api.get(f"leads/{house.lead.reference}/").json()
    assert found["is_masked"]
    assert [one["key"] for one in found["answers"]] == ["budget"]  # of the others nothing is said
    assert "Shown after you accept" in text
    assert "typed freely are shown after you accept" in text
    assert (
        "empty field" not in text.partition('id="opportunity-head"')[2].partition("</section>")[0]
    )
    for query in (
        "q=acme",
        f"q={house.lead.reference}",
        "question=budget&answer=4711",
        "status=assigned",
    ):
        assert house.lead.reference in house.client.get(f"/leads/?{query}").content.decode(), query


def test_acceptance_shows_everything_to_the_recipient(house):
    accept_lead(house.lead, actor=fresh(house.cast.ann))
    text = house.client.get(f"/leads/{house.lead.reference}/").content.decode()
    assert named(text) == list(CANARIES)
    assert house.lead.reference in house.client.get("/leads/?q=zarkovich").content.decode()
    assert list(access_faults()) == []


@pytest.mark.parametrize("who", ["olga", "rita", "vera"])
def test_others_who_see_the_lead_read_all_of_it(house, sign_in, who):
    text = sign_in(getattr(house.cast, who)).get(f"/leads/{house.lead.reference}/").content.decode()
    assert named(text) == list(CANARIES)


def test_rows_are_as_the_rules_say_and_a_correction_opens_nothing(house):
    assert list(access_faults()) == []
    correct(house.lead, house.cast.olga, company="Xylofon Group")
    assert list(access_faults()) == []
    row = LeadAccess.objects.get(lead=house.lead, desk=fresh(house.cast.ann).desk_id)
    assert (row.company, row.first_name, row.last_name) == ("", "", "")


@pytest.mark.parametrize("action", ["convert", "disqualify", "edit", "associate"])
def test_moves_that_need_the_prospect_wait_for_acceptance(house, action):
    house.cast.alpha.can_create_customers = "free"
    house.cast.alpha.save()
    address = f"/leads/{house.lead.reference}/{action}/"
    for answer in (house.client.get(address), house.client.post(address)):
        assert answer.status_code == 409
        assert "Accept this lead first" in answer.content.decode()
    accept_lead(house.lead, actor=fresh(house.cast.ann))
    assert house.client.get(address).status_code == 200


def test_who_loses_it_before_acceptance_remembers_nobody(house):
    assign_lead(house.lead, to=house.cast.beta, actor=house.cast.rita)
    view = PastView.objects.get(lead=house.lead, desk=fresh(house.cast.ann).desk_id)
    assert not set(MASKED) & view.contact.keys()
    assert set(view.contact) == set(CONTACT) - set(MASKED)
    for door in ("page", "history", "list", "cards", "csv", "xlsx", "api lead", "api list"):
        assert named(SHOWS[door](house)) == [], door
    for door in ("search by name", "search by email", "filter by an answer"):
        assert house.lead.reference not in FINDS[door](house), door
    assert list(access_faults()) == []


def test_a_lead_that_is_closed_unaccepted_stays_masked(house):
    disqualify_lead(house.lead, reason=reason(house.cast), actor=house.cast.rita)
    assert named(SHOWS["page"](house)) == []
    house.lead.refresh_from_db()
    assert (house.lead.status, house.lead.is_masked) == (Status.DISQUALIFIED, True)


def test_a_colleague_who_comes_later_learns_no_more(house):
    """A desk that is opened after the assignment gets its rows masked as well."""
    desk = Desk.objects.get(pk=fresh(house.cast.ann).desk_id)
    LeadAccess.objects.filter(desk=desk).delete()
    show_leads_to(desk)
    assert list(access_faults()) == []
    assert named(SHOWS["list"](house)) == []


def test_without_the_template_saying_so_nothing_is_masked(house, sign_in):
    LeadTemplate.objects.update(masks_contact=False)
    lead = create_from_listing(house.cast.listing, ANA, ANSWERS)
    assign_lead(lead, to=house.cast.alpha, actor=house.cast.rita)
    assert named(house.client.get(f"/leads/{lead.reference}/").content.decode()) == list(CANARIES)


def test_vendor_sets_it_on_the_template(cast, sign_in):
    template = LeadTemplate.objects.get(versions=cast.listing.version)
    given = {"name": template.name, "product": cast.product.pk, "masks_contact": "on"}
    answer = sign_in(cast.vera).post(f"/templates/{template.pk}/edit/", given, follow=True)
    assert "Masked until a partner accepts the lead" in answer.content.decode()
    template.refresh_from_db()
    assert template.masks_contact


# --- Deals and quotes ------------------------------------------------------------------------------------


def sold_to_her(house) -> None:
    """Let Beta begin a deal with her and write a quote, before the lead is taken from it and offered to Alpha."""
    lead = create_from_listing(house.cast.listing, ANA, ANSWERS)
    assign_lead(lead, to=house.cast.beta, actor=house.cast.rita)
    ben = fresh(house.cast.ben)
    accept_lead(lead, actor=ben)
    deal = make_deal(lead, actor=ben, subject=f"Backup for {ANA['company']}")
    make_quote(deal, house.cast.product, actor=ben, subject=deal.subject)
    lead.refresh_from_db()
    assign_lead(lead, to=house.cast.alpha, actor=house.cast.olga)


SALES: dict[str, Callable] = {
    "deals": page("/deals/"),
    "board of deals": page("/deals/?layout=board"),
    "file of deals": lambda house: content(house.client.get("/deals/export.csv")).decode(),
    "quotes": page("/quotes/"),
    "file of quotes": lambda house: content(house.client.get("/quotes/export.csv")).decode(),
}


@pytest.mark.parametrize("door", SALES)
def test_what_was_sold_is_shown_once_the_lead_is_accepted(house, door):
    """The control is the acceptance: it names her on the same door."""
    sold_to_her(house)
    assert named(SALES[door](house)) == []
    accept_lead(Deal.objects.get().lead, actor=fresh(house.cast.ann))
    assert "xylofon" in named(SALES[door](house))
