"""Before scoring rules are published: a test with one lead, the dry run with all of them (ux.md S5, S6)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.views.pages import FormPage
from leadportal.common.errors import Conflict, Invalid, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import redirect_after
from leads.forms.score_pages import TestForm
from leads.selectors.detail import find_lead
from leads.selectors.score_pages import Tested, difference, names_of, tested, tried
from leads.services.scoring.sheets import publish_draft
from leads.services.scoring.trial import BAND, fingerprint, start_trial
from leads.views.score_rules import OfDraft


class TestView(OfDraft, FormPage):
    """What the draft would give one lead, or one as it is typed, line by line; nothing is changed."""

    template_name = "leads/score_test.html"

    def build(self, data: Any = None) -> TestForm:
        """See FormPage."""
        return TestForm(data, sheet=self.draft.content)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"sheet": self.sheet}

    def submit(self, form: TestForm) -> HttpResponse:
        """Show the result: a read, so that there is nowhere to go."""
        if reference := form.cleaned_data["reference"]:
            found = self._with_lead(reference.upper())
        else:
            found = tried(self.draft.content, form.facts, form.deeds)
        context = {**self.context(), "form": form, "tested": found}
        return render(self.request, self.template_name, context)

    def _with_lead(self, reference: str) -> Tested:
        try:
            sight = find_lead(reference, self.request.actor)
        except NotFound:
            raise Invalid(
                {"reference": _("We cannot find that lead. Check the Lead ID.")}
            ) from None
        if sight.is_past:
            raise Invalid({"reference": _("Your company no longer holds that lead.")})
        self.draft.sheet = self.sheet
        return tested(self.draft, sight.lead)


class PublishView(OfDraft):
    """What publishing would change, and the button that does it."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the dry run, how far it is, or that there is none of this draft."""
        draft, job = self.draft, self.draft.trial_job
        trial = draft.trial
        is_busy = job is not None and job.state == "waiting"
        context = {
            "sheet": self.sheet,
            "draft": draft,
            "job": job,
            "is_busy": is_busy,
            "has_failed": job is not None and job.state == "failed",
            "is_tried": trial.get("of") == fingerprint(draft.content),
            "print": fingerprint(draft.content),
            **self._found(trial),
        }
        if request.headers.get("HX-Target") == "trial":
            return render(request, "leads/_score_trial.html", context)
        context |= {"difference": difference(self.live, draft), "is_first": self.live is None}
        return render(request, "leads/score_publish.html", context)

    def _found(self, trial: dict[str, Any]) -> dict[str, Any]:
        if not trial:
            return {"trial": None}
        names = names_of([pk for pk, *_scores in trial["examples"]], self.request.actor)
        most = max((max(now, then) for _band, now, then in trial["bands"]), default=1) or 1
        threshold = self.draft.threshold
        return {
            "trial": trial,
            "tried_at": parse_datetime(trial["at"]),
            "summary": _summary(trial, threshold),
            "bands": [
                {
                    "label": f"{band} – {band + BAND - 1}",
                    "now": now,
                    "then": then,
                    "now_width": f"{100 * now / most:.1f}%",
                    "then_width": f"{100 * then / most:.1f}%",
                    "is_threshold": threshold is not None and band <= threshold < band + BAND,
                }
                for band, now, then in trial["bands"]
            ],
            "examples": [
                {"lead": names[pk], "before": before, "after": after}
                for pk, before, after in trial["examples"]
                if pk in names
            ],
        }

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Start the dry run, or publish what was on the page."""
        draft = self.draft
        if request.POST.get("do") == "try":
            start_trial(self.sheet, actor=request.actor)
            return redirect_after(request, self.url("score_publish"))
        if request.POST.get("print") != fingerprint(draft.content):
            raise Conflict(
                _("Somebody changed the draft meanwhile. Look at it again, then publish it.")
            )
        published = publish_draft(self.sheet, seen=draft.content, actor=request.actor)
        words = _("Version %(number)s is published. New scores are worked out in the background.")
        messages.success(request, words % {"number": published.number})
        return redirect_after(request, self.url("score_sheet"))


def _summary(trial: dict[str, Any], threshold: int | None) -> str:
    """Return "412 of 2,160 open leads change, 37 cross 60, 12 fall below"."""
    leads = trial["leads"]
    words = ngettext(
        "%(changed)s of %(leads)s open lead changes",
        "%(changed)s of %(leads)s open leads change",
        leads,
    ) % {"changed": f"{trial['changed']:,}", "leads": f"{leads:,}"}
    if threshold is None:
        return words + "."
    return words + _(", %(crossing)s cross %(threshold)s, %(falling)s fall below.") % {
        "crossing": f"{trial['crossing']:,}",
        "threshold": threshold,
        "falling": f"{trial['falling']:,}",
    }
