"""Leads as files: CSV at once, however many; workbooks made by the worker."""

from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from leadportal.common import clock, xlsx
from leadportal.common.csv import csv_pieces
from leadportal.common.errors import NotFound
from leads.api.base import ApiView, plain
from leads.api.bodies import Body
from leads.api.leads import LISTED, AskedByProgram
from leads.api.operations import Operation
from leads.api.paging import check_address
from leads.api.parts import bounded
from leads.api.serializers.files import ExportList, ExportSeen
from leads.exports import cells, heads, lines
from leads.filters.tags import tags
from leads.models import ExportFile
from leads.rules.permissions import exports_leads
from leads.selectors.export import export_rows
from leads.selectors.exports import find_export, own_exports
from leads.services.answers import Given
from leads.services.exports import record_export, request_export

CSV = "text/csv"


class CsvView(ApiView):
    """The list as CSV: all columns, every lead, in its order."""

    permission = staticmethod(exports_leads)
    operations = {
        "get": Operation(
            "exportLeads",
            "Download the leads of a list as CSV",
            "Exports",
            {200: CSV},
            Scope.EXPORT,
            query=LISTED,
            problems=(422,),
        )
    }

    def get(self, request: Request) -> StreamingHttpResponse:
        """Write down who takes what, then stream."""
        asked = _asked(self, request)
        count = asked.leads.exact_count()
        record_export(query=asked.address(), rows=count, actor=self.actor)
        columns = cells(asked.leads, self.actor)
        rows = lines(export_rows(asked.leads.all_rows(), self.actor), columns)
        pieces = csv_pieces(heads(columns), rows, timezone.get_current_timezone())
        answer = StreamingHttpResponse(pieces, content_type=f"{CSV}; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="leads.csv"'
        return answer


class ExportsView(ApiView):
    """Workbooks that the token's maker asked for in the token's role."""

    permission = staticmethod(exports_leads)
    operations = {
        "get": Operation(
            "listExports", "List the files that were asked for", "Exports", {200: ExportList},
            Scope.EXPORT,
        ),
        "post": Operation(
            "makeExport",
            "Have the leads of a list made into a workbook; the list is named by the parameters",
            "Exports",
            {202: ExportSeen},
            Scope.EXPORT,
            body=Body(),
            query=LISTED,
        ),
    }  # fmt: skip

    def get(self, request: Request) -> Response:
        """Show the newest."""
        found = [_seen(export) for export in own_exports(self.actor)]
        return Response(ExportList({"results": found}).data)

    def post(self, request: Request) -> Response:
        """Put it in the queue of the worker."""
        return self.once(lambda: self._make(request))

    def _make(self, request: Request) -> Given:
        asked = _asked(self, request)
        export = request_export(
            name=f"leads_{timezone.localtime(clock.now()):%Y-%m-%d_%H%M}.xlsx",
            query=asked.address(),
            words=", ".join(tag.text for tag in tags(asked)),
            columns=[],
            rows=asked.leads.exact_count(),
            actor=self.actor,
        )
        return Given(202, plain(ExportSeen(_seen(export)).data))


class ExportView(ApiView):
    """One of them."""

    permission = staticmethod(exports_leads)
    operations = {
        "get": Operation(
            "readExport", "Read how far a file is", "Exports", {200: ExportSeen}, Scope.EXPORT
        )
    }

    def get(self, request: Request, pk: int) -> Response:
        """Show it."""
        return Response(ExportSeen(_seen(_own(self, pk))).data)


class ExportFileView(ApiView):
    """The workbook itself."""

    permission = staticmethod(exports_leads)
    operations = {
        "get": Operation(
            "takeExport",
            "Download a file that is ready",
            "Exports",
            {200: xlsx.CONTENT_TYPE},
            Scope.EXPORT,
        )
    }

    def get(self, request: Request, pk: int) -> FileResponse:
        """Send it; 404 while it is not there."""
        export = _own(self, pk)
        if not export.is_there(clock.now()) or not export.path.exists():
            raise NotFound
        return FileResponse(
            export.path.open("rb"),
            as_attachment=True,
            filename=export.name,
            content_type=xlsx.CONTENT_TYPE,
        )


def _asked(view: ApiView, request: Request) -> AskedByProgram:
    asked = AskedByProgram(request.query_params, view.actor)
    check_address(asked)
    return asked


def _own(view: ApiView, pk: int) -> ExportFile:
    export = find_export(bounded(pk), view.actor)
    if export is None:
        raise NotFound
    return export


def _seen(export: ExportFile) -> Any:
    state = "failed" if export.has_failed else "being made"
    if export.ready_at:
        state = "ready" if export.is_there(clock.now()) else "gone"
    export.state = state  # type: ignore[attr-defined]
    return export
