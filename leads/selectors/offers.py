"""The clock that runs over a lead, as far as its reader is told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.rules.hours import working_time
from accounts.selectors.hours import hours_of
from leadportal.common import clock
from leads.enums import Relation
from leads.models import OPEN_OFFERS, Offer
from leads.rules.offers import OfferState
from leads.selectors.detail import Sight

_TOLD = frozenset({Relation.HOLDER, Relation.OPERATOR, Relation.CHANNEL})


@dataclass(frozen=True)
class Deadline:
    """By when something must happen, and how many working hours of the recipient are left."""

    state: OfferState
    ends_at: datetime
    hours_left: int
    is_mine: bool


def deadline_of(sight: Sight) -> Deadline | None:
    """Return the deadline of a lead for its holder and its managers; None without one. Two queries at most."""
    if not _TOLD & sight.facts.relations:
        return None
    rows = Offer.objects.filter(lead=sight.lead, state__in=OPEN_OFFERS, ends_at__isnull=False)
    offer = rows.select_related("company").first()
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
