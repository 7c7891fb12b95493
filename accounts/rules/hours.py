"""When a company works, and how long something takes in its working hours (domain.md section 9).

A moment in working hours is found by walking day by day: what zone, summer time and holidays do to a day is
asked of that day alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

# From when until when on the wall clock. 00:00 as the end is the end of the day.
Span = tuple[time, time]
Week = tuple[Span | None, ...]

OFFICE_HOURS: Span = (time(9), time(17))
# Monday to Friday: for who has said nothing else.
USUAL_WEEK: Week = (*[OFFICE_HOURS] * 5, None, None)
_DAY = timedelta(days=1)
# Nobody waits longer: a company whose every day is a holiday would be asked for ever.
_FARTHEST = 3_660


@dataclass(frozen=True, slots=True)
class Hours:
    """The working hours of a company: its zone, what it works on each day of the week, Monday first, and holidays."""

    zone: ZoneInfo
    week: Week = USUAL_WEEK
    holidays: frozenset[date] = frozenset()

    def worked(self, day: date) -> tuple[datetime, datetime] | None:
        """Return the moments in UTC between which the company works on `day`; None where it does not."""
        span = self.week[day.weekday()]
        if span is None or day in self.holidays:
            return None
        opens, closes = span
        last = day + _DAY if closes == time() else day
        start = datetime.combine(day, opens, self.zone).astimezone(UTC)
        return start, datetime.combine(last, closes, self.zone).astimezone(UTC)


def end_of(work: timedelta, start: datetime, hours: Hours) -> datetime:
    """Return the moment, in UTC, at which `work` of working time has passed since `start` (aware).

    What ends with a working day ends then, not at the beginning of the next.
    """
    moment = start.astimezone(UTC)
    for opens, closes in _worked_from(moment, hours):
        begin = max(opens, moment)
        if work <= closes - begin:
            return begin + work
        work -= closes - begin
    return moment + _FARTHEST * _DAY


def working_time(start: datetime, end: datetime, hours: Hours) -> timedelta:
    """Return how much working time lies between two moments (aware); none where the end comes first."""
    total = timedelta()
    for opens, closes in _worked_from(start.astimezone(UTC), hours):
        if opens >= end:
            break
        total += min(closes, end) - max(opens, start)
    return total


def _worked_from(moment: datetime, hours: Hours) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working times that end after `moment`, in their order."""
    first = moment.astimezone(hours.zone).date()
    for number in range(_FARTHEST):
        worked = hours.worked(first + number * _DAY)
        if worked and worked[1] > moment:
            yield worked


def read_week(stored: object) -> Week:
    """Return the week that a company keeps, or the usual one where it keeps none that can be read."""
    if not isinstance(stored, list) or len(stored) != len(USUAL_WEEK):
        return USUAL_WEEK
    try:
        week = tuple(_read_span(day) for day in stored)
    except (TypeError, ValueError):
        return USUAL_WEEK
    return week if any(week) else USUAL_WEEK


def plain_week(week: Week) -> list[list[str] | None]:
    """Return a week as it is kept: what `read_week` reads."""
    return [[f"{one:%H:%M}" for one in span] if span else None for span in week]


def _read_span(stored: Any) -> Span | None:
    if stored is None:
        return None
    opens, closes = (time.fromisoformat(one) for one in stored)
    return opens, closes


def ends_late_enough(opens: time, closes: time) -> bool:
    """Say whether a working day ends after it begins."""
    return closes == time() or closes > opens
