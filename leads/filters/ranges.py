"""Ranges of numbers and days in the filter panel: two controls on the page, "10..50" in an address (ux.md L13).

The two controls of a line and the mark between them have one name, so that the values of all lines stay one list.
"""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from leadportal.common import values
from leadportal.common.values import BadValueError
from leads.selectors.options import Question
from leads.selectors.search import Span
from templates_app.rules.shown import shown_value

BETWEEN = ".."


def joined(sent: Sequence[str]) -> list[str]:
    """Return the values of lines as addresses keep them: what was sent around a mark becomes one range."""
    found: list[str] = []
    parts = iter(sent)
    for part in parts:
        if part == BETWEEN:
            low = found.pop().strip() if found else ""
            high = next(parts, "").strip()
            found.append(f"{low}{BETWEEN}{high}" if low or high else "")
        else:
            found.append(part)
    return found


def ends(text: str) -> tuple[str, str]:
    """Return what stands in the two controls; a single value is a range of one."""
    low, mark, high = text.partition(BETWEEN)
    return (low, high) if mark else (text, text)


def read_span(question: Question, text: str) -> Span:
    """Return the range that `text` stands for. Raises BadValueError with a sentence for what is none."""
    found: list[Any] = [_read(question, end) for end in ends(text)]
    low, high = found
    if low is not None and high is not None and high < low:
        if question.kind == "date":
            sentence = gettext("The last day of %(label)s must be the same as or after the first")
        else:
            sentence = gettext("Highest %(label)s must be the same as or more than the lowest")
        raise BadValueError(sentence % {"label": question.label})
    return Span(low, high, question.currency)


def typed(end: Any) -> str:
    """Return one end as a control shows it."""
    return "" if end is None else str(end)


def words(question: Question, span: Span) -> str:
    """Return a range as people read it."""
    low, high = (shown_value(question.kind, end) for end in (span.low, span.high))
    is_day = question.kind == "date"
    if low == high:
        both = "%(low)s"
    elif not high:
        both = gettext("%(low)s or later") if is_day else gettext("%(low)s or more")
    elif not low:
        both = gettext("%(high)s or earlier") if is_day else gettext("%(high)s or less")
    else:
        both = gettext("%(low)s to %(high)s")
    return f"{span.currency} {both % {'low': low, 'high': high}}".strip()


def _read(question: Question, text: str) -> int | float | str | None:
    """Return one end as leads store it, None where it is open."""
    if question.kind == "date":
        day = values.read_date(text)
        return None if day is None else day.isoformat()
    number = values.read_number(text, label=question.label)
    return None if number is None else values.as_json_number(number)
