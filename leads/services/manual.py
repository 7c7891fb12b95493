"""Leads made by hand, once: *Add lead* and the vendors' wizard *Create lead*."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common.errors import Invalid
from leads.enums import SourceKind, SubmissionState
from leads.models import Lead, Submission
from leads.services.leads import create_lead
from templates_app.models import TemplateVersion


@transaction.atomic
def create_lead_once(
    contact: Mapping[str, str],
    *,
    key: str,
    actor: Person,
    version: TemplateVersion | None = None,
    **start: Any,
) -> Lead:
    """Create a lead by hand (see `create_lead`, whose arguments `start` are); the same form twice is one lead.

    `key` is the one-time key of the form page. It is stored with what was typed, so that a repeat, also at
    the same moment, answers with the lead of the first. Raises what `create_lead` raises, and Invalid when
    the same page comes again with other values (security.md R14).
    """
    typed = {
        "contact": dict(contact),
        "answers": dict(start.get("answers") or {}),
        "attributes": dict(start.get("attributes") or {}),
    }
    submission, is_new = Submission.objects.get_or_create(
        door=f"hand/{actor.user_id}/{version.pk if version else 'add'}",
        key=key,
        defaults={"source_kind": SourceKind.MANUAL, "version": version, "payload": typed},
    )
    if not is_new and submission.payload != typed:
        sentence = _(
            "You have saved this form already, with other values. Open the form again for another lead."
        )
        raise Invalid({"__all__": sentence})
    if submission.lead is None:
        submission.lead = create_lead(contact, actor=actor, version=version, **start)
        submission.host, submission.state = submission.lead.host, SubmissionState.MADE
        submission.save(update_fields=["lead", "host", "state"])
    return submission.lead
