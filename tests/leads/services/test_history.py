"""History is append-only, also for somebody who goes past the portal (security.md R25)."""

import pytest
from django.db import DatabaseError, connection, transaction

from leads.enums import EventKind
from leads.models import Event, EventValue
from leads.models.guards import install_guard, remove_guard
from leads.services.history import digest_of
from leads.services.leads import edit_lead
from leads.services.lifecycle import assign_lead
from tests.factories import make_lead


@pytest.fixture
def lead(transactional_db, cast):
    """A lead with two lines."""
    lead = assign_lead(make_lead(cast.northgate), to=cast.alpha, actor=cast.rita)
    return edit_lead(
        lead, details={"city": "Porto"}, attributes={}, version=lead.version, actor=cast.ann
    )


TAMPERING = {
    "update": "UPDATE leads_event SET kind = 'created'",
    "delete": "DELETE FROM leads_event",
}


@pytest.mark.parametrize("sql", TAMPERING.values(), ids=TAMPERING)
def test_line_cannot_be_changed_or_removed(lead, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)
    assert Event.objects.filter(lead=lead).count() == 2


@pytest.mark.parametrize("sql", TAMPERING.values(), ids=TAMPERING)
def test_control_without_the_guard_it_can(lead, sql):
    EventValue.objects.all().delete()
    remove_guard(connection)
    connection.cursor().execute(sql)
    install_guard(connection)
    assert not Event.objects.filter(lead=lead).exclude(kind=EventKind.CREATED).exists()


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_table_cannot_be_truncated(lead):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute("TRUNCATE leads_event CASCADE")


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no REPLACE")
def test_line_cannot_be_replaced(lead):
    pk = Event.objects.filter(lead=lead).first().pk
    sql = (
        "INSERT OR REPLACE INTO leads_event SELECT id, 99, kind, at, actor_name, is_staff, data, digest,"
        " actor_company_id, actor_user_id, audience_company_id, lead_id FROM leads_event WHERE id = %s"
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute(sql, [pk])


def test_lines_are_numbered_and_chained(lead):
    before = ""
    for number, event in enumerate(Event.objects.filter(lead=lead).order_by("number"), start=1):
        assert (event.number, event.digest) == (number, digest_of(event, before))
        before = event.digest


def test_values_stand_beside_the_line_and_can_be_erased(lead):
    line = Event.objects.get(lead=lead, kind=EventKind.UPDATED)
    assert "Porto" not in str(line.data)
    assert line.values.get().new == "Porto"
    EventValue.objects.filter(event=line).delete()
    assert line.digest == digest_of(line, Event.objects.get(lead=lead, number=1).digest)
