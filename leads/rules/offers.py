"""Offers: an assigned lead with a deadline, and the two clocks that run over it (domain.md section 9).

*Accept within* runs from the assignment to the acceptance, *progress within* from there until the seller has
reached something. Both count working hours of the recipient, and remind at half and four fifths of the time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import DeskKind
from accounts.rules.hours import Hours, end_of
from leads.enums import HolderDesk, Progress, Status
from leads.rules.access import Parties

REMINDERS = (0.5, 0.8)


class OfferState(models.TextChoices):
    """What became of an offer: an assigned lead with its two clocks (domain.md section 9)."""

    WAITING = "waiting", _("Waits to be accepted")
    WORKING = "working", _("Accepted, no progress yet")
    DONE = "done", _("Kept")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    ENDED = "ended", _("Overtaken")


OPEN_OFFERS = (OfferState.WAITING, OfferState.WORKING)


@dataclass(frozen=True, slots=True)
class Clock:
    """When one clock reminds, first and again, and when it is over."""

    half_at: datetime
    late_at: datetime
    ends_at: datetime


def clock_of(hours: int, start: datetime, working: Hours) -> Clock:
    """Return the clock of so many working hours that starts now."""
    whole = timedelta(hours=hours)
    half, late = (end_of(whole * part, start, working) for part in REMINDERS)
    return Clock(half, late, end_of(whole, start, working))


def is_offered(status: Status, parties: Parties) -> bool:
    """Say whether a lead waits for its holder to accept it: the sales desk, or a partner of the host.

    Vendors never accept, and nobody is offered what it made itself.
    """
    if status != Status.ASSIGNED or parties.is_merged_away:
        return False
    if parties.holder_desk == HolderDesk.SALES:
        kinds = DeskKind.SALES
    elif parties.holder_in_programme:
        kinds = DeskKind.COMPANY
    else:
        return False
    is_maker = parties.maker_id == parties.holder_id and bool(kinds & parties.maker_kinds)
    return not is_maker


def is_kept(
    state: OfferState, status: Status, progress: Progress, *, has_moved: bool
) -> OfferState:
    """Return what becomes of an open offer whose lead is written; `has_moved`: somebody else holds it now.

    Waiting until it is accepted, then working until the seller has reached something; what happened to the lead
    otherwise has overtaken it.
    """
    if has_moved:
        return OfferState.ENDED
    if state == OfferState.WAITING and status == Status.ASSIGNED:
        return OfferState.WAITING
    if status == Status.REFERRED and progress == Progress.NEW:
        return OfferState.WORKING
    if status in {Status.REFERRED, Status.CONVERTED}:
        return OfferState.DONE
    return OfferState.ENDED
