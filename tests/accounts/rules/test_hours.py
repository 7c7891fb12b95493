"""Working hours: ends are reckoned by hand, with a calendar, for zones, summer time and holidays."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.rules.hours import (
    USUAL_WEEK,
    Hours,
    end_of,
    plain_week,
    read_week,
    working_time,
)

LISBON, KOLKATA = ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Kolkata")
OFFICE = Hours(ZoneInfo("UTC"))
# 2026-11-27 is a Friday.
FRIDAY = datetime(2026, 11, 27, tzinfo=UTC)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("start", "work", "end"),
    [
        (at(27, 9), 8, at(27, 17)),  # a whole day ends with the day
        (at(27, 10), 2, at(27, 12)),
        (at(27, 16), 2, at(30, 10)),  # over the weekend
        (at(27, 3), 1, at(27, 10)),  # before the office opens
        (at(27, 18), 1, at(30, 10)),  # after it has closed
        (at(28, 12), 8, at(30, 17)),  # on a Saturday
        (at(27, 16), 17, datetime(2026, 12, 1, 17, tzinfo=UTC)),
    ],
)
def test_nights_and_weekends_do_not_count(start, work, end):
    assert end_of(hours(work), start, OFFICE) == end
    assert working_time(start, end, OFFICE) == hours(work)


def test_holidays_do_not_count():
    closed = Hours(OFFICE.zone, holidays=frozenset({date(2026, 11, 30), date(2026, 12, 1)}))
    assert end_of(hours(2), at(27, 16), closed) == datetime(2026, 12, 2, 10, tzinfo=UTC)
    assert end_of(hours(2), at(27, 16), OFFICE) == at(30, 10)  # control: the same without them


def test_hours_are_those_of_the_company_s_zone():
    # 09:00 in Kolkata is 03:30 UTC.
    assert end_of(hours(1), at(27, 0), Hours(KOLKATA)) == at(27, 4, 30)
    # Thursday 23:00 UTC is Friday there already, and its office opens four and a half hours later.
    assert end_of(hours(8), at(26, 23), Hours(KOLKATA)) == at(27, 11, 30)


def test_summer_time_moves_the_day_and_not_its_length():
    # Lisbon changed to winter time on Sunday 2026-10-25: Friday's 16:00 is 15:00 UTC, Monday's is 16:00 UTC.
    start = datetime(2026, 10, 23, 15, tzinfo=UTC)
    assert end_of(hours(2), start, Hours(LISBON)) == datetime(2026, 10, 26, 10, tzinfo=UTC)


def test_a_day_through_the_change_of_the_clock_has_its_true_length():
    whole = Hours(LISBON, (*[None] * 6, (time(0), time(0))))
    sunday = datetime(2026, 10, 24, 23, tzinfo=UTC)  # Sunday 00:00 there, in summer time
    assert end_of(hours(25), sunday, whole) == datetime(2026, 10, 26, 0, tzinfo=UTC)


def test_a_day_can_end_at_midnight():
    late = Hours(OFFICE.zone, tuple((time(22), time(0)) for _day in range(7)))
    assert end_of(hours(3), at(27, 23), late) == at(29, 0)
    assert late.worked(date(2026, 11, 27)) == (at(27, 22), at(28, 0))


def test_working_time_ends_where_it_is_told_to():
    assert working_time(at(27, 16), at(30, 9), OFFICE) == hours(1)
    assert working_time(at(28), at(29), OFFICE) == timedelta()
    assert working_time(at(30, 10), at(27, 10), OFFICE) == timedelta()


def test_who_never_works_is_not_asked_for_ever():
    days = frozenset(date(2026, 11, 27) + timedelta(days=number) for number in range(4_000))
    assert end_of(hours(1), FRIDAY, Hours(OFFICE.zone, holidays=days)) > FRIDAY


@pytest.mark.parametrize(
    "stored", [None, [], [None] * 7, [["9"]] * 7, ["x"] * 7, [["09:00", 5]] * 7, {"a": 1}]
)
def test_what_is_no_week_is_the_usual_one(stored):
    assert read_week(stored) == USUAL_WEEK


def test_a_week_is_kept_as_it_was_set():
    week = ((time(8, 15), time(0)), *[None] * 5, (time(0), time(23, 59)))
    assert read_week(plain_week(week)) == week
