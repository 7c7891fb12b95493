"""Leads from a file: check, import and result, and what can be done at each (ux.md I4 to I7)."""

from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from leadportal.common import clock
from leadportal.common.csv import csv_pieces
from leadportal.common.errors import Conflict
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.enums import Duplicates, ImportState
from leads.forms.imports import DuplicatesForm
from leads.models import Import
from leads.rules.imports import FIELDS, error_lines
from leads.rules.permissions import imports_leads
from leads.selectors.import_files import ImportRows
from leads.selectors.import_targets import known_to, targets_for
from leads.selectors.imports import (
    fault_groups,
    fault_rows,
    faulty_rows,
    leads_by_id,
)
from leads.services.imports.steps import (
    cancel_import,
    is_undoable,
    request_undo,
    retry_import,
    start_import,
)
from leads.views.imports import StepView, go_on, own_import, steps_context
from leads.views.pages import number_from

ROWS_SHOWN = 100


class ImportCheckView(StepView):
    """What the check found: counts, every error, examples of duplicates, and what to do with them."""

    step = "check"
    states = frozenset({ImportState.CHECKING, ImportState.CHECKED})

    def show(self, source: Import) -> HttpResponse:
        """See the base."""
        if source.state == ImportState.CHECKING:
            return show_progress(self, source)
        return self._show(source, DuplicatesForm())

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Have it imported."""
        source = own_import(request, pk)
        form = DuplicatesForm(request.POST)
        if not form.is_valid():
            is_here = source.state == ImportState.CHECKED
            return self._show(source, form, status=422) if is_here else go_on(source)
        chosen = Duplicates(form.cleaned_data["duplicates"])
        source = start_import(source, duplicates=chosen, actor=request.actor)
        return redirect("leads:import_import", source.pk)

    def _show(self, source: Import, form: DuplicatesForm, status: int = 200) -> HttpResponse:
        is_errors_only = self.request.GET.get("only") == "errors"
        context: dict[str, Any] = {
            "form": form,
            "counts": source.counts,
            "can_import": bool(source.counts.get("rows")) and not source.counts.get("unreadable"),
            "good": source.counts.get("new", 0) + source.counts.get("duplicate", 0),
            "examples": self._examples(source),
            "is_errors_only": is_errors_only,
            **faults_context(self.request, source, is_errors_only=is_errors_only),
        }
        return self.render(source, status, **context)

    def _examples(self, source: Import) -> list[dict[str, Any]]:
        """Return the examples with their leads as the actor sees them, and the fields by their labels."""
        actor = self.request.actor
        leads = leads_by_id([one["lead"] for one in source.examples if "lead" in one], actor)
        labels = {**FIELDS, **targets_for(known_to(actor), source.header)}
        return [
            {
                **one,
                "lead": leads.get(one.get("lead", 0)),
                "fields": [str(labels.get(name, name)) for name in one["fields"]],
            }
            for one in source.examples
        ]


class ImportImportView(StepView):
    """The import going on: how far it is, and cancelling it. It goes on when the page is left."""

    step = "import"
    states = frozenset({ImportState.IMPORTING})

    def show(self, source: Import) -> HttpResponse:
        """See the base."""
        return show_progress(self, source)


class ImportResultView(StepView):
    """What became of the rows, the file of errors, and undoing it within a day."""

    step = "result"
    states = frozenset(
        {ImportState.DONE, ImportState.CANCELLED, ImportState.UNDOING, ImportState.UNDONE}
    )

    def show(self, source: Import) -> HttpResponse:
        """See the base."""
        if source.state == ImportState.UNDOING:
            return show_progress(self, source)
        leads = f"{reverse('leads:list')}?{urlencode({'imported': source.pk})}"
        context = {
            "leads_url": leads,
            "is_empty": not (source.made or source.updated),
            "is_undoable": is_undoable(source),
            "has_file": source.is_there(clock.now()),
            **faults_context(self.request, source, is_errors_only=True),
        }
        return self.render(source, **context)


def show_progress(view: StepView, source: Import) -> HttpResponse:
    """Show how far the worker is; the page asks `ImportView` for that part until it is over."""
    context = {"source": source, **steps_context(view.step)}
    return render(view.request, "leads/import_import.html", context)


def faults_context(
    request: PortalRequest, source: Import, *, is_errors_only: bool
) -> dict[str, Any]:
    """Return the errors in groups, and with `is_errors_only` a page of the rows that have them."""
    groups, total = fault_groups(source)
    context: dict[str, Any] = {"groups": groups, "more_groups": total - len(groups)}
    if is_errors_only and groups:
        after = number_from(request.GET.get("after")) or 0
        rows = fault_rows(source, after=after, many=ROWS_SHOWN)
        context["fault_rows"] = rows[:ROWS_SHOWN]
        if len(rows) > ROWS_SHOWN:
            query = urlencode({"only": "errors", "after": rows[ROWS_SHOWN - 1][0]})
            context["next_url"] = f"{request.path}?{query}"
    return context


class ImportErrorsView(PortalView):
    """The file of errors: every row that was refused, with its number and why, ready to be corrected and sent."""

    permission = staticmethod(imports_leads)

    def get(self, request: PortalRequest, pk: int) -> HttpResponseBase:
        """Stream it, however many rows there are."""
        source = own_import(request, pk)
        if not source.is_there(clock.now()):
            messages.warning(request, _("That file is no longer there. Files are kept for 7 days."))
            return go_on(source)
        header, rows = error_lines(source.header, ImportRows(source), faulty_rows(source))
        answer = StreamingHttpResponse(
            csv_pieces(header, rows, UTC), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="import_{source.pk}_errors.csv"'
        answer["Cache-Control"] = "no-store"
        return answer


class _PressView(PortalView):
    """The base of what is done by post alone: it ends at the step where the import stands then."""

    permission = staticmethod(imports_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Do it."""
        source = own_import(request, pk)
        self.press(source)
        return redirect_after(request, reverse("leads:import", args=[source.pk]))

    def press(self, source: Import) -> None:
        """Do it."""
        raise NotImplementedError


class ImportCancelView(_PressView):
    """Stop an import; one that has ended meanwhile is shown as it is."""

    def press(self, source: Import) -> None:
        """See the base."""
        try:
            cancel_import(source, actor=self.request.actor)
        except Conflict as refusal:
            messages.warning(self.request, refusal.sentence)


class ImportUndoView(_PressView):
    """Take an import back."""

    def press(self, source: Import) -> None:
        """See the base."""
        request_undo(source, actor=self.request.actor)


class ImportRetryView(_PressView):
    """Have the worker try again what it gave up."""

    def press(self, source: Import) -> None:
        """See the base."""
        retry_import(source, actor=self.request.actor)
