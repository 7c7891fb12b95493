"""The lead list as a file: the page before it, and the file, made at once (ux.md L30, L33, L34)."""

import tempfile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from leadportal.common import clock, xlsx
from leadportal.common.csv import csv_pieces
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.exports import cells, heads, lines
from leads.filters.selection import Selection
from leads.forms.exports import CSV, VISIBLE, XLSX, ExportForm
from leads.rules.exports import XLSX_AT_ONCE, is_made_later
from leads.rules.permissions import exports_leads
from leads.selectors.export import export_rows
from leads.services.exports import record_export, request_export

FILES: dict[str, str] = {CSV: "leads:export_csv", XLSX: "leads:export_xlsx"}


class ExportView(PortalView):
    """How many leads the file will have, and the choice of its kind and columns. The address is the list's."""

    permission = staticmethod(exports_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page."""
        asked = Selection(request.GET, request.actor)
        kind = XLSX if request.GET.get("kind") == XLSX else CSV
        return self._show(asked, ExportForm(initial={"kind": kind}))

    def post(self, request: PortalRequest) -> HttpResponse:
        """Go to the file, or have it made where it is too large to wait for."""
        asked = Selection(request.GET, request.actor)
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self._show(asked, form, status=422)
        kind, columns = form.cleaned_data["kind"], form.cleaned_data["columns"]
        count = asked.leads.exact_count() if kind == XLSX else 0
        if not is_made_later(count):
            return redirect_after(request, asked.address(FILES[kind], columns=columns))
        request_export(
            name=_name(asked, XLSX),
            query=asked.address(),
            words=_in_words(asked),
            columns=[one.word for one in asked.columns] if columns == VISIBLE else [],
            rows=count,
            actor=request.actor,
        )
        messages.success(request, _("Your file is being made. You can leave this page."))
        return redirect_after(request, reverse("leads:exports"))

    def _show(self, asked: Selection, form: ExportForm, status: int = 200) -> HttpResponse:
        count = asked.leads.exact_count()
        context: dict[str, Any] = {
            "action_url": self.request.get_full_path(),
            "count": count,
            "form": form,
            "is_made_later": is_made_later(count),
            "is_ticked": asked.is_ticked,
            "list_url": asked.list_url,
            "most": XLSX_AT_ONCE,
            "tags": asked.tags,
            "visible": [column.label for column in asked.columns],
            "words": "" if asked.is_ticked else asked.words,
        }
        return render(self.request, "leads/export.html", context, status=status)


class FileView(PortalView):
    """The base of a file that is made while somebody waits: every lead of the list, in its order."""

    permission = staticmethod(exports_leads)
    kind: str

    def get(self, request: PortalRequest) -> HttpResponseBase:
        """Write down who takes what, then answer with the file."""
        asked = Selection(request.GET, request.actor)
        count = asked.leads.exact_count()
        if self.kind == XLSX and is_made_later(count):
            page = asked.address("leads:export", kind=XLSX)
            return HttpResponseRedirect(page)
        record_export(query=asked.address(), rows=count, actor=request.actor)
        visible = asked.columns if request.GET.get("columns") == VISIBLE else None
        columns = cells(asked.leads, request.actor, visible)
        rows = lines(export_rows(asked.leads.all_rows(), request.actor), columns)
        answer = self.answer(heads(columns), rows, _name(asked, self.kind))
        answer["Cache-Control"] = "no-store"
        return answer

    def answer(self, header: list[str], rows: Any, name: str) -> HttpResponseBase:
        """Return the file."""
        raise NotImplementedError


class CsvView(FileView):
    """A CSV file: streamed, however many leads there are."""

    kind = CSV

    def answer(self, header: list[str], rows: Any, name: str) -> HttpResponseBase:
        """See the base."""
        zone = timezone.get_current_timezone()  # of the reader; the stream outlives the request
        pieces = csv_pieces(header, rows, zone)
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


class XlsxView(FileView):
    """A workbook: the format cannot be streamed, so that only so many leads are written while somebody waits."""

    kind = XLSX

    def answer(self, header: list[str], rows: Any, name: str) -> HttpResponseBase:
        """See the base."""
        file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
        xlsx.write_xlsx(file, header, rows, timezone.get_current_timezone())
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=name, content_type=xlsx.CONTENT_TYPE)


def _name(asked: Selection, kind: str) -> str:
    moment = timezone.localtime(clock.now())
    return f"leads_{asked.view.word}_{moment:%Y-%m-%d_%H%M}.{kind}"


def _in_words(asked: Selection) -> str:
    """Say which leads are meant, for the list of files."""
    if asked.is_ticked:
        return _("Leads selected by hand")
    parts = [tag.text for tag in asked.tags]
    if asked.words:
        parts.append(_("Searched for “%(words)s”") % {"words": asked.words})
    return ", ".join(parts) or _("All leads")
