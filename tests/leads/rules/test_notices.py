"""How somebody is told: whose choice counts, and when a mail comes (ux.md N1, N2)."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from leads.enums import InboxKind
from leads.rules.notices import (
    TITLES,
    WORDS,
    Choice,
    MailWhen,
    choice_of,
    is_locked,
    mail_due,
    quiet_hours,
)

GIVEN, NOTE = InboxKind.GIVEN, InboxKind.NOTE
BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = (time(20), time(7))


def prefer(bell, mail, *locked):
    return {"notices": {"given": {"bell": bell, "mail": mail}}, "notices_locked": list(locked)}


@pytest.mark.parametrize(
    ("own", "company", "bell", "mail"),
    [
        ({}, {}, True, "now"),
        ({}, prefer(False, "daily"), False, "daily"),
        (prefer(True, "never"), prefer(False, "daily"), True, "never"),
        (prefer(True, "never"), prefer(False, "daily", "given"), False, "daily"),
        (prefer(True, "never"), prefer(False, "daily", "note"), True, "never"),
        (prefer(False, "never"), {"notices_locked": ["given"]}, True, "now"),
        ({"notices": "nonsense"}, {"notices": {"given": 1}}, True, "now"),
        (prefer("yes", "sometimes"), {"notices_locked": "given"}, True, "now"),
    ],
)
def test_own_choice_stands_before_the_companys_unless_it_is_locked(own, company, bell, mail):
    assert choice_of(GIVEN, own=own, company=company) == Choice(bell, MailWhen(mail))


def test_every_event_has_its_words_and_a_default():
    assert set(WORDS) == set(InboxKind)
    assert set(TITLES) <= set(InboxKind)
    assert choice_of(NOTE, own={}, company={}).mail == MailWhen.DAILY
    assert choice_of(InboxKind.MESSAGE, own={}, company={}).mail == MailWhen.NEVER
    assert not is_locked(NOTE, {})


@pytest.mark.parametrize(
    ("when", "now", "quiet", "due"),
    [
        ("now", "2026-03-02 12:10", None, "2026-03-02 12:10"),
        ("hourly", "2026-03-02 12:10", None, "2026-03-02 13:00"),
        ("hourly", "2026-03-02 23:10", None, "2026-03-03 00:00"),
        ("daily", "2026-03-02 07:59", None, "2026-03-02 08:00"),
        ("daily", "2026-03-02 08:00", None, "2026-03-03 08:00"),
        ("daily", "2026-03-28 12:00", None, "2026-03-29 08:00"),  # summer time begins
        ("now", "2026-03-02 19:59", NIGHT, "2026-03-02 19:59"),
        ("now", "2026-03-02 20:00", NIGHT, "2026-03-03 07:00"),
        ("now", "2026-03-03 06:59", NIGHT, "2026-03-03 07:00"),
        ("now", "2026-03-03 07:00", NIGHT, "2026-03-03 07:00"),
        ("hourly", "2026-03-02 19:30", NIGHT, "2026-03-03 07:00"),
        ("now", "2026-03-02 12:30", (time(12), time(13)), "2026-03-02 13:00"),
        ("now", "2026-03-02 13:00", (time(12), time(13)), "2026-03-02 13:00"),
    ],
)
def test_mail_comes_by_the_clock_on_the_readers_wall(when, now, quiet, due):
    moment = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    found = mail_due(MailWhen(when), moment.astimezone(ZoneInfo("UTC")), zone=BERLIN, quiet=quiet)
    assert f"{found.astimezone(BERLIN):%Y-%m-%d %H:%M}" == due


@pytest.mark.parametrize("stored", [None, [], ["20:00"], ["20:00", "x"], ["20:00", "20:00"], 7])
def test_what_are_no_quiet_hours_is_passed_over(stored):
    assert quiet_hours({"quiet": stored}) is None
    assert quiet_hours({}) is None
    assert quiet_hours({"quiet": ["20:00", "07:00"]}) == NIGHT  # control
