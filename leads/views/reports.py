"""Reports: the numbers on top, one report, and one as a file."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.csv import csv_pieces
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.enums import OPEN, Status
from leads.filters.reports import NARROWING, ReportAsked
from leads.rules.permissions import reads_reports, sees_leads
from leads.views.charts import Chart
from leads.views.report_parts import REPORTS, SUMMARY, ways
from leads.views.reporting import Cell, Line, Part, Report, period_in_words, summed


class ReportsView(PortalView):
    """How many leads there were and how they stand; the way to every report."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page; a referral user has this summary alone."""
        asked = ReportAsked(request.GET, request.actor)
        [part] = SUMMARY.parts(asked)
        context = {
            **_around(asked),
            "part": part,
            "tiles": _tiles(part),
            "reports": ways(asked),
        }
        return render(request, "leads/reports.html", context)


class ReportView(PortalView):
    """One report: pictures, tables, and a sentence for each."""

    permission = staticmethod(reads_reports)

    def get(self, request: PortalRequest, word: str) -> HttpResponse:
        """Show the page; what cannot be used of the address is named and left out."""
        report = _report(word, request.actor)
        asked = ReportAsked(request.GET, request.actor)
        parts = report.parts(asked)
        context = {
            **_around(asked, has_columns=any(part.has_columns for part in parts)),
            "report": report,
            "parts": [(part, Chart(part.lines) if part.has_columns else None) for part in parts],
            "reports": ways(asked, word),
            "index_url": asked.address("leads:reports"),
            "file_url": asked.address("leads:report_csv", word),
        }
        return render(request, "leads/report.html", context)


class ReportFileView(PortalView):
    """The tables of a report as CSV: counts, no lead."""

    permission = staticmethod(reads_reports)

    def get(self, request: PortalRequest, word: str) -> StreamingHttpResponse:
        """Stream the file."""
        report = _report(word, request.actor)
        asked = ReportAsked(request.GET, request.actor)
        parts = report.parts(asked)
        pieces = csv_pieces(*_sheet(parts), timezone.get_current_timezone())
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        first, last = asked.period.first, asked.period.last
        name = f"report_{word}_{first}_{last}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer


def _report(word: str, actor: Person) -> Report:
    if word not in REPORTS or not REPORTS[word].is_for(actor):
        raise Http404
    return REPORTS[word]


def _sheet(parts: list[Part]) -> tuple[list[str], Iterator[list[Any]]]:
    """Return head and lines of the file; parts stand below each other with their titles in front."""
    heads = [str(head) for head in parts[0].heads]
    if len(parts) == 1:
        return heads, ([label, *_values(cells)] for label, cells in parts[0].rows)
    heads[0] = _("Line")
    lines = ([part.title, label, *_values(cells)] for part in parts for label, cells in part.rows)
    return [_("Section"), *heads], lines


def _values(cells: list[Cell]) -> list[int | str]:
    return [cell.value for cell in cells]


def _around(asked: ReportAsked, *, has_columns: bool = False) -> dict[str, Any]:
    """Return what stands around the numbers: the filters with what they offer, the period, the moment."""
    for name in NARROWING:
        field: Any = asked.form.fields[name]
        field.show_options(asked.form[name].value() or "")
    return {
        "form": asked.form,
        "fields": [field for field in asked.form if field.name != "by" or has_columns],
        "moment": clock.now(),
        "period": period_in_words(asked.period),
        "earlier": period_in_words(asked.earlier) if asked.compares else "",
        "zone": timezone.get_current_timezone_name(),
    }


@dataclass(frozen=True)
class Tile:
    """One of the numbers on top."""

    label: str
    number: Cell
    before: Cell | None


def _tiles(part: Part) -> list[Tile]:
    groups: list[tuple[str, tuple[Status, ...]]] = [
        (_("Created"), ()),
        (_("Open"), tuple(sorted(OPEN))),
        (_("Converted"), (Status.CONVERTED,)),
        (_("Disqualified"), (Status.DISQUALIFIED,)),
    ]
    tally = summed(line.tally for line in part.lines)
    before = summed(line.before or Counter() for line in part.lines)
    tiles = []
    for label, statuses in groups:
        line = Line(
            label,
            tally,
            part.asked.period,
            whole=statuses,
            before=before if part.asked.compares else None,
            earlier=part.asked.earlier if part.asked.compares else None,
        )
        tiles.append(Tile(label, part.number(line), part.before(line)))
    return tiles
