"""The clocks that run over leads, as far as their reader is told of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from accounts.actors import Person
from accounts.rules.hours import working_time
from accounts.selectors.hours import hours_of
from leadportal.common import clock
from leads.enums import Relation
from leads.models import Offer
from leads.rules.offers import OfferState
from leads.selectors.detail import Sight


@dataclass(frozen=True)
class Deadline:
    """By when something must happen, and how many working hours of the recipient are left."""

    state: OfferState
    ends_at: datetime
    hours_left: int
    is_mine: bool


def running_offer(sight: Sight) -> Offer | None:
    """Return the offer whose clock runs over a lead, for its holder and its managers; None without one."""
    rows = Offer.objects.visible_to(sight.actor).running().filter(lead=sight.lead)
    found: Offer | None = rows.select_related("company").first()
    return found


def deadline_of(sight: Sight) -> Deadline | None:
    """Return the deadline of a lead for who is told of it; None without one. Two queries at most."""
    offer = running_offer(sight)
    if offer is None or offer.ends_at is None:
        return None
    hours = hours_of([offer.company])[offer.company_id]
    left = working_time(clock.now(), offer.ends_at, hours)
    return Deadline(
        OfferState(offer.state),
        offer.ends_at,
        left // timedelta(hours=1),
        Relation.HOLDER in sight.facts.relations,
    )


def row_deadline(actor: Person) -> Subquery:
    """Look up when the clock of a row's lead is over, for who is told of it."""
    offers = Offer.objects.visible_to(actor).running().filter(lead=OuterRef("lead_id"))
    return Subquery(offers.order_by().values("ends_at")[:1])


def answers_due(leads: Collection[int], actor: Person) -> dict[int, datetime]:
    """Return by when the actor's company has to accept or decline those of `leads` that wait for it: one query."""
    own = Offer.objects.made_to(actor).running().filter(lead__in=leads)
    waiting = own.filter(state=OfferState.WAITING).order_by()
    return {lead: at for lead, at in waiting.values_list("lead", "ends_at") if at}
