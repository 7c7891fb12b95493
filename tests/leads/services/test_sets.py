"""Many leads at once are what each of them would have been by itself, to the last column."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.enums import DeskKind
from leadportal.common import clock
from leadportal.common.errors import Refused
from leads.enums import BulkState, EventKind, HolderDesk, Outcome, Progress, Status
from leads.models import (
    ConversionRequest,
    Event,
    EventValue,
    Lead,
    LeadAccess,
    LeadProduct,
    PastView,
)
from leads.rules.bulk import BULK
from leads.rules.policy import verdict
from leads.rules.undo import BULK_UNDO_WITHIN
from leads.rules.workflow import Verdict
from leads.selectors.bulk import preview
from leads.selectors.facts import facts_of_all
from leads.services.access import refresh_access
from leads.services.acts import Act, carry_out_one
from leads.services.bulk import run_bulk, undo_bulk
from leads.services.history import record
from leads.services.integrity import access_faults, history_faults
from leads.services.lifecycle import Assignment, Disqualification
from leads.services.marks import ProgressMark
from leads.services.sales import NewProducts
from leads.services.undo import undo
from leads.services.writing import PARTS
from tests.factories import make_lead

MANY = 49  # seven in every status
ACTS = {
    "assign to a reseller": lambda cast: Assignment(cast.alpha, "Please call"),
    "assign to the vendor": lambda cast: Assignment(cast.vertex),
    "assign to sales": lambda cast: Assignment(None),
    "disqualify": lambda cast: Disqualification(
        cast.northgate.disqualify_reasons.get(needs_text=True), "Asked for flowers"
    ),
    "progress": lambda cast: ProgressMark(Progress.CONTACTED),
    "products": lambda cast: NewProducts((cast.product,)),
}


def any_lead(cast, number: int, dice: random.Random) -> Lead:
    """A lead in the status of its turn, with whatever companies, rows and lines chance gives it."""
    status = list(Status)[number % len(Status)]
    company = HolderDesk.COMPANY
    holders = [
        (cast.northgate, HolderDesk.HOST),
        (cast.northgate, HolderDesk.SALES),
        *((one, company) for one in (cast.alpha, cast.beta, cast.ripple, cast.vertex)),
    ]
    makers = [(None, 0), (cast.northgate, DeskKind.CHANNEL), (cast.ripple, DeskKind.COMPANY)]
    holder, desk = dice.choice(holders)
    maker, kinds = dice.choice(makers)
    lead = make_lead(
        cast.northgate,
        status,
        holder=holder,
        holder_desk=desk,
        maker=maker,
        maker_kinds=int(kinds),
        product=dice.choice([None, cast.product]),
        marketplace=dice.choice([None, cast.marketplace]),
        in_charge_id=dice.choice([None, cast.ann.user_id]),
        progress=dice.choice(list(Progress)),
        version=dice.choice([1, 2, 7]),
        outcome=Outcome.OPEN if status == Status.CONVERTED else Outcome.NONE,
        status_before_delete=Status.SUBMITTED if status == Status.DELETED else None,
    )
    if dice.random() < 0.4:  # some desk has lost it before
        lead.holder, lead.holder_desk = dice.choice(holders)
        lead.save()
        refresh_access(lead)
    record(lead, EventKind.CREATED, actor=cast.olga, data={"to": status.slug})
    if dice.random() < 0.3:
        LeadProduct.objects.create(lead=lead, product=cast.product)
    if status in {Status.ASSIGNED, Status.REFERRED} and dice.random() < 0.5:
        ConversionRequest.objects.create(lead=lead, company=cast.alpha)
    return lead


def stored() -> dict[str, Any]:
    """Everything about every lead, without the numbers that the database gives."""
    tables: dict[Any, list[str]] = {
        Lead: ["pk"],
        LeadAccess: ["lead", "desk"],
        PastView: ["lead", "desk"],
        Event: ["lead", "number"],
        LeadProduct: ["lead", "product"],
        ConversionRequest: ["lead", "pk"],
    }
    rows: dict[str, Any] = {
        model.__name__: [
            {name: value for name, value in row.items() if name != "id" or model is Lead}
            for row in model.objects.order_by(*order).values()
        ]
        for model, order in tables.items()
    }
    values = EventValue.objects.order_by("event__lead", "event__number", "field")
    rows["EventValue"] = list(
        values.values_list("event__lead", "event__number", "field", "old", "new")
    )
    return rows


def tried(work) -> tuple[bool, str]:
    """Do it; return whether it was done, and what was said if not."""
    try:
        work()
    except Refused as refusal:
        return False, refusal.sentence or "You no longer see this lead."
    return True, ""


def one_by_one(act: Act, leads: list[Lead], actor) -> tuple[list, dict, dict]:
    """Each lead by itself, then back: what was said of each, and the two states."""
    before = {lead.pk: Event.objects.filter(lead=lead).count() for lead in leads}
    said = [tried(lambda lead=lead: carry_out_one(act, lead, actor=actor)) for lead in leads]
    done = stored()
    with clock.at(clock.now() + timedelta(minutes=9)):
        for lead in leads:
            number = Event.objects.filter(lead=lead).count()
            if number > before[lead.pk]:
                tried(
                    lambda lead=lead, number=number: undo(
                        lead, number=number, actor=actor, within=BULK_UNDO_WITHIN
                    )
                )
        return said, done, stored()


def all_at_once(act: Act, leads: list[Lead], actor) -> tuple[list, dict, dict]:
    """The same as a bulk action."""
    run = run_bulk([lead.pk for lead in leads], act=act, key="k", actor=actor)
    outcomes = {one.lead_id: one for one in run.outcomes.all()}
    said = []
    for lead in leads:
        outcome = outcomes[lead.pk]
        was_so = outcome.reason == "Nothing to change: it was so already."
        is_done = outcome.state == BulkState.DONE or was_so
        said.append((is_done, "" if is_done else outcome.reason))
    done = stored()
    assert not [*access_faults(), *history_faults()]
    with clock.at(clock.now() + timedelta(minutes=9)):
        undo_bulk(run, actor=actor)
        assert not [*access_faults(), *history_faults()]
        return said, done, stored()


@pytest.mark.parametrize("name", ACTS)
def test_all_at_once_is_one_by_one(cast, name):
    dice = random.Random(name)
    leads = [any_lead(cast, number, dice) for number in range(MANY)]
    leads.append(make_lead(cast.southgate))
    record(leads[-1], EventKind.CREATED, actor=cast.otto, data={"to": "submitted"})
    assert not [*access_faults(), *history_faults()]
    act, before = ACTS[name](cast), stored()
    for actor in (cast.olga, cast.rita, cast.ann):
        results = []
        with clock.at(clock.now()):
            for way in (one_by_one, all_at_once):
                start = transaction.savepoint()
                results.append(way(act, leads, actor))
                transaction.savepoint_rollback(start)
        assert results[0] == results[1], actor.name
        said, done, undone = results[0]
        assert len(undone["Event"]) - len(done["Event"]) <= sum(is_done for is_done, _why in said)
        # The control: somebody may do it to some of these leads, and to some not.
        assert actor is not cast.olga or (done != before and len(set(said)) > 1)
    assert stored() == before


def test_a_run_costs_the_same_for_three_and_for_fifty(cast):
    def cost(number: int) -> tuple[int, int]:
        leads = [
            make_lead(
                cast.northgate,
                Status.ASSIGNED,
                holder=cast.beta,
                holder_desk=HolderDesk.COMPANY,
                product=cast.product,
            )
            for _lead in range(number)
        ]
        keys = [lead.pk for lead in leads]
        with CaptureQueriesContext(connection) as doing:
            run = run_bulk(keys, act=Assignment(cast.alpha), key=str(number), actor=cast.rita)
        with CaptureQueriesContext(connection) as undoing:
            undo_bulk(run, actor=cast.rita)
        assert set(run.outcomes.values_list("state", flat=True)) == {BulkState.UNDONE}
        return len(doing), len(undoing)

    if connection.vendor == "postgresql":
        assert cost(3) == cost(50)
        return
    # SQLite takes up to 999 values in one statement, so that inserts come in pieces.
    for few, many in zip(cost(3), cost(50), strict=True):
        assert many <= few + 6


@pytest.mark.parametrize("who", ["olga", "rita", "ann", "sam", "vera"])
def test_the_confirmation_counts_what_the_table_says_of_each_lead(cast, who):
    dice, actor = random.Random(who), getattr(cast, who)
    for number in range(MANY):
        any_lead(cast, number, dice)
    seen = LeadAccess.objects.visible_to(actor)
    facts = facts_of_all(seen.select_related(*(f"lead__{part}" for part in PARTS)), actor)
    for action in BULK:
        verdicts = Counter((verdict(action, one, actor), one.status) for one in facts.values())
        found = preview(seen, action, actor)
        assert found.total == len(facts) > 0
        assert found.closed == {
            status: n for (answer, status), n in verdicts.items() if answer is Verdict.NOT_NOW
        }
        allowed = sum(n for (answer, _s), n in verdicts.items() if answer is Verdict.ALLOWED)
        assert (found.allowed, found.denied) == (
            allowed,
            found.total - allowed - found.closed.total(),
        )
