"""What a report shows: lines of numbers, each with the list behind it; ready for the template and for a file."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.utils import dateformat
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext

from accounts.actors import Person
from leads.enums import OPEN, Status
from leads.filters.reports import Period, ReportAsked
from leads.rules.permissions import reads_reports
from leads.selectors.reports import Tally
from leads.views.chips import statuses_of

OPEN_IN_ORDER = tuple(sorted(OPEN))
LIVE = tuple(status for status in Status if status != Status.DELETED)
# Longer tables say "All others" in their last line.
LINES_MOST = 100
BARS_MOST = 12


@dataclass(frozen=True)
class Cell:
    """A number or a few words; a number leads to exactly its leads, as far as the list can say which."""

    value: int | str
    url: str = ""

    @property
    def text(self) -> str:
        """What the page says."""
        return f"{self.value:,}" if isinstance(self.value, int) else self.value


@dataclass(frozen=True)
class Line:
    """One line of a report.

    `filters` are those of the list beside the period; None where the list cannot say which leads these are.
    `whole` are the statuses that make its number, without any all but the deleted. `share` is how much of a
    bar is filled, where that is not its part of the longest.
    """

    label: str
    tally: Tally
    period: Period
    filters: Mapping[str, list[str]] | None = field(default_factory=dict)
    whole: tuple[Status, ...] = ()
    before: Tally | None = None
    earlier: Period | None = None
    extras: tuple[Cell, ...] = ()
    note: str = ""
    share: float | None = None
    look: Status | None = None

    @property
    def number(self) -> int:
        """How many leads."""
        return count(self.tally, self.whole)

    @property
    def number_before(self) -> int:
        """How many there were in the period before."""
        return count(self.before or Counter(), self.whole)


def count(tally: Tally, statuses: Iterable[Status] = ()) -> int:
    """Return how many leads stand in `statuses`; without any in all but deleted."""
    numbers: list[int] = [tally[status] for status in statuses or LIVE]
    return sum(numbers)


def share(part: int, whole: int) -> str:
    """Return a part in per cent, as a text; a dash where there is nothing to share."""
    return f"{round(100 * part / whole)}%" if whole else "–"


@dataclass(frozen=True)
class Part:
    """A section of a report: a picture, the same numbers as a table, and a sentence."""

    asked: ReportAsked
    title: str
    summary: str
    head: str
    lines: list[Line]
    what: str = ""
    statuses: tuple[Status, ...] = ()
    extra_heads: tuple[str, ...] = ()
    has_columns: bool = False
    total: Line | None = None

    @property
    def heads(self) -> list[str]:
        """The heads of the table."""
        before = [gettext("Period before")] if self._compares else []
        statuses = [str(status.label) for status in self.statuses]
        return [self.head, self.what or gettext("Leads"), *before, *statuses, *self.extra_heads]

    @property
    def rows(self) -> list[tuple[str, list[Cell]]]:
        """The lines of the table: a label and the cells behind it."""
        lines = [*self.lines, self.total] if self.total else self.lines
        return [(line.label, self._cells(line)) for line in lines]

    @property
    def captioned(self) -> list[tuple[str, list[tuple[str, Cell]]]]:
        """The same with the head of its column beside each cell, for narrow screens."""
        heads = self.heads[1:]
        return [(label, list(zip(heads, cells, strict=True))) for label, cells in self.rows]

    @cached_property
    def bars(self) -> list["Bar"]:
        """The lines as bars, the first ones of many."""
        shown = self.lines[:BARS_MOST]
        longest = max((max(line.number, line.number_before) for line in shown), default=0)
        return [self._bar(line, longest or 1) for line in shown]

    @property
    def _compares(self) -> bool:
        return any(line.before is not None for line in self.lines)

    @property
    def left_out(self) -> int:
        """How many lines the picture does not show."""
        return max(len(self.lines) - BARS_MOST, 0)

    def number(self, line: Line) -> Cell:
        """Return the number of a line."""
        return self._cell(line.number, line.period, line.filters, line.whole)

    def before(self, line: Line) -> Cell | None:
        """Return the number of the period before, if it is asked for."""
        if line.before is None or line.earlier is None:
            return None
        return self._cell(line.number_before, line.earlier, line.filters, line.whole)

    def _bar(self, line: Line, longest: int) -> "Bar":
        filled = line.number / longest if line.share is None else line.share
        earlier = line.number_before / longest if line.before and line.share is None else None
        return Bar(line, self.number(line), _percent(filled), self.before(line), _percent(earlier))

    def _cells(self, line: Line) -> list[Cell]:
        before = self.before(line)
        by_status = [
            self._cell(line.tally[status], line.period, line.filters, (status,))
            for status in self.statuses
        ]
        return [self.number(line), *([before] if before else []), *by_status, *line.extras]

    def _cell(
        self,
        number: int,
        period: Period,
        filters: Mapping[str, list[str]] | None,
        statuses: tuple[Status, ...],
    ) -> Cell:
        if filters is None:
            return Cell(number)
        status = {"status": [one.slug for one in statuses]} if statuses else {}
        return Cell(number, self.asked.leads_url(period, **filters, **status))


@dataclass(frozen=True)
class Bar:
    """A bar with its number; widths in per cent of the space that there is."""

    line: Line
    number: Cell
    width: str
    before: Cell | None
    before_width: str


def _percent(filled: float | None) -> str:
    return "" if filled is None else f"{100 * filled:.2f}%"


def shown_statuses(asked: ReportAsked, tallies: Iterable[Tally]) -> tuple[Status, ...]:
    """Return the statuses that get a column: those of the reader's leads, and those that occur."""
    tallies = list(tallies)
    usual = statuses_of(asked.actor)
    return tuple(
        status for status in Status if status in usual or any(tally[status] for tally in tallies)
    )


def summed(tallies: Iterable[Tally]) -> Tally:
    """Return all of them together."""
    total: Tally = Counter()
    for tally in tallies:
        total.update(tally)
    return total


def within(days: Mapping[Any, Tally], part: Period) -> Tally:
    """Return what was counted on the days of `part`."""
    return summed(
        days.get(part.first + timedelta(days=number), Counter()) for number in range(part.days)
    )


def ranked(
    asked: ReportAsked,
    now: Mapping[Any, Tally],
    before: Mapping[Any, Tally],
    names: Mapping[Any, tuple[str, dict[str, list[str]]]],
    **more: Any,
) -> list[Line]:
    """Return a line for each key that has a name, the largest number first; the others in one last line."""
    keys = {key for key in (*now, *before) if key in names}
    lines = [
        _line(asked, names[key][0], names[key][1], now.get(key), before.get(key), more)
        for key in keys
    ]
    lines.sort(key=lambda line: (-line.number, -line.number_before, line.label.casefold()))
    lines, cut = lines[:LINES_MOST], lines[LINES_MOST:]
    rest = summed([*(line.tally for line in cut), *(now[key] for key in now if key not in names)])
    past = summed(
        [
            *(line.before or Counter() for line in cut),
            *(before[key] for key in before if key not in names),
        ]
    )
    if rest or past:
        lines.append(_line(asked, gettext("All others"), None, rest, past, more))
    return lines


def _line(
    asked: ReportAsked,
    label: str,
    filters: Mapping[str, list[str]] | None,
    now: Tally | None,
    before: Tally | None,
    more: dict[str, Any],
) -> Line:
    return Line(
        label,
        now or Counter(),
        asked.period,
        filters,
        before=(before or Counter()) if asked.compares else None,
        earlier=asked.earlier if asked.compares else None,
        **more,
    )


def total_line(asked: ReportAsked, lines: Iterable[Line], **more: Any) -> Line:
    """Return what all lines are together."""
    lines = list(lines)
    now = summed(line.tally for line in lines)
    before = summed(line.before or Counter() for line in lines)
    total = _line(asked, gettext("All"), {}, now, before, more)
    return total if any(line.before is not None for line in lines) else replace(total, before=None)


def leads_in_words(number: int) -> str:
    """Return "1 lead", "2,160 leads"."""
    return ngettext("%(shown)s lead", "%(shown)s leads", number) % {"shown": f"{number:,}"}


def day_in_words(day: Any) -> str:
    """Return "5 Oct 2026"."""
    return dateformat.format(day, "j M Y")


def period_in_words(period: Period) -> str:
    """Return "5 Oct 2026 to 11 Oct 2026", or the day."""
    if period.first == period.last:
        return day_in_words(period.first)
    words = {"first": day_in_words(period.first), "last": day_in_words(period.last)}
    return gettext("%(first)s to %(last)s") % words


@dataclass(frozen=True)
class Report:
    """A report: its word in addresses, what it is called, what it tells, how its parts are made, and for whom."""

    word: str
    title: Any
    about: Any
    parts: Callable[[ReportAsked], list[Part]]
    is_for: Callable[[Person], bool] = reads_reports
