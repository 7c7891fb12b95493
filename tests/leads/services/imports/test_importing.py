"""Leads from files: the same leads as by hand, once each, and back again (ux.md 2.11; domain.md section 7)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Job
from accounts.services.jobs import LEASE, LeaseLostError, Work, claim_job, do_due_jobs
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden
from leads.enums import Duplicates, EventKind, ImportState, SourceKind, Status
from leads.models import Event, Import, ImportedLead, InboxItem, Lead, LeadAccess, PastView
from leads.rules.permissions import imports_leads
from leads.services.imports import running
from leads.services.imports.steps import cancel_import, request_undo, start_import
from leads.services.integrity import access_faults, history_faults
from leads.services.leads import associate_company, create_lead, edit_lead
from leads.services.notes import add_note
from templates_app.models import CustomAttribute
from tests.factories import fresh, make_lead
from tests.leads.files import bring_in, check, csv_of, send

HEADER = ("First name", "Last name", "Email", "Company", "Phone", "Country")


def people(count: int, first: int = 0) -> list[tuple[str, ...]]:
    """Return rows of different people."""
    return [
        ("Ana", f"Sousa {n}", f"ana{n}@x.example", f"Northwind {n}", "+351 912 345 678", "Portugal")
        for n in range(first, first + count)
    ]


# What undoing cannot take back. History only grows, so that a lead which was made stays behind it as a deleted one,
# with who may still see that; the import itself is the record of what it did, its jobs of when, and what people
# were told of it they have read.
GROWS = {"Event", "EventValue", "Import", "ImportedLead", "ImportFault", "Job", "InboxItem"}
# A write is a write: stale forms have to notice it, and the copy of the search text is brought up to date by it.
BY_WRITE = ("version", "updated_at", "search_changed_at")


def dump() -> dict[str, list[str]]:
    """Return every row of every table of ours, but for what only grows and for leads that an import has made."""
    made = set(ImportedLead.objects.filter(is_new=True).values_list("lead", flat=True))
    found = {}
    for app in ("leads", "accounts", "templates_app"):
        for model in apps.get_app_config(app).get_models():
            if model.__name__ in GROWS:
                continue
            of_lead = "id" if model is Lead else "lead_id"
            rows: Any = model._base_manager.values()
            kept = [row for row in rows if row.get(of_lead) not in made]
            plain = [{**row, **dict.fromkeys(BY_WRITE, 0)} for row in kept]
            found[model.__name__] = sorted(json.dumps(row, default=str) for row in plain)
    return found


def assert_sound() -> None:
    """Every access row and every line of history is what it must be."""
    assert list(access_faults()) == []
    assert list(history_faults()) == []


# --- The same as by hand ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["olga", "rita", "sam", "ann", "vera"])
def test_an_imported_lead_is_what_it_would_be_by_hand(cast, who):
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    actor = fresh(getattr(cast, who))
    CustomAttribute.objects.create(
        host=cast.northgate, key="budget", label="Budget", edit_roles=list(Role.values)
    )
    place: dict[str, Any] = {"marketplace": cast.marketplace}
    place |= {"product": cast.product} if who == "vera" else {}
    budget = {} if who == "vera" else {"budget": "10"}
    contact = {"first_name": "Ana", "last_name": "Sousa", "email": "ana@x.example", "country": "PT"}
    by_hand = create_lead(contact, actor=actor, attributes=budget, **place)
    row = ["Ana", "Sousa", "ana@x.example", "Portugal", *budget.values()]
    header = ["First name", "Last name", "Email", "Country", *(["Budget"] if budget else [])]
    source = bring_in(csv_of(header, [row]), actor, duplicates=Duplicates.CREATE, **place)
    assert source.made == 1, list(source.faults.values())
    imported = ImportedLead.objects.get(source=source).lead
    own = {"id", "reference", "search", "source_kind", "source_company_id", "source_name"}
    moments = {name for name in vars(by_hand) if name.endswith("_at")}
    both = [Lead.objects.values().get(pk=one.pk) for one in (by_hand, imported)]
    assert {k: v for k, v in both[0].items() if k not in own | moments} == {
        k: v for k, v in both[1].items() if k not in own | moments
    }
    assert both[1]["search"] == both[0]["search"].replace(
        by_hand.reference.lower(), imported.reference.lower()
    )
    assert (imported.source_kind, imported.source_label) == (SourceKind.IMPORT, "leads.csv")
    lines = [
        list(Event.objects.filter(lead=one).order_by("number").values_list("kind", "data"))
        for one in (by_hand, imported)
    ]
    assert [kind for kind, _data in lines[0]] == [kind for kind, _data in lines[1]]
    assert lines[1][0][1] == {**lines[0][0][1], "source": "import", "import": source.pk}
    seen = [
        set(LeadAccess.objects.filter(lead=one).values_list("desk", "status", "level"))
        for one in (by_hand, imported)
    ]
    assert seen[0] == seen[1]
    assert_sound()


def test_an_operator_maps_the_holder_and_everybody_is_told_once(cast):
    rows = [
        ("Eins", "e1@x.example", "Alpha"),
        ("Zwei", "e2@x.example", "alpha"),
        ("Drei", "e3@x.example", "Northgate Sales"),
        ("Vier", "e4@x.example", "Northgate"),
        ("Fünf", "e5@x.example", "Southgate"),
        ("Sechs", "e6@x.example", ""),
    ]
    text = csv_of(("Last name", "Email", "Recipient"), rows)
    source = bring_in(text, cast.olga)
    found = {
        lead.last_name: (Status(lead.status), lead.recipient_label)
        for lead in Lead.objects.select_related("holder")
    }
    assert found == {
        "Eins": (Status.ASSIGNED, "Alpha"),
        "Zwei": (Status.ASSIGNED, "Alpha"),
        "Drei": (Status.ASSIGNED, "Northgate Sales"),
        "Vier": (Status.SUBMITTED, "Northgate"),
        "Sechs": (Status.SUBMITTED, "Northgate"),
    }
    assert source.failed == 1
    told = dict(InboxItem.objects.values_list("user", "text"))
    assert told[cast.ann.user_id] == "Northgate has brought in 2 leads for you by an import."
    assert told[cast.sam.user_id] == "Northgate has brought in 1 lead for you by an import."
    assert told[cast.olga.user_id] == "Your import is finished: 5 leads were made."
    assert InboxItem.objects.count() == 3
    assert_sound()
    bring_in(text, cast.rita)  # a reseller manager's files name no recipients
    assert Lead.objects.filter(created_by=cast.rita.user_id, status=Status.ASSIGNED).count() == 0


def test_who_may_import(cast):
    who = {
        name
        for name in ("olga", "rita", "sam", "ann", "ray", "vera", "cleo")
        if imports_leads(getattr(cast, name))
    }
    assert who == {"olga", "rita", "sam", "vera"}
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    assert imports_leads(fresh(cast.ann))
    with pytest.raises(Forbidden):
        send("Email\na@x.example\n", cast.ray)


# --- Duplicates ---------------------------------------------------------------------------------------


def test_duplicates_are_found_among_what_the_importer_sees(cast):
    mine = make_lead(cast.northgate, email="Ana@X.example", first_name="Ana", last_name="Old")
    named = make_lead(cast.northgate, email="", company="Añejo", first_name="Bo", last_name="Li")
    make_lead(
        cast.northgate, email="other@x.example", company="Two", first_name="Bo", last_name="Li"
    )
    make_lead(cast.southgate, email="foreign@x.example")
    make_lead(cast.northgate, Status.DELETED, email="gone@x.example")
    rows = [
        ("Ana", "New", "ana@x.EXAMPLE", ""),
        ("bo", "LI", "", "anejo"),
        ("Fo", "Reign", "foreign@x.example", ""),
        ("Go", "Ne", "gone@x.example", ""),
        ("Fo", "Again", "FOREIGN@x.example", ""),
        ("Bo", "Li", "another@x.example", "Two"),  # another address is another person
        ("Bo", "Li", "third@x.example", "Two"),
    ]
    source = check(send(csv_of(HEADER[:4], rows), cast.olga), cast.olga)
    assert source.counts == {"rows": 7, "new": 4, "duplicate": 3, "update": 0, "error": 0}
    assert source.examples == [
        {"number": 2, "fields": [], "lead": mine.pk, "by": "email"},
        {"number": 3, "fields": [], "lead": named.pk, "by": "name"},
        {"number": 6, "fields": [], "row": 4, "by": "row"},
    ]
    start_import(source, duplicates=Duplicates.SKIP, actor=cast.olga)
    do_due_jobs()
    source.refresh_from_db()
    assert (source.made, source.skipped) == (4, 3)
    again = bring_in(csv_of(HEADER[:4], rows), cast.olga, duplicates=Duplicates.CREATE)
    assert (again.name, again.made) == ("leads (2).csv", 7)


def test_empty_fields_are_filled_and_nothing_else(cast):
    CustomAttribute.objects.create(host=cast.northgate, key="size", label="Size")
    lead = make_lead(cast.northgate, email="ana@x.example", company="", phone="", city="Porto")
    closed = make_lead(cast.northgate, Status.CONVERTED, email="won@x.example", company="")
    header = ("Email", "Company", "Town", "Job title", "Attribute")
    rows = [
        ("ana@x.example", "Northwind", "Lisbon", "", ""),
        ("ANA@x.example", "Ignored", "", "Buyer", "XL"),
        ("won@x.example", "Late", "", "", ""),
        ("new@x.example", "First", "", "", ""),
        ("new@x.example", "Second", "Faro", "", ""),
    ]
    mapping = ["email", "company", "city", "job_title", "attribute:size"]
    source = bring_in(csv_of(header, rows), cast.olga, mapping=mapping, duplicates=Duplicates.FILL)
    lead.refresh_from_db()
    assert (lead.company, lead.city, lead.job_title) == ("Northwind", "Porto", "Buyer")
    assert lead.attributes == {"size": "XL"}
    assert "northwind" in lead.search
    new = Lead.objects.get(email="new@x.example")
    assert (new.company, new.city) == ("First", "Faro")
    assert (source.made, source.updated, source.skipped, source.failed) == (1, 3, 0, 1)
    assert source.faults.get().row == 4
    closed.refresh_from_db()
    assert closed.company == ""
    [line] = Event.objects.filter(lead=lead)
    assert (line.kind, line.actor_user_id) == (EventKind.UPDATED, cast.olga.user_id)
    assert line.data["fields"] == ["attribute:size", "company", "job_title"]
    assert_only_access_is_sound(lead)


def assert_only_access_is_sound(lead: Lead) -> None:
    """Leads that the factory forced into a state have no history to replay."""
    assert [fault for fault in access_faults() if lead.reference in fault] == []


# --- Undo ---------------------------------------------------------------------------------------------


def test_undo_gives_back_the_state_before(cast):
    company = cast.customer
    lead = make_lead(cast.northgate, email="ana@x.example", company="", phone="")
    cleo = fresh(cast.cleo)
    from accounts.models import User

    associate_company(
        lead, user=User.objects.get(pk=cleo.user_id), company=company, actor=cast.olga
    )
    before = dump()
    rows = [
        ("ana@x.example", "Northwind", "+351 912 345 678", ""),
        ("b@x.example", "Beta", "", "Alpha"),
        ("c@x.example", "Gamma", "", ""),
    ]
    text = csv_of(("Email", "Company", "Phone", "Recipient"), rows)
    source = bring_in(text, cast.olga, duplicates=Duplicates.FILL)
    assert dump() != before
    request_undo(source, actor=cast.olga)
    request_undo(source, actor=cast.olga)  # pressed twice
    do_due_jobs()
    source.refresh_from_db()
    assert (source.state, source.undone, source.kept) == (ImportState.UNDONE, 3, 0)
    after = dump()
    assert {
        name: set(after[name]) ^ set(before[name]) for name in before if after[name] != before[name]
    } == {}
    assert not PastView.objects.exists()  # Alpha keeps no trace
    assert not LeadAccess.objects.filter(desk=cast.ann.desk_id).exists()
    assert list(access_faults()) == []
    again = bring_in(text, cast.olga)
    assert (again.made, again.skipped) == (2, 1)


def test_undo_keeps_what_somebody_touched(cast):
    source = bring_in(csv_of(HEADER, people(4)), cast.olga)
    first, second, third, _fourth = Lead.objects.order_by("pk")
    edit_lead(first, details={"city": "Porto"}, attributes={}, actor=cast.rita, version=1)
    add_note(second, body="Called", kind="call", audience="company", actor=cast.rita)
    third_row = LeadAccess.objects.get(lead=third, desk=cast.rita.desk_id)
    LeadAccess.objects.filter(pk=third_row.pk).update(is_unread=False)  # looked at, not touched
    request_undo(source, actor=cast.olga)
    do_due_jobs()
    source.refresh_from_db()
    assert (source.undone, source.kept) == (2, 2)
    left = Lead.objects.exclude(status=Status.DELETED).order_by("pk")
    assert [lead.pk for lead in left] == [first.pk, second.pk]
    assert_sound()


def test_undo_ends_after_a_day(cast, monkeypatch):
    source = bring_in(csv_of(HEADER, people(1)), cast.olga)
    late = clock.now() + timedelta(hours=24, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(Conflict):
        request_undo(source, actor=cast.olga)


# --- Going on, and stopping ---------------------------------------------------------------------------


@pytest.fixture
def small_batches(monkeypatch):
    """Write three rows at a time."""
    from leads.services.imports import checking

    monkeypatch.setattr(checking, "BATCH", 3)


def begun(cast, count: int = 10) -> Any:
    source = check(send(csv_of(HEADER, people(count)), cast.olga), cast.olga)
    return start_import(source, duplicates=Duplicates.CREATE, actor=cast.olga)


def test_a_killed_worker_is_made_up_for_without_doubling_a_row(cast, monkeypatch, small_batches):
    source = begun(cast)
    written = running.BatchWriter.write
    calls = []

    def dies(self: Any, batch: Any) -> Any:
        calls.append(batch)
        found = written(self, batch)
        if len(calls) == 3:
            raise KeyboardInterrupt  # in the middle of a batch, after its rows were written
        return found

    monkeypatch.setattr(running.BatchWriter, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        do_due_jobs()
    assert Lead.objects.count() == 6
    Job.objects.filter(pk=source.job_id).update(leased_until=timezone.now() - LEASE)
    do_due_jobs()
    source.refresh_from_db()
    assert (source.state, source.made) == (ImportState.DONE, 10)
    emails = Lead.objects.values_list("email", flat=True)
    assert len(emails) == len(set(emails)) == 10
    assert_sound()


def test_a_worker_that_lost_its_lease_writes_nothing(cast, small_batches):
    source = begun(cast)
    job = claim_job()
    assert job
    Job.objects.filter(pk=job.pk).update(leased_until=timezone.now() - LEASE)
    do_due_jobs()  # another worker
    # As this one knew it when it took the job; without the lease it would write all rows again.
    Import.objects.filter(pk=source.pk).update(position=0, made=0, state=ImportState.IMPORTING)
    with pytest.raises(LeaseLostError):
        running.run_import(Work(job))
    source.refresh_from_db()
    assert (source.made, Lead.objects.count()) == (0, 10)


def test_cancelling_keeps_what_was_made_and_can_be_undone(cast, monkeypatch, small_batches):
    source = begun(cast)
    read = running.batches

    def cancelled(*given: Any) -> Any:
        for batch in read(*given):
            if batch[0].number > 4:
                cancel_import(source, actor=cast.olga)
            yield batch

    monkeypatch.setattr(running, "batches", cancelled)
    do_due_jobs()
    source.refresh_from_db()
    assert (source.state, source.made, Lead.objects.count()) == (ImportState.CANCELLED, 3, 3)
    with pytest.raises(Conflict):
        cancel_import(source, actor=cast.olga)
    request_undo(source, actor=cast.olga)
    do_due_jobs()
    assert Lead.objects.exclude(status=Status.DELETED).count() == 0


def test_who_loses_the_right_imports_nothing_more(cast):
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    ann = fresh(cast.ann)
    source = check(send(csv_of(HEADER, people(2)), ann), ann)
    start_import(source, duplicates=Duplicates.SKIP, actor=ann)
    cast.alpha.can_create_leads = False
    cast.alpha.save()
    do_due_jobs()
    source.refresh_from_db()
    assert (source.has_failed, source.made) == (True, 0)
    assert source.job.last_error == "You may no longer import leads here."


def test_a_batch_that_is_refused_is_written_row_by_row(cast, monkeypatch):
    from leads.services.imports.running import create_leads

    def refuses(drafts: Any, **more: Any) -> Any:
        if any(draft.contact["last_name"] == "Sousa 1" for draft in drafts):
            raise Conflict("Somebody was faster.")
        return create_leads(drafts, **more)

    monkeypatch.setattr(running, "create_leads", refuses)
    source = bring_in(csv_of(HEADER, people(3)), cast.olga)
    assert (source.made, source.failed) == (2, 1)
    assert list(source.faults.values_list("row", "sentence")) == [(3, "Somebody was faster.")]
