"""Bulk actions: the page that asks, the page that says what became of each lead, and Undo (ux.md L31, L32)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadportal.common import clock
from leadportal.common.errors import NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.enums import BulkState
from leads.filters.selection import Selection
from leads.models import BulkRun
from leads.rules.bulk import MOST
from leads.rules.permissions import sees_leads
from leads.rules.undo import BULK_UNDO_WITHIN
from leads.rules.workflow import Action
from leads.selectors.bulk import Preview, outcome_counts, preview, results
from leads.services.bulk import run_bulk, undo_bulk
from leads.views.deeds import DEEDS, Deed, deeds_of, in_number, skipped_words
from leads.views.pages import number_from
from leads.views.trail import way_to


class BulkView(PortalView):
    """One action for the leads that the address selects: ticked ones, or all that match.

    What matches is found out anew by the post. Nothing is done when it is not as many as the page said.
    """

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest, action: str) -> HttpResponse:
        """Say what would happen, and ask for the rest."""
        deed, selection = self._asked(action)
        if problem := selection.problem or _too_many(selection):
            return self.turn_back(selection, problem, status=422)
        found = preview(selection.leads.all_rows(), deed.action, request.actor)
        return self.show(deed, selection, found, deed.form(preview=found, actor=request.actor))

    def post(self, request: PortalRequest, action: str) -> HttpResponse:
        """Do it once, and go to the page that says what became of each lead."""
        deed, selection = self._asked(action)
        actor = request.actor
        if problem := selection.problem or _too_many(selection):
            return self.turn_back(selection, problem, status=422)
        found = preview(selection.leads.all_rows(), deed.action, actor)
        form: Any = deed.form(request.POST, preview=found, actor=actor)
        is_valid = form.is_valid()
        if known := BulkRun.objects.visible_to(actor).filter(key=form.once).first():
            return redirect("leads:bulk_run", known.pk)
        shown = number_from(str(form["count"].value() or ""))
        if shown is not None and shown != found.total:
            return self.turn_back(selection, _moved(found.total, shown), status=409)
        if not is_valid or not found.allowed:
            return self.show(deed, selection, found, form, status=422 if found.allowed else 409)
        run = run_bulk(
            list(selection.leads.all_rows().values_list("lead_id", flat=True)),
            act=deed.act(form),
            key=form.once,
            actor=actor,
            choice=form.words[:300],
            query=selection.list_url,
            missing=_missing(selection, found),
        )
        return redirect("leads:bulk_run", run.pk)

    def show(
        self, deed: Deed, selection: Selection, found: Preview, form: Any, *, status: int = 200
    ) -> HttpResponse:
        """Render the page that asks."""
        context = {
            "action_url": self.request.get_full_path(),
            "button": in_number(deed.button, found.allowed),
            "deed": deed,
            "form": form,
            "found": found,
            "list_url": selection.list_url,
            "selection": selection,
            "skipped": skipped_words(deed, found, _missing(selection, found)),
            "title": in_number(deed.title, found.allowed),
        }
        return render(self.request, "leads/bulk.html", context, status=status)

    def turn_back(self, selection: Selection, sentence: str, *, status: int) -> HttpResponse:
        """Say why nothing was done, with the way to the list."""
        context = {"sentence": sentence, "list_url": selection.list_url}
        return render(self.request, "leads/bulk_refused.html", context, status=status)

    def _asked(self, word: str) -> tuple[Deed, Selection]:
        deed = next((deed for deed in deeds_of(self.request.actor) if deed.action == word), None)
        if deed is None:
            raise Http404
        return deed, Selection(self.request.GET, self.request.actor)


class BulkRunView(PortalView):
    """What became of each lead of an own run."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show a page of the outcomes, of one kind if the address asks for it."""
        run = _find_run(request, pk)
        counts = outcome_counts(run)
        state = next((one for one in BulkState if one == request.GET.get("state")), None)
        after = number_from(request.GET.get("after")) or 0
        lines, next_place = results(run, request.actor, state=state, after=after)
        deed = DEEDS[Action(run.action)]
        done = counts[BulkState.DONE] + counts[BulkState.UNDONE]
        here = request.path
        context = {
            "chips": [
                (one.label, counts[one], f"{here}?state={one}", one == state)
                for one in BulkState
                if counts[one]
            ],
            "here": here,
            "is_undoable": _is_undoable(run) and counts[BulkState.DONE],
            "lines": lines,
            "missing": run.missing,
            "next_url": next_place and f"{here}?state={state or ''}&after={next_place}",
            "run": run,
            "seen": sum(counts.values()),
            "state": state,
            "title": in_number(deed.said, done, choice=run.choice),
            "way": way_to(run.query, request.actor),
        }
        return render(request, "leads/bulk_run.html", context)


class BulkUndoView(PortalView):
    """Take an own run back, by post alone."""

    permission = staticmethod(sees_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Undo, and say how many leads are as they were."""
        run = undo_bulk(_find_run(request, pk), actor=request.actor)
        counts = outcome_counts(run)
        undone, kept = counts[BulkState.UNDONE], counts[BulkState.DONE]
        said = ngettext("%(count)s lead undone.", "%(count)s leads undone.", undone)
        messages.success(request, said % {"count": f"{undone:,}"})
        if kept:
            said = ngettext(
                "%(count)s lead could not be undone, because it has changed since.",
                "%(count)s leads could not be undone, because they have changed since.",
                kept,
            )
            messages.warning(request, said % {"count": f"{kept:,}"})
        return HttpResponseRedirect(reverse("leads:bulk_run", args=[run.pk]))


def _find_run(request: PortalRequest, pk: int) -> BulkRun:
    run = BulkRun.objects.visible_to(request.actor).filter(pk=pk).first()
    if run is None:
        raise NotFound
    return run


def _is_undoable(run: BulkRun) -> bool:
    in_time = clock.now() - run.started_at <= BULK_UNDO_WITHIN
    return in_time and run.finished_at is not None and run.undone_at is None


def _missing(selection: Selection, found: Preview) -> int:
    """Return how many of the ticked leads are not there for the actor."""
    return len(selection.references) - found.total if selection.is_ticked else 0


def _too_many(selection: Selection) -> str:
    """Return the sentence for more leads than can be changed while somebody waits, or nothing."""
    count = 0 if selection.is_ticked else selection.leads.exact_count()
    if count <= MOST:
        return ""
    return _(
        "%(count)s leads match. Up to %(most)s can be changed at once: narrow the list, and select again."
    ) % {"count": f"{count:,}", "most": f"{MOST:,}"}


def _moved(now: int, shown: int) -> str:
    """Return the sentence for a number that is not the one that was confirmed (ux.md 4.2)."""
    return ngettext(
        "%(now)s lead now matches, not %(shown)s. Check the list and select again.",
        "%(now)s leads now match, not %(shown)s. Check the list and select again.",
        now,
    ) % {"now": f"{now:,}", "shown": f"{shown:,}"}
