"""The whole history of a lead: filtered, in pages, and as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from leadportal.common.csv import csv_pieces
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.forms.history import HistoryFilterForm
from leads.rules.permissions import sees_leads
from leads.selectors.detail import find_lead
from leads.selectors.history import Line, all_lines, history, people_in
from leads.views.pages import lead_url, name_seen, number_from


class HistoryView(PortalView):
    """By kind and by person, 50 lines a page (ux.md D10)."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Show a page; filters that name nothing are answered with a sentence."""
        sight = find_lead(reference, request.actor)
        form = HistoryFilterForm(request.GET or None, people=people_in(sight))
        before = number_from(request.GET.get("before"))
        context = {
            "form": form,
            "history": history(sight, **form.chosen(), before=before),
            "lead": sight.lead,
            "lead_name": name_seen(sight),
            "lead_url": lead_url(sight.lead),
            "query": form.query,
        }
        return render(request, "leads/history.html", context)


class HistoryFileView(PortalView):
    """The same lines as CSV, all of them."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest, reference: str) -> StreamingHttpResponse:
        """Stream the file."""
        sight = find_lead(reference, request.actor)
        form = HistoryFilterForm(request.GET or None, people=people_in(sight))
        lines = all_lines(sight, **form.chosen())
        header = [_("When"), _("What"), _("Changes"), _("Remark"), _("Who")]
        pieces = csv_pieces(header, _rows(lines), timezone.get_current_timezone())
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        name = f"history_{sight.lead.reference}.csv"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


def _rows(lines: Iterator[Line]) -> Iterator[list[Any]]:
    for line in lines:
        changes = "; ".join(f"{one.label}: {one.old} → {one.new}" for one in line.changes)
        yield [line.event.at, line.text, changes, line.remark, line.who]
