"""Consent that is taken back, and what a prospect is told about its request (domain.md sections 3 and 10)."""

from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Actor, System
from accounts.services.outbox import store_mail
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leads.enums import EventKind
from leads.models import Lead, LeadKey, Submission
from leads.rules.intake import answer_by
from leads.rules.likeness import EMAIL, mailbox
from leads.rules.privacy import may_withdraw_consent
from leads.selectors.intake import AskedForm
from leads.services.history import record
from leads.services.privacy import locked_family
from leads.services.writing import held_leads, lock_rows, write_lead

# Anybody can type anybody's address into a form: so many acknowledgements go to one mailbox within this time.
MOST, WITHIN = 3, timedelta(days=1)


@transaction.atomic
def withdraw_consent(lead: Lead, *, actor: Actor) -> Lead:
    """Note that the prospect withdrew its consent, for this lead and everything that was merged into it.

    One line of history for each; done once. Raises NotFound, Forbidden, Conflict when none was ever given.
    """
    held = held_leads(lock_rows([lead.pk], actor=actor), actor=actor)
    if not held:
        raise NotFound
    if not may_withdraw_consent(held[0].facts, actor):
        raise Forbidden(_("Your role does not allow this for this lead."))
    if held[0].lead.consent_at is None:
        raise Conflict(_("No consent is stored with this lead."))
    fresh, *merged = locked_family(held[0].lead, actor=actor)
    for one in (fresh, *merged):
        if one.consent_at and not one.consent_withdrawn_at:
            record(one, EventKind.CONSENT_WITHDRAWN, actor=actor)
            write_lead(one, consent_withdrawn_at=clock.now())
    return fresh


def acknowledge(submission: Submission, lead: Lead, form: AskedForm) -> None:
    """Mail the prospect its receipt and what happens next, where the template says so.

    Called in the transaction that makes the lead of a new submission, so that it happens once. The mail repeats
    nothing that the visitor typed: who types somebody else's address cannot send them words of its own.
    """
    version = submission.version
    if version is None or not version.template.sends_acknowledgement:
        return
    if not lead.email or _has_had_enough(lead):
        return
    context = {
        "asked": form,
        "lead": lead,
        "next": version.template.acknowledgement,
        "answer_by": answer_by(timezone.localdate(submission.received_at)),
    }
    submission.acknowledgement = store_mail(
        to=lead.email,
        subject=render_to_string("email/acknowledgement.subject.txt", context).strip(),
        text=render_to_string("email/acknowledgement.txt", context),
        html=render_to_string("email/acknowledgement.html", context),
    )
    submission.save(update_fields=["acknowledgement"])
    record(lead, EventKind.ACKNOWLEDGED, actor=System(form.place), is_quiet=True)


def _has_had_enough(lead: Lead) -> bool:
    """Say whether the mailbox got its acknowledgements for today."""
    same = LeadKey.objects.filter(key=f"{EMAIL}:{mailbox(lead.email)}").values("lead")
    told = Submission.objects.filter(lead__in=same, received_at__gt=clock.now() - WITHIN)
    return told.filter(acknowledgement__isnull=False).count() >= MOST
