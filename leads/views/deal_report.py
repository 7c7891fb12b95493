"""The report of deals: what is open in each stage, and what was won and lost in each month."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leadportal.common import clock
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.enums import Outcome
from leads.filters.months import last_months, span_of, word_of
from leads.filters.reports import ReportAsked
from leads.filters.sale_kinds import DEALS
from leads.filters.sales import AskedSales
from leads.models import Pipeline
from leads.rules.money import money_list
from leads.rules.selling import sells
from leads.selectors.deals import (
    NOTHING,
    Figures,
    closed_by_month,
    figures_by_stage,
    pipelines_seen,
    summed,
)
from leads.views.report_parts import ways
from leads.views.reporting import Cell


@dataclass(frozen=True)
class DealLine:
    """A line: what its deals come to, the list of exactly them, and further cells."""

    label: str
    figures: Figures
    url: str
    cells: tuple[Cell, ...]
    note: str = ""
    look: None = None

    @property
    def number(self) -> int:
        """How many deals."""
        return self.figures.number


@dataclass(frozen=True)
class DealBar:
    """A line as a bar."""

    line: DealLine
    number: Cell
    width: str


@dataclass(frozen=True)
class DealPart:
    """A section: bars, the same numbers as a table, and a sentence; for the template of all reports."""

    title: str
    summary: str
    heads: tuple[str, ...]
    lines: list[DealLine]
    total: DealLine | None = None
    left_out: int = 0

    @property
    def captioned(self) -> list[tuple[str, list[tuple[str, Cell]]]]:
        """The lines of the table, with the head of its column beside each cell."""
        lines = [*self.lines, *([self.total] if self.total else [])]
        return [
            (line.label, list(zip(self.heads[1:], _cells(line), strict=True))) for line in lines
        ]

    @cached_property
    def bars(self) -> list[DealBar]:
        """The lines as bars."""
        longest = max((line.number for line in self.lines), default=0) or 1
        return [
            DealBar(line, Cell(line.number, line.url), f"{100 * line.number / longest:.2f}%")
            for line in self.lines
        ]


class DealReportView(PortalView):
    """The deals that the actor sees, by stage and by the month in which they ended."""

    permission = staticmethod(sells)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page."""
        asked = AskedSales(DEALS, QueryDict(), request.actor)
        reports = ways(ReportAsked(QueryDict(), request.actor), "deals")
        context = {
            "parts": [*_by_stage(asked), _by_month(asked)],
            "reports": reports,
            "moment": clock.now(),
            "zone": timezone.get_current_timezone_name(),
        }
        return render(request, "leads/deal_report.html", context)


def _by_stage(asked: AskedSales) -> list[DealPart]:
    """Return what is open in the stages of each pipeline that has open deals."""
    figures = figures_by_stage(asked.rows.filter(outcome=Outcome.OPEN))
    parts = [_pipeline(asked, one, figures) for one in pipelines_seen(asked.actor)]
    return [part for part in parts if part.total and part.total.number] or [
        DealPart(_("Open deals by stage"), _("No deal is open."), (), [])
    ]


def _pipeline(asked: AskedSales, pipeline: Pipeline, figures: dict[int, Figures]) -> DealPart:
    shown: dict[str, Any] = {"outcome": ["open"]}
    lines = [
        _stage_line(
            f"{stage.name} ({stage.probability} %)",
            figures.get(stage.pk, NOTHING),
            asked.address(**shown, stage=[str(stage.pk)]),
        )
        for stage in pipeline.stages.all()
    ]
    total = summed(line.figures for line in lines)
    everything = asked.address(**shown, pipeline=[str(pipeline.pk)])
    words = {"deals": _in_words(total.number), "weighted": money_list(total.weighted)}
    sentence = _("%(deals)s open, worth %(weighted)s by their chances.")
    if not total.weighted:
        sentence = _("%(deals)s open, without a value yet.")
    return DealPart(
        _("Open deals: %(pipeline)s") % {"pipeline": pipeline.name},
        sentence % words,
        (_("Stage"), _("Deals"), _("Value"), _("Weighted value")),
        lines,
        _stage_line(_("All"), total, everything),
    )


def _stage_line(label: str, figures: Figures, url: str) -> DealLine:
    value, weighted = money_list(figures.value), money_list(figures.weighted)
    note = _("weighted %(amount)s") % {"amount": weighted} if weighted else ""
    cells = (Cell(value or "–", value and url), Cell(weighted or "–", weighted and url))
    return DealLine(label, figures, url, cells, note=note)


def _by_month(asked: AskedSales) -> DealPart:
    """Return what was won and lost in each of the last months, the newest first."""
    months = last_months()
    words = [word_of(month) for month in months]
    since, _until = span_of(words[-1])
    found = closed_by_month(asked.rows, since)
    lines = []
    for month, word in zip(months, words, strict=True):
        won = found.get((month, Outcome.WON), NOTHING)
        lost = found.get((month, Outcome.LOST), NOTHING)
        url = asked.address(outcome=["won"], closed=[word])
        value = money_list(won.value)
        cells = (
            Cell(value or "–", value and url),
            Cell(lost.number, asked.address(outcome=["lost"], closed=[word])),
        )
        lines.append(DealLine(dateformat.format(month, "F Y"), won, url, cells, note=value))
    total = summed(line.figures for line in lines)
    said = {"deals": _in_words(total.number), "value": money_list(total.value) or "–"}
    return DealPart(
        _("Won and lost by month"),
        _("%(deals)s won within twelve months: %(value)s.") % said,
        (_("Month"), _("Won"), _("Won value"), _("Lost")),
        lines,
    )


def _cells(line: DealLine) -> list[Cell]:
    return [Cell(line.number, line.url), *line.cells]


def _in_words(number: int) -> str:
    return ngettext("%(shown)s deal", "%(shown)s deals", number) % {"shown": f"{number:,}"}
