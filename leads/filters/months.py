"""Months of the reader's zone: as words of addresses ("2026-11"), and as moments."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from leadportal.common import clock
from leads.filters.leads import midnight

SHOWN = 12


def last_months(number: int = SHOWN) -> list[date]:
    """Return the first days of the present month and of those before it, the newest first."""
    month = timezone.localdate(clock.now()).replace(day=1)
    found = []
    for _month in range(number):
        found.append(month)
        month = (month - timedelta(days=1)).replace(day=1)
    return found


def word_of(month: date) -> str:
    """Return the word of a month."""
    return f"{month:%Y-%m}"


def span_of(word: str) -> tuple[datetime, datetime]:
    """Return when the month of a word begins, and when the next one does."""
    first = date.fromisoformat(f"{word}-01")
    return midnight(first), midnight(month_after(first))


def month_after(day: date) -> date:
    """Return the first day of the month after the one in which a day lies."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
