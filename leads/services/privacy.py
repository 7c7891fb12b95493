"""What staff do with personal data: every look is written down, and erasing is for good (domain.md section 11)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from leadportal.common import clock
from leadportal.common.errors import Forbidden, NotFound
from leads.enums import AccessLevel, ErasureReason, EventKind
from leads.models import (
    ApiAnswer,
    ConversionRequest,
    Event,
    EventValue,
    Lead,
    LeadAccess,
    Note,
    PastView,
    Submission,
)
from leads.services.access import CONTACT
from leads.services.acts import cancel_requests
from leads.services.exports import withdraw_exports
from leads.services.history import record
from leads.services.writing import PARTS, write_lead

# One line of history for however many looks of one person within this time.
SEEN_AGAIN_AFTER = timedelta(hours=1)
# Country and size say nothing about a person, and reports count them.
_KEPT = ("country", "size")
_EMPTY: dict[str, Any] = {
    **{field: "" for field in CONTACT if field not in _KEPT},
    "answers": {},
    "attributes": {},
    "next_step": "",
    "next_step_on": None,
    "next_step_by": None,
    "closed_text": "",
    "associated_company": None,
    "associated_user": None,
}


@transaction.atomic
def anonymise_lead(lead: Lead, *, reason: ErasureReason, actor: Actor) -> Lead:
    """Remove everything about the prospect from a lead, wherever it is kept, and say so in its history.

    What stays counts and proves: status, products, history lines, the consent text. A pending conversion
    request is cancelled. The account of a customer that the lead was converted into is not touched: it is
    that person's own. Raises NotFound; Forbidden for anybody but staff and the system.
    """
    if isinstance(actor, Person) and not actor.is_staff_at_work:
        raise Forbidden(_("Only staff of the portal remove personal data."))
    fresh = _locked(lead, actor)
    cancel_requests(fresh, actor=actor)
    record(fresh, EventKind.ANONYMISED, actor=actor, data={"reason": reason.value})
    write_lead(fresh, **_EMPTY)
    _empty_past(fresh)
    Note.objects.filter(lead=fresh).update(body=_("Removed with the personal data of this lead."))
    EventValue.objects.filter(event__lead=fresh).delete()
    Submission.objects.filter(lead=fresh).update(payload={})
    ConversionRequest.objects.filter(lead=fresh).update(values={}, comment="")
    ApiAnswer.objects.filter(lead=fresh).update(body=None)
    withdraw_exports(fresh)
    return fresh


@transaction.atomic
def note_staff_view(lead: Lead, *, actor: Person) -> None:
    """Write into the history that a member of staff has seen the lead's contact data.

    Once per person, lead and hour. Raises NotFound.
    """
    fresh = _locked(lead, actor)
    seen = Event.objects.filter(
        lead=fresh,
        kind=EventKind.SEEN_BY_STAFF,
        actor_user=actor.user_id,
        at__gt=clock.now() - SEEN_AGAIN_AFTER,
    )
    if not seen.exists():
        record(fresh, EventKind.SEEN_BY_STAFF, actor=actor)


def _locked(lead: Lead, actor: Actor) -> Lead:
    scoped = Lead.objects.visible_to(actor).filter(pk=lead.pk)
    if not scoped.select_for_update(of=("self",)).exists():
        raise NotFound
    return scoped.select_related(*PARTS).get()


def _empty_past(lead: Lead) -> None:
    """Forget the contact that desks which lost the lead still see."""
    LeadAccess.objects.filter(lead=lead, level=AccessLevel.PAST).update(
        company="", first_name="", last_name=""
    )
    PastView.objects.filter(lead=lead).update(contact={})
