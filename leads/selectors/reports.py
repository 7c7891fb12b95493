"""What reports count: access rows of one desk, grouped by the database (ux.md R1).

Every number counts rows that a list shows too, so that both are equal. The days limit what is read: one range
of the index `(desk, created_at)`, however many leads there are beside it. Times come from the history of the
newest leads alone.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate

from accounts.actors import Person
from accounts.models import Company
from leads.enums import AccessLevel, EventKind, Status
from leads.models import Event
from leads.selectors.search import Rows

# So many of the newest leads are measured: more would not change a median much.
MEASURED = 500

Tally = Counter[Status]

_MOVES = (
    EventKind.SUBMITTED,
    EventKind.ASSIGNED,
    EventKind.ACCEPTED,
    EventKind.DECLINED,
    EventKind.CONVERTED,
    EventKind.DISQUALIFIED,
    EventKind.MARKED_INVALID,
    EventKind.DELETED,
    EventKind.RESTORED,
    EventKind.UNDONE,
)
_BY_SLUG = {status.slug: status for status in Status}
_ANSWERS = (EventKind.ACCEPTED, EventKind.NOTE_ADDED)


def count_by_day(rows: Rows) -> dict[date, Tally]:
    """Count by the day of creation in the reader's zone, and by status."""
    return _tallies((day, status, n) for day, status, n in _grouped(rows, TruncDate("created_at")))


def count_by(rows: Rows, *columns: str) -> dict[Any, Tally]:
    """Count by columns of the access row, and by status; two columns make a pair."""
    found = _grouped(rows, *columns)
    return _tallies(
        (key[0] if len(key) == 1 else tuple(key), status, n) for *key, status, n in found
    )


def count_reasons(rows: Rows) -> dict[Any, Tally]:
    """Count disqualified leads by the words of the reason; None for none of the list."""
    current = rows.filter(level=AccessLevel.CURRENT, status=Status.DISQUALIFIED)
    return count_by(current, "lead__closed_reason__label")


def count_statuses(rows: Rows) -> Tally:
    """Count by status alone."""
    return Counter({Status(status): n for status, n in _grouped(rows)})


def resellers_among(companies: Iterable[int]) -> set[int]:
    """Return which of the `companies` are resellers."""
    found = Company.objects.filter(pk__in=companies, is_reseller=True)
    return set(found.values_list("pk", flat=True))


def count_by_referrer(rows: Rows) -> dict[int, Tally]:
    """Count the leads that referral companies made, by company."""
    return count_by(rows.filter(lead__maker__is_referral=True), "lead__maker")


def _grouped(rows: Rows, *columns: Any) -> Iterable[Any]:
    names = {
        f"axis_{place}": column
        for place, column in enumerate(columns)
        if not isinstance(column, str)
    }
    keys = [*(column for column in columns if isinstance(column, str)), *names]
    return rows.order_by().annotate(**names).values_list(*keys, "status").annotate(n=Count("*"))


def _tallies(found: Iterable[tuple[Any, int, int]]) -> dict[Any, Tally]:
    tallies: dict[Any, Tally] = {}
    for key, status, n in found:
        tallies.setdefault(key, Counter())[Status(status)] += n
    return tallies


@dataclass
class Times:
    """How long things took on the newest leads: seconds, one entry for each lead that got so far.

    `stages` is the time in a status before the next one; `answers` and `assigned_answers` the time until the
    first acceptance or note, from the beginning and from the first assignment. `leads` were looked at.
    """

    leads: int = 0
    stages: dict[Status, list[float]] = field(default_factory=dict)
    answers: list[float] = field(default_factory=list)
    assigned: int = 0
    assigned_answers: list[float] = field(default_factory=list)


def measure_times(rows: Rows, actor: Person) -> Times:
    """Measure the newest leads of `rows` that the desk sees now, by the history lines that `actor` may read."""
    seen = rows.filter(level=AccessLevel.CURRENT).exclude(status=Status.DELETED)
    newest = seen.order_by("-created_at", "-lead_id").values_list("lead_id", "created_at")
    began = dict(newest[:MEASURED])
    events = Event.objects.readable_by(actor, None).filter(
        lead__in=list(began), kind__in={*_MOVES, *_ANSWERS}
    )
    lines = events.order_by("lead_id", "number").values_list("lead_id", "kind", "at", "data")
    times = Times(leads=len(began))
    for lead, story in groupby(lines, key=lambda line: line[0]):
        moments = [(EventKind(kind), at, data) for _lead, kind, at, data in story]
        for status, seconds in _stages(began[lead], moments).items():
            times.stages.setdefault(status, []).append(seconds)
        _add_answers(times, began[lead], moments)
    return times


Moments = list[tuple[EventKind, datetime, dict[str, Any]]]


def _stages(began: datetime, moments: Moments) -> dict[Status, float]:
    """Return how many seconds the lead spent in each status that it left."""
    spent: dict[Status, float] = {}
    for kind, at, data in moments:
        status = _BY_SLUG.get(data.get("from", ""))
        if kind in _MOVES and status and data.get("to") in _BY_SLUG:
            spent[status] = spent.get(status, 0) + _seconds(at - began)
            began = at
    return spent


def _add_answers(times: Times, began: datetime, moments: Moments) -> None:
    answers = [at for kind, at, _data in moments if kind in _ANSWERS]
    if answers:
        times.answers.append(_seconds(answers[0] - began))
    assigned = next((at for kind, at, _data in moments if kind == EventKind.ASSIGNED), None)
    if assigned is None:
        return
    times.assigned += 1
    later = next((at for at in answers if at >= assigned), None)
    if later is not None:
        times.assigned_answers.append(_seconds(later - assigned))


def _seconds(span: timedelta) -> float:
    return max(span.total_seconds(), 0.0)
