"""An offer walks three partners over a weekend and a holiday, with a moved clock (domain.md section 9).

Every moment is worked out by hand. At each stop the present partner finds the lead on every door,
and the others on none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from accounts.actors import Person
from accounts.models import Company, Holiday, OutgoingMail
from leadportal.common import clock
from leads.enums import EventKind, InboxKind, Status
from leads.models import Event, InboxItem, Lead, LeadAccess, Offer, PastView
from leads.rules.offers import OfferState
from leads.rules.routing.book import Book, Gives, Member, Rule
from leads.services.expiring import run_clocks
from leads.services.integrity import access_faults, history_faults
from leads.services.notices import mail_notices
from leads.services.routing.drafts import change_draft
from leads.services.routing.publishing import publish_rules
from tests.factories import fresh, make_company, make_key, make_person
from tests.leads.api.caller import Caller
from tests.leads.services.house import of_form
from tests.leads.sheets import content, csv_rows, xlsx_rows

MINUTE = timedelta(minutes=1)


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


# A Friday at two in the afternoon. Alpha's Monday is a holiday; everybody works from nine to five, Gamma in India.
FRIDAY = at(11, 27, 14)


@dataclass(frozen=True)
class Stop:
    """What the clock of one partner says: eight working hours, reminders after four and after six hours 24."""

    company: str
    half: datetime
    late: datetime
    end: datetime


STOPS = (
    # Three hours of Friday, nothing of the weekend and the holiday, five hours of Tuesday.
    Stop("Alpha", at(12, 1, 10), at(12, 1, 12, 24), at(12, 1, 14)),
    # Three hours of Tuesday, five of Wednesday.
    Stop("Beta", at(12, 2, 10), at(12, 2, 12, 24), at(12, 2, 14)),
    # Wednesday is over there; Thursday from nine to five is from half past three to half past eleven in UTC.
    Stop("Gamma", at(12, 3, 7, 30), at(12, 3, 9, 54), at(12, 3, 11, 30)),
)


@pytest.fixture
def walk(cast, settings):
    """The lead on its way, and at each partner somebody with a browser and a program."""
    settings.API_CALLS_PER_MINUTE = 100_000
    cast.marketplace.accept_hours = 8
    cast.marketplace.save()
    gamma = make_company("Gamma", is_reseller=True, host=cast.northgate, time_zone="Asia/Kolkata")
    Holiday.objects.create(company=cast.alpha, day=date(2026, 11, 30))
    gary = make_person(gamma, "reseller", email="gary@example.com")
    members = tuple(Member(company.pk) for company in (cast.alpha, cast.beta, gamma))
    book = Book().with_rule(Rule("r1", "Partners", (), Gives.ROUND_ROBIN, members))
    with clock.at(FRIDAY):
        people = dict(zip(("Alpha", "Beta", "Gamma"), (cast.ann, cast.ben, gary), strict=True))
        programs = {name: Caller(make_key(fresh(one), "reseller")) for name, one in people.items()}
        change_draft(lambda _old: book, actor=cast.olga)
        publish_rules(actor=cast.olga)
        lead = of_form(cast, company="Xylofon Works")
    return SimpleNamespace(lead=lead, people=people, programs=programs)


def shown(address: str) -> Callable:
    """A page that lists leads, with a link to this one."""

    def _sees(lead: Lead, client: Any, _api: Caller) -> bool:
        return f'href="/leads/{lead.reference}/' in client.get(address).content.decode()

    return _sees


def opened(address: str) -> Callable:
    """A page of the lead's own."""

    def _sees(lead: Lead, client: Any, _api: Caller) -> bool:
        answer = client.get(f"/leads/{lead.reference}/{address}")
        assert answer.status_code in {200, 404}
        return answer.status_code == 200

    return _sees


def in_file(lead: Lead, client: Any, _api: Caller) -> bool:
    return "Xylofon Works" in str(csv_rows(content(client.get("/leads/export.csv?columns=all"))))


def in_workbook(lead: Lead, client: Any, _api: Caller) -> bool:
    return "Xylofon Works" in str(xlsx_rows(content(client.get("/leads/export.xlsx?columns=all"))))


def by_program(address: str) -> Callable:
    """An answer of the API: its status alone where it is about the lead."""

    def _sees(lead: Lead, _client: Any, api: Caller) -> bool:
        answer = api.get(address.format(lead=lead.reference))
        assert answer.status_code in {200, 404}
        is_list = "{lead}" not in address
        return answer.status_code == 200 and (not is_list or lead.reference in str(answer.json()))

    return _sees


DOORS: dict[str, Callable] = {
    "page": opened(""),
    "history": opened("history/"),
    "dialog": opened("decline/"),
    "list": shown("/leads/?layout=list"),
    "cards": shown("/leads/?layout=cards"),
    "board": shown("/leads/?layout=board"),
    "search of the list": shown("/leads/?layout=list&q=xylofon"),
    "search by Lead ID": lambda lead, client, api: shown(f"/search/?q={lead.reference}")(
        lead, client, api
    ),
    "home": shown("/"),
    "inbox": shown("/inbox/"),
    "csv": in_file,
    "xlsx": in_workbook,
    "api lead": by_program("leads/{lead}/"),
    "api list": by_program("leads/"),
    "api search": by_program("leads/?q=xylofon"),
    "api history": by_program("leads/{lead}/history/"),
}


def doors_of(walk, name: str, sign_in) -> set[str]:
    """Return the doors on which somebody of a partner finds the lead now."""
    client = sign_in(fresh(walk.people[name]))
    api = walk.programs[name]
    return {door for door, sees in DOORS.items() if sees(walk.lead, client, api)}


def reminders(lead: Lead, person: Person) -> int:
    """Return how often somebody was reminded, by the inbox."""
    rows = InboxItem.objects.filter(lead=lead, kind=InboxKind.DEADLINE, user=person.user_id)
    return rows.count()


def run(moment: datetime) -> None:
    with clock.at(moment):
        run_clocks()


def test_an_offer_walks_three_partners_over_a_weekend_and_a_holiday(walk, sign_in):
    lead, start = walk.lead, FRIDAY
    for stop in STOPS:
        offer = Offer.objects.get(lead=lead, state=OfferState.WAITING)
        assert offer.company.name == stop.company
        assert (offer.offered_at, offer.half_at, offer.late_at, offer.ends_at) == (
            *(start, stop.half, stop.late, stop.end),
        )
        with clock.at(stop.half - MINUTE):
            for name in walk.people:
                expected = set(DOORS) if name == stop.company else set()
                assert doors_of(walk, name, sign_in) == expected, (stop.company, name)
        # To the minute: nothing before, once at each moment, and the lead stays until the last.
        person = walk.people[stop.company]
        for moment, told in ((stop.half, 1), (stop.late, 2)):
            run(moment - MINUTE)
            assert reminders(lead, person) == told - 1
            run(moment)
            assert reminders(lead, person) == told
        run(stop.end - MINUTE)
        assert Offer.objects.get(lead=lead, state=OfferState.WAITING) == offer
        run(stop.end)
        offer.refresh_from_db()
        assert (offer.state, offer.ended_at) == (OfferState.EXPIRED, stop.end)
        start = stop.end
    lead.refresh_from_db()
    assert (lead.status, lead.holder) == (Status.SUBMITTED, lead.host)
    assert Offer.objects.get(lead=lead, is_unclaimed=True).company.name == "Gamma"
    kinds = list(Event.objects.filter(lead=lead).values_list("kind", flat=True))
    assert (kinds.count(EventKind.REMINDED), kinds.count(EventKind.EXPIRED)) == (6, 3)
    with clock.at(start + MINUTE):
        for name in walk.people:
            assert doors_of(walk, name, sign_in) == set(), name
        mail_notices()
    for company in Company.objects.filter(name__in=walk.people):
        of_theirs = {"lead": lead, "desk__company": company}
        assert not LeadAccess.objects.filter(**of_theirs).exists()
        assert not PastView.objects.filter(**of_theirs).exists()
    # What was to be mailed to them is not: the lead is none of theirs any more. The manager hears of it.
    to = set(
        OutgoingMail.objects.filter(text__contains=lead.reference).values_list("to", flat=True)
    )
    assert "olga@example.com" in to
    assert to.isdisjoint({"ann@example.com", "ben@example.com", "gary@example.com"})
    assert [*access_faults(), *history_faults()] == []
