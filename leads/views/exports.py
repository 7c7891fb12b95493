"""The lead list as a CSV file: the page before it, and the file."""

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from leadportal.common import clock
from leadportal.common.csv import csv_pieces
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.exports import cells, lines
from leads.filters.selection import Selection
from leads.rules.permissions import exports_leads
from leads.services.exports import record_export


class ExportView(PortalView):
    """How many leads the file will have, and the choice of its columns (ux.md L30, L33)."""

    permission = staticmethod(exports_leads)

    def get(self, request: PortalRequest) -> HttpResponseBase:
        """Show the page; the address is that of the list."""
        asked = Selection(request.GET, request.actor)
        context = {
            "count": asked.leads.exact_count(),
            "tags": asked.tags,
            "words": "" if asked.is_ticked else asked.words,
            "is_ticked": asked.is_ticked,
            "list_url": asked.list_url,
            "all_url": asked.address("leads:export_csv", columns="all"),
            "visible_url": asked.address("leads:export_csv", columns="visible"),
        }
        return render(request, "leads/export.html", context)


class ExportFileView(PortalView):
    """The file: every lead of the list, however many, in its order."""

    permission = staticmethod(exports_leads)

    def get(self, request: PortalRequest) -> HttpResponseBase:
        """Write down who takes what, then stream."""
        actor = request.actor
        asked = Selection(request.GET, actor)
        leads = asked.leads
        record_export(query=asked.address(), rows=leads.exact_count(), actor=actor)
        columns = cells(leads, actor, is_full=request.GET.get("columns") != "visible")
        zone = timezone.get_current_timezone()  # of the reader; the stream outlives the request
        heads = [str(cell.head) for cell in columns]
        answer = StreamingHttpResponse(
            csv_pieces(heads, lines(leads, actor, columns), zone),
            content_type="text/csv; charset=utf-8",
        )
        moment = timezone.localtime(clock.now())
        name = f"leads_{asked.view.word}_{moment:%Y-%m-%d_%H%M}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer
