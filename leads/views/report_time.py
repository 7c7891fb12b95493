"""Reports about time: leads over days, how far they came and how long it took, how old they are."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from statistics import median
from typing import Any

from django.utils import dateformat
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import OPEN, Status
from leads.filters.reports import Period, ReportAsked, today
from leads.selectors.reports import (
    Tally,
    Times,
    count_by_day,
    count_statuses,
    measure_times,
)
from leads.views.reporting import (
    OPEN_IN_ORDER,
    Cell,
    Line,
    Part,
    count,
    day_in_words,
    leads_in_words,
    period_in_words,
    share,
    shown_statuses,
    total_line,
    within,
)

_REACHED = (Status.SUBMITTED, Status.ASSIGNED, Status.REFERRED, Status.CONVERTED)
# Ages in days, both ends included; the last has none.
_AGES = ((0, 2), (3, 7), (8, 30), (31, 90), (91, None))
_HOUR = 3600
_WAITS = (
    (_HOUR, _("Under 1 hour")),
    (4 * _HOUR, _("1 to 4 hours")),
    (24 * _HOUR, _("4 to 24 hours")),
    (48 * _HOUR, _("1 to 2 days")),
    (float("inf"), _("Over 2 days")),
)


def by_date(asked: ReportAsked) -> list[Part]:
    """Leads by day, week or month of creation, and by status; empty ones are there with a zero."""
    days = count_by_day(asked.rows(asked.period))
    earlier = count_by_day(asked.rows(asked.earlier)) if asked.compares else {}
    lines = []
    for part in asked.period.parts(asked.step):
        past = part.before(asked.period)
        lines.append(
            Line(
                _short(part, asked.step),
                within(days, part),
                part,
                before=within(earlier, past) if asked.compares else None,
                earlier=past if asked.compares else None,
            )
        )
    total = total_line(asked, lines)
    most = max(lines, key=lambda line: line.number)
    words = {"leads": leads_in_words(total.number), "period": period_in_words(asked.period)}
    summary = gettext("%(leads)s created from %(period)s.") % words
    if most.number and len(lines) > 1:
        words = {"part": period_in_words(most.period), "number": f"{most.number:,}"}
        summary += " " + gettext("The highest column is %(part)s: %(number)s.") % words
    head = {"day": gettext("Day"), "week": gettext("Week"), "month": gettext("Month")}[asked.step]
    return [
        Part(
            asked,
            gettext("Leads created"),
            summary,
            head,
            lines,
            statuses=shown_statuses(asked, [total.tally]),
            has_columns=True,
            total=total,
        )
    ]


def _short(part: Period, step: str) -> str:
    if step == "month" and part.first.day == 1:
        return dateformat.format(part.first, "M Y")
    return day_in_words(part.first) if step == "day" else period_in_words(part)


def by_status(asked: ReportAsked) -> list[Part]:
    """How many leads of the period stand in each status now: the numbers on top of the reports."""
    now = count_statuses(asked.rows(asked.period))
    before = count_statuses(asked.rows(asked.earlier)) if asked.compares else Counter()
    lines = [
        Line(
            str(status.label),
            Counter({status: now[status]}),
            asked.period,
            whole=(status,),
            before=Counter({status: before[status]}) if asked.compares else None,
            earlier=asked.earlier if asked.compares else None,
            look=status,
            note=gettext("not in the total") if status == Status.DELETED else "",
        )
        for status in shown_statuses(asked, [now, before])
    ]
    summary = gettext("%(leads)s created from %(period)s: %(open)s open, %(share)s converted.") % {
        "leads": leads_in_words(count(now)),
        "period": period_in_words(asked.period),
        "open": f"{count(now, OPEN_IN_ORDER):,}",
        "share": share(now[Status.CONVERTED], count(now)),
    }
    title, head = gettext("Status now"), gettext("Status")
    return [Part(asked, title, summary, head, lines, total=total_line(asked, lines))]


def funnel(asked: ReportAsked) -> list[Part]:
    """How far leads came, and the median time that they spent on each step."""
    rows = asked.rows(asked.period)
    now = count_statuses(rows)
    before = count_statuses(asked.rows(asked.earlier)) if asked.compares else Counter()
    times = measure_times(rows, asked.actor)
    lines = [_stage(asked, place, now, before, times) for place, _status in enumerate(_REACHED)]
    began, ended = lines[0].number, lines[-1].number
    summary = gettext(
        "Of %(leads)s that were submitted and not disqualified, %(number)s were converted: %(share)s."
    ) % {
        "leads": leads_in_words(began),
        "number": f"{ended:,}",
        "share": share(ended, began),
    }
    heads = (gettext("Of the first step"), gettext("Median time before the next step"))
    summary += " " + _measured(times)
    return [Part(asked, gettext("Funnel"), summary, gettext("Step"), lines, extra_heads=heads)]


def _stage(asked: ReportAsked, place: int, now: Tally, before: Tally, times: Times) -> Line:
    status = _REACHED[place]
    spent = _span(times.stages.get(status, []))
    is_last = place == len(_REACHED) - 1
    label = status.label if is_last else gettext("%(status)s or later") % {"status": status.label}
    whole = _REACHED[place:]
    part = share(count(now, whole), count(now, _REACHED))
    time = "–" if is_last else spent
    note = "" if is_last else gettext("median %(time)s before the next step") % {"time": spent}
    return Line(
        str(label),
        now,
        asked.period,
        whole=whole,
        before=before if asked.compares else None,
        earlier=asked.earlier if asked.compares else None,
        extras=(Cell(part), Cell(time)),
        note=part if is_last or spent == "–" else f"{part}, {note}",
        look=status,
    )


def response(asked: ReportAsked) -> list[Part]:
    """How long leads waited for the first acceptance or note."""
    times = measure_times(asked.rows(asked.period), asked.actor)
    return [
        _waits(asked, gettext("From the beginning"), times.leads, times.answers, times),
        _waits(
            asked,
            gettext("From the first assignment"),
            times.assigned,
            times.assigned_answers,
            times,
        ),
    ]


def _waits(asked: ReportAsked, title: str, leads: int, waits: list[float], times: Times) -> Part:
    numbers, least = [], 0.0
    for most, label in _WAITS:
        numbers.append((str(label), sum(least <= wait < most for wait in waits)))
        least = most
    numbers.append((gettext("No answer yet"), leads - len(waits)))
    summary = gettext("The first acceptance or note came after %(time)s (median).")
    summary = summary % {"time": _span(waits)} if waits else gettext("Nothing was answered yet.")
    lines = [
        Line(
            label,
            Counter({Status.SUBMITTED: number}),
            asked.period,
            None,
            share=number / leads if leads else 0.0,
            extras=(Cell(share(number, leads)),),
            note=share(number, leads),
        )
        for label, number in numbers
    ]
    head, heads = gettext("Waited"), (gettext("Share"),)
    return Part(asked, title, f"{summary} {_measured(times)}", head, lines, extra_heads=heads)


def _measured(times: Times) -> str:
    words = {"leads": leads_in_words(times.leads)}
    return gettext("Times are measured on the newest %(leads)s that you see now.") % words


def _span(seconds: list[float]) -> str:
    """Return the median in words: "2 days, 4 hours"."""
    if not seconds:
        return "–"
    now = clock.now()
    return timesince(now - timedelta(seconds=median(seconds)), now)


def ageing(asked: ReportAsked) -> list[Part]:
    """How old the open leads are that were created in the period."""
    days = count_by_day(asked.rows(asked.period).filter(status__in=OPEN))
    lines = [line for youngest, oldest in _AGES if (line := _age(asked, days, youngest, oldest))]
    total = total_line(asked, lines, whole=OPEN_IN_ORDER)
    summary = gettext("%(leads)s created from %(period)s are open.") % {
        "leads": leads_in_words(total.number),
        "period": period_in_words(asked.period),
    }
    statuses = tuple(status for status in shown_statuses(asked, [total.tally]) if status in OPEN)
    title, head = gettext("Open leads by age"), gettext("Age")
    return [Part(asked, title, summary, head, lines, statuses=statuses, total=total)]


def _age(
    asked: ReportAsked, days: Mapping[Any, Tally], youngest: int, oldest: int | None
) -> Line | None:
    """Return the line of an age, or None where the period has no such day."""
    last = min(asked.period.last, today() - timedelta(days=youngest))
    first = asked.period.first
    if oldest is not None:
        first = max(first, today() - timedelta(days=oldest))
    if youngest == 0:
        last = asked.period.last  # days to come are young too
    if last < first:
        return None
    words = gettext("Over %(days)s days") % {"days": youngest - 1}
    if oldest is not None:
        words = gettext("%(first)s to %(last)s days") % {"first": youngest, "last": oldest}
    part = Period(first, last)
    return Line(words, within(days, part), part, whole=OPEN_IN_ORDER)
