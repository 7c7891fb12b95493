"""One action on many leads: the rules of each, what becomes of each, once, and back (ux.md L31, L32)."""

from datetime import timedelta

import pytest

from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leads.enums import BulkState, EventKind, HolderDesk, Progress, Status
from leads.models import BulkRun, Event, Lead
from leads.rules import bulk
from leads.rules.policy import may_ever
from leads.rules.undo import UNDOABLE
from leads.rules.workflow import CONDITIONS, Action
from leads.selectors.bulk import preview
from leads.services.acts import Act
from leads.services.bulk import run_bulk, undo_bulk
from leads.services.lifecycle import Assignment, Disqualification, disqualify_lead
from leads.services.marks import ProgressMark, set_progress
from leads.services.sales import NewProducts
from tests.factories import make_lead
from tests.leads.actions import rows


def assign_all(leads, cast, key="once", actor=None) -> BulkRun:
    """Rita assigns `leads` to Alpha."""
    actor = actor or cast.rita
    return run_bulk(
        [lead.pk for lead in leads],
        act=Assignment(cast.alpha),
        key=key,
        actor=actor,
    )


def outcomes(run: BulkRun) -> dict[int, tuple[str, str]]:
    """What became of each lead: state and reason."""
    return {one.lead_id: (one.state, one.reason) for one in run.outcomes.all()}


def lines(lead: Lead, kind: EventKind = EventKind.ASSIGNED) -> int:
    """How many history lines of a kind a lead has."""
    return Event.objects.filter(lead=lead, kind=kind).count()


@pytest.fixture
def leads(cast) -> list[Lead]:
    """Three submitted leads and a converted one, all Northgate's."""
    return [
        *(make_lead(cast.northgate) for _number in range(3)),
        make_lead(cast.northgate, Status.CONVERTED),
    ]


def test_each_lead_is_moved_with_a_line_of_its_own_and_the_others_say_why_not(cast, leads):
    run = assign_all(leads, cast)
    *open_leads, converted = leads
    for lead in open_leads:
        lead.refresh_from_db()
        assert (lead.status, lead.holder) == (Status.ASSIGNED, cast.alpha)
        assert lines(lead) == 1
        assert outcomes(run)[lead.pk] == (BulkState.DONE, "")
    assert lines(converted) == 0
    state, reason = outcomes(run)[converted.pk]
    assert state == BulkState.SKIPPED
    assert reason == "This lead is converted, so it can no longer be assigned."
    assert run.finished_at


def test_a_lead_that_changed_meanwhile_is_skipped_with_what_happened(cast, leads):
    reason = cast.northgate.disqualify_reasons.get(needs_text=False)
    disqualify_lead(leads[0], reason=reason, actor=cast.olga)
    state, why = outcomes(assign_all(leads, cast))[leads[0].pk]
    assert state == BulkState.SKIPPED
    assert why.startswith("This lead was disqualified by Olga Orr at ")


def test_foreign_leads_stay_as_they_are(cast, leads):
    foreign = make_lead(cast.southgate)
    state, why = outcomes(assign_all([*leads, foreign], cast))[foreign.pk]
    assert (state, why) == (BulkState.SKIPPED, "You no longer see this lead.")
    foreign.refresh_from_db()
    assert foreign.status == Status.SUBMITTED


def test_one_failure_does_not_lose_the_others(cast, leads):
    class Fails(Assignment):
        def decide(self, held, seen, actor):
            if held.lead.pk == leads[1].pk:
                raise RuntimeError
            return super().decide(held, seen, actor)

    run = run_bulk([lead.pk for lead in leads[:3]], act=Fails(cast.alpha), key="k", actor=cast.rita)
    states = [outcomes(run)[lead.pk][0] for lead in leads[:3]]
    assert states == [BulkState.DONE, BulkState.FAILED, BulkState.DONE]
    assert [lines(lead) for lead in leads[:3]] == [1, 0, 1]


def test_a_run_that_breaks_leaves_nothing_and_can_be_sent_again(cast, leads):
    class Breaks(Assignment):
        def store(self, changes, seen, actor):
            raise RuntimeError

    keys = [lead.pk for lead in leads]
    with pytest.raises(RuntimeError):
        run_bulk(keys, act=Breaks(cast.alpha), key="once", actor=cast.rita)
    assert not BulkRun.objects.exists()
    assert not Event.objects.exists()
    assert assign_all(leads, cast).finished_at


def test_the_same_confirmation_runs_once(cast, leads):
    first = assign_all(leads, cast)
    assert assign_all(leads, cast) == first
    assert BulkRun.objects.count() == 1
    assert [lines(lead) for lead in leads] == [1, 1, 1, 0]


def test_what_was_so_already_is_skipped_and_gets_no_line(cast, leads):
    set_progress(leads[0], progress=Progress.CONTACTED, actor=cast.olga)
    run = run_bulk(
        [lead.pk for lead in leads],
        act=ProgressMark(Progress.CONTACTED),
        key="k",
        actor=cast.rita,
    )
    already = (BulkState.SKIPPED, "Nothing to change: it was so already.")
    assert outcomes(run)[leads[0].pk] == already
    assert lines(leads[0], EventKind.PROGRESS_CHANGED) == 1
    assert outcomes(run)[leads[1].pk][0] == BulkState.DONE


def test_more_leads_than_anybody_can_wait_for_are_refused_and_not_cut(cast, leads, monkeypatch):
    monkeypatch.setattr("leads.services.bulk.MOST", 3)
    with pytest.raises(Invalid):
        assign_all(leads, cast)
    assert not BulkRun.objects.exists()


# --- Undo -----------------------------------------------------------------------------------------------


def act_of(action: Action, cast) -> Act:
    """Something of each bulk action that can be done to a lead of Northgate's."""
    return {
        Action.ASSIGN: Assignment(cast.alpha, "Please call"),
        Action.DISQUALIFY: Disqualification(
            cast.northgate.disqualify_reasons.get(needs_text=True), "Asked for flowers"
        ),
        Action.PROGRESS: ProgressMark(Progress.PURCHASED),
        Action.PRODUCTS: NewProducts((cast.product,)),
    }[action]


@pytest.mark.parametrize("action", bulk.BULK)
def test_every_bulk_action_can_be_undone_for_ten_minutes(cast, action):
    desk = {"holder": cast.beta, "holder_desk": HolderDesk.COMPANY}
    several = [make_lead(cast.northgate, Status.REFERRED, **desk) for _number in range(3)]
    before = list(Lead.objects.order_by("pk").values("status", "holder", "progress"))
    run = run_bulk(
        [lead.pk for lead in several],
        act=act_of(action, cast),
        key="k",
        actor=cast.olga,
    )
    assert {state for state, _why in outcomes(run).values()} == {BulkState.DONE}
    with clock.at(clock.now() + timedelta(minutes=9)):
        undo_bulk(run, actor=cast.olga)
    assert list(Lead.objects.order_by("pk").values("status", "holder", "progress")) == before
    assert {state for state, _why in outcomes(run).values()} == {BulkState.UNDONE}


def test_what_changed_since_stays_and_is_told(cast, leads):
    run = assign_all(leads, cast)
    set_progress(leads[0], progress=Progress.CONTACTED, actor=cast.ann)
    undo_bulk(run, actor=cast.rita)
    assert outcomes(run)[leads[0].pk] == (
        BulkState.DONE,
        "Not undone: the lead has changed since.",
    )
    assert outcomes(run)[leads[1].pk][0] == BulkState.UNDONE
    assert Lead.objects.get(pk=leads[0].pk).status == Status.ASSIGNED
    assert Lead.objects.get(pk=leads[1].pk).status == Status.SUBMITTED


def test_not_after_ten_minutes_and_not_twice(cast, leads):
    run = assign_all(leads, cast)
    with clock.at(clock.now() + timedelta(minutes=11)), pytest.raises(Conflict):
        undo_bulk(run, actor=cast.rita)
    undo_bulk(run, actor=cast.rita)
    with pytest.raises(Conflict):
        undo_bulk(run, actor=cast.rita)


# --- Before it is done ----------------------------------------------------------------------------------


def test_preview_counts_what_the_services_then_do(cast, leads, django_assert_num_queries):
    from leads.models import LeadAccess

    reason = cast.northgate.disqualify_reasons.get(needs_text=False)
    disqualify_lead(leads[0], reason=reason, actor=cast.olga)
    seen = LeadAccess.objects.visible_to(cast.rita)
    with django_assert_num_queries(1):
        found = preview(seen, Action.ASSIGN, cast.rita)
    assert (found.total, found.allowed, found.denied) == (4, 2, 0)
    assert found.closed == {Status.DISQUALIFIED: 1, Status.CONVERTED: 1}
    states = [state for state, _why in outcomes(assign_all(leads, cast)).values()]
    assert states.count(BulkState.DONE) == found.allowed


def test_preview_may_leave_conversion_requests_alone():
    """The control of its one query: no bulk action has a condition."""
    assert not CONDITIONS.keys() & bulk.BULK.keys()


def test_every_bulk_action_leaves_a_line_that_can_be_taken_back():
    assert set(bulk.BULK.values()) <= UNDOABLE


def test_buttons_are_for_roles_that_can_ever_do_it(cast):
    people = {"olga", "rita", "sam", "ann", "ben", "ray", "vera"}
    who = {
        action: {name for name in people if may_ever(action, getattr(cast, name))}
        for action in bulk.BULK
    }
    assert who == {
        Action.ASSIGN: {"olga", "rita"},
        Action.DISQUALIFY: {"olga", "rita", "sam", "ann", "ben", "vera"},
        Action.PROGRESS: people,
        Action.PRODUCTS: people,
    }


def test_whoever_may_do_it_somewhere_has_the_button(cast):
    """The same from the hand-written answers of the table of moves."""
    from dataclasses import replace

    from leads.rules.workflow import Verdict

    for row in rows():
        if Verdict.ALLOWED.value in row.codes.values():
            actor = replace(cast.ann, roles=frozenset({row.role}), rights=row.rights)
            assert may_ever(row.action, actor), row
