"""Scoring rules: the list, one set of them with its scores and versions (ux.md 2.5)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.models import ScoreSheet, SheetVersion
from leads.rules.permissions import edits_scoring, sees_scoring
from leads.rules.scoring.kinds import SheetState
from leads.rules.scoring.sheet import Group
from leads.selectors.detail import Sight
from leads.selectors.score_pages import (
    difference,
    find_sheet,
    links,
    may_edit,
    own_product,
    rule_lines,
    sheet_lines,
    versions_of,
    why,
)
from leads.services.scoring.links import address_for
from leads.services.scoring.sheets import begin_sheet, discard_draft, start_draft
from leads.views.pages import number_from


def score_context(sight: Sight) -> dict[str, Any]:
    """Return why a lead has its score, and the addresses that count for its prospect, for its page."""
    found = why(sight)
    can_send = found is not None and edits_scoring(sight.actor)
    own = links(sight.actor).filter(is_active=True) if can_send else []
    return {"why": found, "tracked": [(link, address_for(link, sight.lead)) for link in own]}


class ScoringView(PortalView):
    """The list of rules that one sees, and what one may begin rules for."""

    permission = staticmethod(sees_scoring)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the list."""
        context = {"lines": sheet_lines(request.actor), "can_edit": edits_scoring(request.actor)}
        return render(request, "leads/scoring.html", context)


class BeginView(PortalView):
    """Begin rules: for all leads of the host, or for a product of the own company."""

    permission = staticmethod(edits_scoring)

    def post(self, request: PortalRequest) -> HttpResponse:
        """Begin them, or go to those that are there."""
        chosen = request.POST.get("product", "")
        number = number_from(chosen)
        if chosen and number is None:
            raise NotFound
        product = own_product(request.actor, number) if number is not None else None
        sheet = begin_sheet(product=product, actor=request.actor)
        start_draft(sheet, actor=request.actor)
        return redirect_after(request, reverse("leads:score_draft", args=[sheet.pk]))


class OfSheet(PortalView):
    """A page about the rules that the address names; 404 for those of somebody else."""

    permission = staticmethod(sees_scoring)

    @cached_property
    def sheet(self) -> ScoreSheet:
        """The rules."""
        return find_sheet(self.request.actor, self.kwargs["pk"])

    @cached_property
    def versions(self) -> list[SheetVersion]:
        """The versions, the newest first."""
        return versions_of(self.sheet)

    @cached_property
    def live(self) -> SheetVersion | None:
        """The version that counts."""
        return self._in(SheetState.PUBLISHED)

    @cached_property
    def draft(self) -> SheetVersion:
        """The draft, for who may change it. Raises Forbidden, Conflict when there is none."""
        if not may_edit(self.sheet, self.request.actor):
            raise Forbidden(_("Your role can read this page, but not change it."))
        draft = self._in(SheetState.DRAFT)
        if draft is None:
            raise Conflict(_("These rules have no draft. Start one to change them."))
        return draft

    def _in(self, state: SheetState) -> SheetVersion | None:
        return next((one for one in self.versions if one.state == state), None)

    def url(self, name: str, *args: object) -> str:
        """Return the address of another page about these rules."""
        return reverse(f"leads:{name}", args=[self.sheet.pk, *args])


def rules_context(version: SheetVersion) -> dict[str, Any]:
    """Return the rules of a version in their groups."""
    content = version.content
    low, high = content.reach
    groups = [
        {
            "group": group,
            "lines": rule_lines(version, group),
            "bounds": content.bounds(group),
            "has_bounds": content.bounds(group).least is not None
            or content.bounds(group).most is not None,
        }
        for group in Group
    ]
    return {"version": version, "groups": groups, "low": low, "high": high}


class SheetView(OfSheet):
    """The live rules as sentences, how far new scores are, and the versions."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the page; asked for by itself, the part that says how far new scores are."""
        job = self.sheet.recalculation
        context = {
            "sheet": self.sheet,
            "live": self.live,
            "draft": self._in(SheetState.DRAFT),
            "versions": self.versions,
            "can_edit": may_edit(self.sheet, request.actor),
            "job": job,
            "is_busy": job is not None and job.state == "waiting",
        }
        if request.headers.get("HX-Target") == "recalculation":
            return render(request, "leads/_recalculation.html", context)
        if self.live:
            context |= rules_context(self.live)
        return render(request, "leads/score_sheet.html", context)


class StartDraftView(OfSheet):
    """Go on with the draft, or begin one: a copy of a version."""

    permission = staticmethod(edits_scoring)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Begin it."""
        number = number_from(request.POST.get("number"))
        start_draft(self.sheet, number=number, actor=request.actor)
        return redirect_after(request, self.url("score_draft"))


class DiscardDraftView(OfSheet, ConfirmPage):
    """Throw the draft away."""

    permission = staticmethod(edits_scoring)

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        _draft = self.draft
        return {
            "title": _("Discard this draft?"),
            "sentences": [_("The rules that are published stay as they are.")],
            "button": _("Discard draft"),
            "is_danger": True,
            "keep_url": self.url("score_draft"),
            "keep_label": _("Keep draft"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        discard_draft(self.sheet, actor=self.request.actor)
        messages.success(self.request, _("The draft is gone."))
        return redirect_after(self.request, self.url("score_sheet"))


class VersionView(OfSheet):
    """One version as sentences, and what is different from the one before."""

    def get(self, request: PortalRequest, pk: int, number: int) -> HttpResponse:
        """Show it."""
        rows = {one.number: one for one in self.versions}
        version = rows.get(number)
        if version is None or (
            version.state == SheetState.DRAFT and not may_edit(self.sheet, request.actor)
        ):
            raise NotFound
        earlier = [one for one in self.versions if one.number < number]
        context = {
            "sheet": self.sheet,
            "difference": difference(earlier[0] if earlier else None, version),
            "is_first": not earlier,
            "can_edit": may_edit(self.sheet, request.actor),
            "has_draft": self._in(SheetState.DRAFT) is not None,
            **rules_context(version),
        }
        return render(request, "leads/score_version.html", context)
