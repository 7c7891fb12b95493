"""What waits at whom, and how long: for operator and channel (domain.md section 9).

Every number counts access rows of the reader's desk, so that the list behind it shows exactly these leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, QuerySet

from accounts.actors import Person
from leads.enums import AccessLevel, Progress, Status
from leads.models import Lead, LeadAccess, Offer
from leads.rules.offers import OfferState
from leads.rules.permissions import sees_offers
from leads.selectors.options import Option, Options
from leads.selectors.search import Rows

# Leads that nobody took: so many of them stand on the page, the oldest first.
SHOWN = 25
At = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """How many leads wait at one recipient, since when the first of them, and which deadline comes next."""

    recipient: Option
    count: int
    since: datetime
    deadline: datetime | None


@dataclass(frozen=True)
class Unclaimed:
    """A lead that nobody took: since when it lies with its host, and who had it last."""

    lead: Lead
    since: datetime
    last: str
    state: OfferState


def waiting_places(actor: Person) -> list[Place]:
    """Return where leads wait to be accepted, the longest wait first: three queries."""
    rows = _present(actor).filter(status=Status.ASSIGNED)
    return _places(actor, rows, OfferState.WAITING)


def working_places(actor: Person) -> list[Place]:
    """Return where accepted leads have got no further, the longest wait first: three queries."""
    rows = _present(actor).filter(status=Status.REFERRED, progress=Progress.NEW)
    return _places(actor, rows, OfferState.WORKING)


def unclaimed_offers(actor: Person) -> "QuerySet[Offer]":
    """Return the offers of leads that were given back and that nobody else could be asked for, longest wait first."""
    if not sees_offers(actor):
        return Offer.objects.none()
    rows = Offer.objects.filter(_seen(actor), lead__host=actor.company_id, is_unclaimed=True)
    return rows.order_by("lead__status_changed_at", "pk")


def unclaimed_leads(actor: Person) -> Sequence[Unclaimed]:
    """Return the first SHOWN of these leads: one query."""
    return [
        Unclaimed(
            offer.lead, offer.lead.status_changed_at, offer.company.name, OfferState(offer.state)
        )
        for offer in unclaimed_offers(actor).select_related("lead", "company")[:SHOWN]
    ]


def _present(actor: Person) -> Rows:
    return LeadAccess.objects.visible_to(actor).filter(level=AccessLevel.CURRENT).order_by()


def _seen(actor: Person) -> Exists:
    return Exists(_present(actor).filter(lead=OuterRef("lead")))


def _places(actor: Person, rows: Rows, state: OfferState) -> list[Place]:
    found = rows.values_list("holder_id", "holder_desk").annotate(
        Count("lead_id"), Min("status_changed_at")
    )
    numbers = list(found)
    if not numbers:
        return []
    options = _options(actor, {holder for holder, *_more in numbers})
    deadlines = _deadlines(actor, state)
    places = [
        Place(options[holder, desk], count, since, deadlines.get((holder, desk)))
        for holder, desk, count, since in numbers
        if (holder, desk) in options
    ]
    return sorted(places, key=lambda place: (place.since, place.recipient.label))


def _options(actor: Person, holders: set[int]) -> Mapping[At, Option]:
    """Return the recipients by company and desk, in the words of the list's filter."""
    named = Options(actor).named("recipient", holders)
    return {(one.pk, one.holder_desk.value): one for one in named if one.pk is not None}


def _deadlines(actor: Person, state: OfferState) -> dict[At, datetime]:
    rows = Offer.objects.filter(_seen(actor), state=state, ends_at__isnull=False).order_by()
    found = rows.values_list("company", "desk").annotate(Min("ends_at"))
    return {(company, desk): at for company, desk, at in found}
