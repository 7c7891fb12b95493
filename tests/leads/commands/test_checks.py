"""check_access and check_history: silent on the demo, loud about every kind of damage."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from leads.enums import AccessLevel, EventKind, Status
from leads.models import Event, Lead, LeadAccess, PastView
from leads.models.guards import remove_guard


def run(command):
    """Run a check; return what it printed and its error."""
    out = StringIO()
    try:
        call_command(command, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def lift_guard():
    """Let history be changed; what waits for the end of the transaction is checked first."""
    connection.check_constraints()
    remove_guard(connection)


def test_the_demo_has_no_difference(demo):
    assert run("check_access") == ("Access rows: no difference.\n", "")
    assert run("check_history") == ("History: no difference.\n", "")


def past_row():
    return LeadAccess.objects.filter(level=AccessLevel.PAST).first()


def current_row():
    return LeadAccess.objects.filter(level=AccessLevel.CURRENT).first()


def rows(row):
    return LeadAccess.objects.filter(lead=row.lead_id, desk=row.desk_id)


ACCESS_DAMAGE = {
    "column": (lambda: rows(current_row()).update(company="other"), "has company 'other'"),
    "score": (lambda: rows(current_row()).update(score=99), "has score 99 instead of"),
    "row gone": (lambda: rows(current_row()).delete(), "sees it and has no row"),
    "row too many": (
        lambda: rows(past_row()).update(level=AccessLevel.CURRENT, lost_at=None),
        "does not see it and has a row",
    ),
    "row too few": (
        lambda: rows(current_row()).update(level=AccessLevel.PAST),
        "sees it and has a past row",
    ),
    "past without moment": (
        lambda: rows(past_row()).update(lost_at=None),
        "without its moment or its contact",
    ),
    "past without contact": (
        lambda: PastView.objects.filter(lead=past_row().lead_id, desk=past_row().desk_id).delete(),
        "without its moment or its contact",
    ),
    "past with a stale status": (
        lambda: rows(past_row()).update(status=Status.PENDING_SUBMISSION),
        "has status 1 instead of",
    ),
    "lead changed behind the rows": (
        lambda: Lead.objects.filter(pk=current_row().lead_id).update(last_name="Other"),
        "instead of 'other'",
    ),
}


@pytest.mark.parametrize("damage", ACCESS_DAMAGE)
def test_damaged_access_rows_are_found(undone, damage):
    spoil, sentence = ACCESS_DAMAGE[damage]
    spoil()
    printed, error = run("check_access")
    assert sentence in printed
    assert "differences" in error


def second_line():
    lines = Event.objects.filter(number=2, kind=EventKind.ASSIGNED, lead__events__number=3)
    return lines.first()


def line(event):
    return Event.objects.filter(pk=event.pk)


HISTORY_DAMAGE = {
    "who": (lambda: line(second_line()).update(actor_name="Nobody"), "not as it was written"),
    "what": (lambda: line(second_line()).update(data={}), "not as it was written"),
    "line gone": (lambda: line(second_line()).delete(), "line 2 is missing"),
    "status changed past history": (
        lambda: Lead.objects.filter(pk=second_line().lead_id).update(status=Status.DELETED),
        "but it is deleted",
    ),
    "no history at all": (
        lambda: Event.objects.filter(lead=second_line().lead_id).delete(),
        "its history ends at nothing",
    ),
}


@pytest.mark.parametrize("damage", HISTORY_DAMAGE)
def test_damaged_history_is_found(undone, damage):
    lift_guard()
    spoil, sentence = HISTORY_DAMAGE[damage]
    spoil()
    printed, error = run("check_history")
    assert sentence in printed
    assert "differences" in error
