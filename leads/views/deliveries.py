"""What came through a source or a mailbox: one delivery as it came, doing it again, and which key fills what."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common.http import PortalRequest
from leadportal.common.views import redirect_after
from leads.enums import SubmissionState
from leads.forms.sources import MappingForm, field_name
from leads.models import Submission
from leads.selectors.deliveries import delivery, keys_of, samples, sent_of
from leads.selectors.detail import sees_still
from leads.selectors.sources import attributes_of, questions_of
from leads.services.attention import retry_submission
from leads.services.sources import map_source
from leads.views.pages import lead_url, number_from
from leads.views.sources import MailboxPage, SourcePage

# Nobody reads more of it.
SHOWN = 20_000


class DeliveryView(SourcePage):
    """One delivery: what became of it, how it reads, and as it came."""

    def get(self, request: PortalRequest, pk: int, number: int) -> HttpResponse:
        """Show it."""
        row = delivery(self.source, request.actor, number)
        sent = sent_of(row, self.source)
        context = {
            "source": self.source,
            "names": self.names,
            "delivery": row,
            "sent": sent,
            "raw": _raw(row),
            "lead_url": _lead_url(row, request),
            "can_be_done_again": row.state != SubmissionState.MADE,
        }
        return render(request, "leads/source_delivery.html", context)


class ReplayView(SourcePage):
    """Try a delivery once more, by post alone."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int, number: int) -> HttpResponse:
        """Say what became of it this time."""
        asked = delivery(self.source, request.actor, number)
        row = retry_submission(asked.pk, actor=request.actor)
        if row.lead:
            said = _("The delivery is lead %(reference)s now.")
            if self.source.is_mailbox:
                said = _("The mail is lead %(reference)s now.")
            messages.success(request, said % {"reference": row.lead.reference})
        elif row.state == SubmissionState.ATTENTION:
            messages.warning(request, _("It is still no lead: %(why)s") % {"why": row.sentence})
        else:
            messages.success(request, _("It is being made into a lead."))
        return redirect_after(request, reverse(self.names.delivery, args=[pk, row.pk]))


class MappingView(SourcePage, FormPage):
    """Which key of the sender fills what, with a delivery beside it: click a key, choose a field."""

    template_name = "leads/source_mapping.html"

    @cached_property
    def sampled(self) -> Any:
        """The newest deliveries, with how they read."""
        return samples(self.source, self.request.actor)

    @cached_property
    def keys(self) -> Any:
        """Each key with some of its values."""
        return keys_of(self.source, self.sampled)

    def build(self, data: Any = None) -> MappingForm:
        """See FormPage."""
        return MappingForm(
            data,
            entries=[entry for entry, _values in self.keys],
            stored=self.source.mapping,
            specs=questions_of(self.source),
            attributes=attributes_of(self.source, self.request.actor),
        )

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        asked = number_from(self.request.GET.get("delivery"))
        chosen = next((pair for pair in self.sampled if pair[0].pk == asked), None)
        chosen = chosen or next(iter(self.sampled), None)
        entries = chosen[1].entries if chosen else ()
        return {
            "source": self.source,
            "names": self.names,
            "sampled": [row for row, _sent in self.sampled],
            "chosen": chosen[0] if chosen else None,
            "sample": [(entry, f"id_{field_name(entry.key)}") for entry in entries],
        }

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        """See FormPage: each key stands beside its control."""
        mapped = [(entry, values, form[field_name(entry.key)]) for entry, values in self.keys]
        context = {**self.context(), "form": form, "mapped": mapped}
        return render(self.request, self.template_name, context, status=status)

    def submit(self, form: MappingForm) -> HttpResponse:
        """See FormPage."""
        map_source(self.source, form.mapping, actor=self.request.actor)
        messages.success(
            self.request,
            _("The mapping is saved. It holds for new deliveries, and for those that you replay."),
        )
        return redirect_after(self.request, self.home)


class MailView(MailboxPage, DeliveryView):
    """One mail."""


class MailReplayView(MailboxPage, ReplayView):
    """Try a mail once more."""


class MailMappingView(MailboxPage, MappingView):
    """Which line of a mail fills what."""


def _raw(row: Submission) -> str:
    """Return a delivery as it came, without the visitor's machine; the letters of a mail, or of what cannot be read."""
    if row.payload and not row.body:
        return json.dumps(row.payload, indent=2, ensure_ascii=False)
    return row.text[:SHOWN]


def _lead_url(row: Submission, request: PortalRequest) -> str:
    """Return the address of the lead, for those who see it."""
    return lead_url(row.lead) if row.lead and sees_still(row.lead, request.actor) else ""
