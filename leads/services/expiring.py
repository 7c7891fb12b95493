"""What clocks do: remind at half and four fifths of the time, and take a lead back when it is over.

The worker does it. Expiry is a decline by the system (domain.md section 9): the data are withdrawn and the next
candidate is asked; where nobody is left the lead needs attention.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from accounts.actors import SYSTEM
from leadportal.common import clock
from leads.enums import EventKind
from leads.models import Offer
from leads.rules.offers import OPEN_OFFERS, OfferState
from leads.services.history import record
from leads.services.lifecycle import expire_lead
from leads.services.writing import held_leads, lock_rows

logger = logging.getLogger(__name__)

# What could not be done is tried again later, and holds up no other clock.
AGAIN_AFTER = timedelta(hours=1)


def run_clocks(*, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Do what is due of all clocks, one lead after the other, until `should_stop`; return how many were looked at."""
    seen = 0
    while not should_stop():
        due = Offer.objects.filter(due_at__lte=clock.now()).order_by("due_at", "pk")
        found = due.values_list("pk", "lead").first()
        if found is None:
            break
        seen += 1
        try:
            look_at(*found)
        except Exception:
            logger.exception("The clock of offer %s could not be run", found[0])
            again = clock.now() + AGAIN_AFTER
            Offer.objects.filter(pk=found[0], due_at__lte=clock.now()).update(due_at=again)
    return seen


@transaction.atomic
def look_at(offer_id: int, lead_id: int) -> None:
    """Do what is due of one offer, under the lock of its lead: whoever accepts at the same moment wins or loses.

    A worker that was away reminds once, not of both, and of nothing that is over.
    """
    held = held_leads(lock_rows([lead_id], actor=SYSTEM), actor=SYSTEM)
    offer = Offer.objects.filter(pk=offer_id, due_at__lte=clock.now()).first()
    if offer is None:  # somebody else has looked meanwhile
        return
    if not held:  # part of another lead, until that is undone
        Offer.objects.filter(pk=offer.pk).update(due_at=clock.now() + AGAIN_AFTER)
        return
    if offer.state not in OPEN_OFFERS or offer.ends_at is None:
        Offer.objects.filter(pk=offer.pk).update(due_at=None)
        return
    if offer.ends_at <= clock.now():
        expire_lead(held[0].lead, clock_name=OfferState(offer.state), actor=SYSTEM)
        return
    data = {"clock": offer.state, "until": offer.ends_at.isoformat()}
    record(held[0].lead, EventKind.REMINDED, actor=SYSTEM, data=data, audience=offer.company_id)
    following = (one for one in (offer.late_at, offer.ends_at) if one and one > clock.now())
    Offer.objects.filter(pk=offer.pk).update(due_at=next(following))
