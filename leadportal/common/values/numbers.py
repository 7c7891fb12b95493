"""Numbers, days and times, within what both databases and every page can show (security.md M2, M4)."""

import re
from datetime import date, datetime, time
from decimal import Decimal

from django.utils.translation import gettext

from leadportal.common.values.sentences import (
    LARGEST,
    BadValueError,
    places_sentence,
    range_sentence,
)
from leadportal.common.values.texts import line_or

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{2}):(\d{2})(:00)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)


def read_date(raw: object) -> date | None:
    """Return a day between 1900 and 2200: no zone moves it out of what a database can show (M2)."""
    sentence = gettext("Enter a date between 1900 and 2200, like 2025-11-21")
    if isinstance(raw, datetime):
        value: date | None = raw.date()
    elif isinstance(raw, date):
        value = raw
    else:
        value = _day(line_or(raw, sentence, len("2025-11-21")), sentence)
    if value is not None and not FIRST_DAY <= value <= LAST_DAY:
        raise BadValueError(sentence)
    return value


def read_time(raw: object) -> time | None:
    """Return a time on the wall clock, to the minute."""
    if raw is None or isinstance(raw, time):
        return raw
    sentence = gettext("Enter a time between 00:00 and 23:59, like 09:30")
    value = line_or(raw, sentence, len("09:30:00"))
    if not value:
        return None
    found = _TIME.fullmatch(value)
    hour, minute = (int(found[1]), int(found[2])) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise BadValueError(sentence)
    return time(hour, minute)


def read_number(
    raw: object,
    *,
    label: object,
    smallest: Decimal | int | None = None,
    largest: Decimal | int | None = None,
    places: int = 2,
) -> Decimal | None:
    """Return a number with at most `places` decimals within the limits; "12,000.50" is read too."""
    number = _number(raw, label)
    if number is None:
        return None
    lower = -LARGEST if smallest is None else max(Decimal(smallest), -LARGEST)
    upper = LARGEST if largest is None else min(Decimal(largest), LARGEST)
    if not lower <= number <= upper:
        raise BadValueError(range_sentence(label, smallest, largest))
    if number != round(number, places):
        raise BadValueError(places_sentence(label, places))
    return round(number, places)


def as_json_number(number: Decimal) -> int | float:
    """Return a number that JSON keeps: whole ones as int. Exact within `LARGEST`."""
    return int(number) if number == int(number) else float(number)


def _day(value: str, sentence: str) -> date | None:
    if not value:
        return None
    if not _DAY.fullmatch(value):
        raise BadValueError(sentence)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadValueError(sentence) from None


def _number(raw: object, label: object) -> Decimal | None:
    """Turn `raw` into a finite number. Integers of any length are compared, never printed (M4)."""
    sentence = gettext("%(label)s must be a number, like 1200 or 12.50") % {"label": label}
    if raw is None or isinstance(raw, Decimal):
        number = raw
    elif isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise BadValueError(sentence)
    elif isinstance(raw, int):
        number = Decimal(raw) if abs(raw) <= LARGEST else Decimal("Infinity")
    elif isinstance(raw, float):
        number = Decimal(repr(raw))
    else:
        number = _typed_number(raw, sentence)
    if number is not None and not number.is_finite():
        raise BadValueError(sentence)
    return number


def _typed_number(raw: str, sentence: str) -> Decimal | None:
    value = line_or(raw, sentence, 40).replace(" ", "").replace("−", "-")
    if not value:
        return None
    if _GROUPED.fullmatch(value):
        value = value.replace(",", "")
    if not _NUMBER.fullmatch(value):
        raise BadValueError(sentence)
    return Decimal(value)
