"""What staff do with personal data: every look is written down, and erasing is for good (domain.md section 11)."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from accounts.models import OutgoingMail
from accounts.services.outbox import forget_mail
from leadportal.common import clock
from leadportal.common.errors import Forbidden, NotFound
from leads.enums import AccessLevel, ErasureReason, EventKind, SubmissionState
from leads.models import (
    ApiAnswer,
    Behaviour,
    ConversionRequest,
    Event,
    EventValue,
    ExportRecord,
    Lead,
    LeadAccess,
    LeadMerge,
    Note,
    PastView,
    Submission,
)
from leads.rules.privacy import exports_persons
from leads.selectors.merged import family_of, there_now
from leads.services.acts import cancel_requests
from leads.services.attention import EMPTY
from leads.services.carried import CONTACT
from leads.services.exports import withdraw_exports
from leads.services.history import Line, record, record_all
from leads.services.imports.files import withdraw_imports
from leads.services.sellers import forget_prospect
from leads.services.traces import forget_words, traces_of
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

    That is the lead, what was merged into it, notes, history values, the raw submission, files, mails to the
    prospect, and searches for it that are kept. What stays counts and proves: status, products, history lines,
    the consent text. A pending conversion request is cancelled. The account of a customer that the lead was
    converted into is not touched: it is that person's own. Raises NotFound; Forbidden for anybody but staff and
    the system.
    """
    if isinstance(actor, Person) and not actor.is_staff_at_work:
        raise Forbidden(_("Only staff of the portal remove personal data."))
    fresh, *merged = locked_family(lead, actor=actor)
    for one in (fresh, *merged):
        _anonymise(one, reason, actor)
    LeadMerge.objects.filter(kept__in=[fresh, *merged]).update(before={})
    return fresh


def _anonymise(lead: Lead, reason: ErasureReason, actor: Actor) -> None:
    """Do it to one locked lead."""
    words, address = traces_of(lead), lead.email
    cancel_requests(lead, actor=actor)
    record(lead, EventKind.ANONYMISED, actor=actor, data={"reason": reason.value})
    write_lead(lead, **_EMPTY, anonymised_at=clock.now())
    _empty_past(lead)
    Behaviour.objects.filter(lead=lead).delete()
    Note.objects.filter(lead=lead).update(body=_("Removed with the personal data of this lead."))
    EventValue.objects.filter(event__lead=lead).delete()
    _forget_what_was_sent(lead, address)
    ConversionRequest.objects.filter(lead=lead).update(values={}, comment="")
    forget_prospect(lead)
    ApiAnswer.objects.filter(lead=lead).update(body=None)
    withdraw_exports(lead)
    # Files are kept for 7 days only: what a rule removes is older, and need not be looked for in them.
    withdraw_imports(lead, "" if reason == ErasureReason.RETENTION else address)
    forget_mail(address)
    forget_words(words)


@transaction.atomic
def note_staff_view(lead: Lead, *, actor: Person) -> None:
    """Write into the history that a member of staff has seen the lead's contact data.

    Once per person, lead and hour; for a lead that is part of another one into that one's. Raises NotFound.
    """
    fresh = _locked(there_now(lead), actor)
    seen = Event.objects.filter(
        lead=fresh,
        kind=EventKind.SEEN_BY_STAFF,
        actor_user=actor.user_id,
        at__gt=clock.now() - SEEN_AGAIN_AFTER,
    )
    if not seen.exists():
        record(fresh, EventKind.SEEN_BY_STAFF, actor=actor)


@transaction.atomic
def record_person_export(leads: Sequence[Lead], *, actor: Person) -> None:
    """Write into the history of each lead, and among the exports, that `actor` took everything about a person.

    Raises Forbidden for anybody but a marketplace manager.
    """
    if not exports_persons(actor):
        raise Forbidden
    keys = sorted(lead.pk for lead in leads)
    rows = Lead.objects.filter(pk__in=keys, host=actor.company_id).order_by("pk")
    held = list(rows.select_related(*PARTS).select_for_update(of=("self",)))
    record_all([(lead, Line(EventKind.PERSON_EXPORTED)) for lead in held], actor=actor)
    ExportRecord.objects.create(
        user_id=actor.user_id, company_id=actor.company_id, query="/privacy/", rows=len(held)
    )


def locked_family(lead: Lead, *, actor: Actor) -> list[Lead]:
    """Lock a lead that `actor` sees and everything that was merged into it, in ascending order; that lead is first.

    Raises NotFound.
    """
    rows = Lead.objects.filter(pk__in=family_of(lead)).order_by("pk")
    family = list(rows.select_related(*PARTS).select_for_update(of=("self",)))
    if not Lead.objects.visible_to(actor).filter(pk=lead.pk).exists():
        raise NotFound
    return sorted(family, key=lambda one: one.pk != lead.pk)


def _locked(lead: Lead, actor: Actor) -> Lead:
    scoped = Lead.objects.visible_to(actor).filter(pk=lead.pk)
    if not scoped.select_for_update(of=("self",)).exists():
        raise NotFound
    return scoped.select_related(*PARTS).get()


def _forget_what_was_sent(lead: Lead, email: str) -> None:
    """Empty the raw row of a lead, and those of the same person at its host that never became one.

    The mail that acknowledged it goes as well, whether it has been sent or not.
    """
    sent = Submission.objects.filter(lead=lead)
    OutgoingMail.objects.filter(pk__in=sent.values("acknowledgement")).delete()
    sent.update(**EMPTY)
    if not email:
        return
    others = Submission.objects.filter(host=lead.host_id).exclude(state=SubmissionState.MADE)
    named = [one.pk for one in others.iterator(chunk_size=200) if _names(one, email.casefold())]
    Submission.objects.filter(pk__in=named).update(
        **EMPTY,
        state=SubmissionState.SET_ASIDE,
        set_aside_at=clock.now(),
        set_aside_because=_("Removed with the personal data of a lead."),
    )


def _names(submission: Submission, email: str) -> bool:
    """Say whether an address stands in what was sent: as it is, or as forms write it."""
    sent = f"{submission.text} {json.dumps(submission.payload, ensure_ascii=False)}".casefold()
    return email in sent or quote(email) in sent


def _empty_past(lead: Lead) -> None:
    """Forget the contact that desks which lost the lead still see."""
    LeadAccess.objects.filter(lead=lead, level=AccessLevel.PAST).update(
        company="", first_name="", last_name=""
    )
    PastView.objects.filter(lead=lead).update(contact={})
