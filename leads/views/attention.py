"""*Needs attention*: what came in and is no lead yet, why, what was sent, Retry and Set aside."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after, wants_fragment
from leads.enums import SubmissionState
from leads.forms.attention import AttentionFilterForm, SetAsideForm
from leads.models import Submission
from leads.rules.permissions import sees_attention
from leads.selectors.attention import (
    COUNTED,
    ORDER,
    attention_count,
    attention_page,
    being_retried,
    kinds_of_reason,
    submission_for,
)
from leads.services.attention import Retried, retry_all, retry_submission, set_aside
from leads.views.offer_board import unclaimed_shown
from leads.views.paging import cursor_after

FILTERS = ("reason", "way", "state", "receipt")
# Longer than any form; a body may be larger, and nobody reads all of it.
SHOWN = 20_000


class AttentionView(PortalView):
    """What waits, the newest first, by kind of reason and way in. While things are tried again, it follows."""

    permission = staticmethod(sees_attention)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show a page; htmx asks for the list alone. A cursor that is none shows the first."""
        asked = any(request.GET.get(name) for name in FILTERS)
        form = AttentionFilterForm(request.GET if asked else None)
        cursor = cursor_after(request, ORDER, Submission)
        page = attention_page(request.actor, form.asked, cursor=cursor)
        context = {
            "form": form,
            "asked": form.asked,
            "page": page,
            "kinds": kinds_of_reason(request.actor),
            "count": attention_count(request.actor),
            "most": COUNTED,
            "busy": being_retried(request.actor),
            **unclaimed_shown(request.actor),
            "here": _address(form.query),
            "newest_url": _address(form.query) if cursor else "",
            "next_url": _address(form.query, after=page.next) if page.next else "",
        }
        is_part = wants_fragment(request)
        name = "leads/_attention.html" if is_part else "leads/attention.html"
        return render(request, name, context)


class RetryAllView(PortalView):
    """Try all of a kind again, by post alone: the filters of the page say which."""

    permission = staticmethod(sees_attention)
    http_method_names = ["post"]

    def post(self, request: PortalRequest) -> HttpResponse:
        """Try a few at once, leave many to the worker, and say which it was; nothing for filters that are none."""
        form = AttentionFilterForm(request.POST)
        if form.is_valid():
            _say(request, retry_all(form.asked, actor=request.actor))
        return redirect_after(request, reverse("leads:attention"))


class SubmissionView(PortalView):
    """One submission: why it waits, what was sent, and what can be done."""

    permission = staticmethod(sees_attention)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the page."""
        submission = submission_for(request.actor, pk)
        context: dict[str, Any] = {
            "submission": submission,
            "lines": [(name, _shown(value)) for name, value in submission.payload.items()],
            "text": submission.text[:SHOWN],
            "is_cut": len(submission.text) > SHOWN,
            "may_retry": submission.state in {SubmissionState.ATTENTION, SubmissionState.SET_ASIDE}
            and bool(submission.payload or submission.body),
            "may_set_aside": submission.state == SubmissionState.ATTENTION,
        }
        return render(request, "leads/submission.html", context)


class RetryView(PortalView):
    """Try one again, by post alone."""

    permission = staticmethod(sees_attention)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Go to the lead where there is one now; else back to the submission, with the reason."""
        submission = retry_submission(pk, actor=request.actor)
        if submission.lead:
            said = _("%(lead)s was made of it.") % {"lead": submission.lead.reference}
            messages.success(request, said)
            return redirect_after(request, reverse("leads:attention"))
        messages.warning(request, _("It still cannot become a lead."))
        return redirect_after(request, _submission_url(submission))


class SetAsideView(PortalView):
    """Take something off the list, with the reason."""

    permission = staticmethod(sees_attention)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Ask for the reason."""
        return self._show(SetAsideForm(), submission_for(request.actor, pk))

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Set it aside; 422 with the form without a reason."""
        submission = submission_for(request.actor, pk)
        form = SetAsideForm(request.POST)
        if not form.is_valid():
            return self._show(form, submission, status=422)
        set_aside(pk, because=form.cleaned_data["because"], actor=request.actor)
        messages.success(request, _("It was set aside. Retry brings it back for 30 days."))
        return redirect_after(request, reverse("leads:attention"))

    def _show(self, form: SetAsideForm, submission: Submission, status: int = 200) -> HttpResponse:
        context = {"form": form, "submission": submission}
        return render(self.request, "leads/submission_aside.html", context, status=status)


def _say(request: PortalRequest, retried: Retried) -> None:
    if retried.queued:
        text = ngettext(
            "%(n)s submission is being tried again. You can leave this page.",
            "%(n)s submissions are being tried again. You can leave this page.",
            retried.queued,
        )
        messages.success(request, text % {"n": f"{retried.queued:,}"})
        return
    made = ngettext("%(n)s lead was made.", "%(n)s leads were made.", retried.made)
    left = ngettext("%(n)s still waits.", "%(n)s still wait.", retried.waiting)
    say = messages.success if retried.made else messages.warning
    say(request, f"{made % {'n': retried.made}} {left % {'n': retried.waiting}}")


def _shown(value: Any) -> str:
    """Return a sent value as people read it; parts of parts as they were sent."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _address(query: str, **more: str) -> str:
    parts = "&".join(part for part in (query, urlencode(more)) if part)
    return f"{reverse('leads:attention')}{'?' if parts else ''}{parts}"


def _submission_url(submission: Submission) -> str:
    return reverse("leads:submission", args=[submission.pk])
