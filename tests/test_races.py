"""Many processes do the same thing at once: exactly one wins, the others get a clear answer (security.md F4)."""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from accounts.enums import CustomerRight
from accounts.models import Company, User
from leadportal.common.errors import Refused
from leads.enums import EventKind, HolderDesk, Status
from leads.models import Conversion, Event, Lead, RoutingTurn, Submission
from leads.rules.routing.book import Book, Gives, Member, Rule
from leads.selectors.intake import listing_form
from leads.services.asking import accept_submission
from leads.services.bulk import run_bulk
from leads.services.conversion import Wish, convert_lead
from leads.services.leads import create_lead
from leads.services.lifecycle import (
    Assignment,
    Disqualification,
    accept_lead,
    assign_lead,
    decline_lead,
)
from leads.services.routing.drafts import change_draft
from leads.services.routing.publishing import publish_rules
from tests.factories import fresh, make_lead, make_person
from tests.leads.intake.visitor import ANSWERS

PROCESSES = 16
WISH = Wish("Northwind Traders", "ana@northwind.example", "Ana", "Sousa")
fork = multiprocessing.get_context("fork")

pytestmark = pytest.mark.slow


def _run(work: Callable[[], object], barrier, answers) -> None:
    """Do the work in a process of its own, on a connection of its own, when all are ready."""
    for alias in connections:
        # While a browser's loop runs, Django puts a thread's connections elsewhere, and `race` closes those.
        # The loop is not here, so the ones from before it come to light: the parent's, and every racer's.
        del connections[alias]
    try:
        barrier.wait(timeout=60)
        work()
        answers.put("done")
    except Refused as refusal:
        answers.put(type(refusal).__name__)
    except BaseException as error:  # noqa: BLE001  (the parent must hear of anything, or it waits for ever)
        answers.put(f"{type(error).__name__}: {error}")
    finally:
        connections.close_all()


def race(works: list[Callable[[], object]]) -> Counter[str]:
    """Run each of `works` in its own process, all from one barrier; return how often each answer came."""
    connections.close_all()
    for alias in connections:
        if connections[alias].vendor == "postgresql":
            connection: Any = connections[alias]
            connection.close_pool()
    barrier, answers = fork.Barrier(len(works)), fork.Queue()
    processes = [fork.Process(target=_run, args=(work, barrier, answers)) for work in works]
    for process in processes:
        process.start()
    found = Counter(answers.get(timeout=120) for _process in processes)
    for process in processes:
        process.join(timeout=30)
    return found


@pytest.fixture
def assigned(transactional_db, cast) -> Lead:
    """A lead that Alpha, which may convert freely, has been assigned."""
    cast.alpha.can_create_customers = CustomerRight.FREE
    cast.alpha.save()
    return make_lead(
        cast.northgate, Status.ASSIGNED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )


def lines(lead: Lead, kind: EventKind) -> int:
    """Count history lines."""
    return Event.objects.filter(lead=lead, kind=kind).count()


def test_one_person_converts_sixteen_times(assigned, cast):
    ann = fresh(cast.ann)
    companies = Company.objects.count()
    found = race([lambda: convert_lead(assigned, wish=WISH, actor=ann)] * PROCESSES)
    # The same person's repeats are answered with the conversion that is there, or told that it is done.
    assert found["done"] >= 1
    assert found["done"] + found["Conflict"] == PROCESSES, found
    assert Company.objects.count() == companies + 1
    assert Conversion.objects.filter(lead=assigned).count() == 1
    assert User.objects.filter(email=WISH.email).count() == 1
    assert lines(assigned, EventKind.CONVERTED) == 1


def test_sixteen_people_convert_one_lead(assigned, cast):
    people = [make_person(cast.alpha, "reseller") for _number in range(PROCESSES)]
    companies = Company.objects.count()
    found = race([lambda who=who: convert_lead(assigned, wish=WISH, actor=who) for who in people])
    assert found == {"done": 1, "Conflict": PROCESSES - 1}
    assert Company.objects.count() == companies + 1
    assert lines(assigned, EventKind.CONVERTED) == 1


def test_two_leads_of_one_address_make_one_account(assigned, cast):
    other = make_lead(
        cast.northgate, Status.ASSIGNED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    ann = fresh(cast.ann)
    found = race(
        [
            lambda: convert_lead(assigned, wish=WISH, actor=ann),
            lambda: convert_lead(other, wish=WISH, actor=ann),
        ]
    )
    assert found["done"] == 1, found
    assert User.objects.get(email=WISH.email).memberships.count() == 1


def test_sixteen_managers_assign_to_two_companies(transactional_db, cast):
    lead = make_lead(cast.northgate)
    people = [make_person(cast.northgate, "reseller_manager") for _number in range(PROCESSES)]
    found = race([lambda who=who: assign_lead(lead, to=cast.alpha, actor=who) for who in people])
    assert found == {"done": 1, "Invalid": PROCESSES - 1}
    assert lines(lead, EventKind.ASSIGNED) == 1


def test_sixteen_people_accept_one_lead(assigned, cast):
    people = [make_person(cast.alpha, "reseller") for _number in range(PROCESSES)]
    found = race([lambda who=who: accept_lead(assigned, actor=who) for who in people])
    assert found == {"done": 1, "Conflict": PROCESSES - 1}
    assert lines(assigned, EventKind.ACCEPTED) == 1


def test_control_without_the_lock_and_the_version_more_than_one_wins(assigned, cast):
    """The same race on plain read-check-write: what the lock and the conditional write are there for."""
    people = [make_person(cast.alpha, "reseller") for _number in range(PROCESSES)]

    def accept_unguarded() -> None:
        lead = Lead.objects.get(pk=assigned.pk)
        if lead.status != Status.ASSIGNED:
            raise Refused
        time.sleep(0.2)  # a busy moment between look and write: all have looked by then
        lead.status = Status.REFERRED
        lead.save()

    found = race([accept_unguarded] * len(people))
    assert found["done"] > 1, found


def test_one_page_is_received_sixteen_times(transactional_db, cast):
    form = listing_form(cast.listing.slug)
    found = race([lambda: accept_submission(form, key="page", payload=ANSWERS)] * PROCESSES)
    assert found == {"done": PROCESSES}
    assert Submission.objects.get().lead == Lead.objects.get()


def test_a_bulk_action_and_a_conversion_do_not_both_win(assigned, cast):
    others = [make_lead(cast.northgate) for _number in range(40)]
    keys = [lead.pk for lead in (*others[:20], assigned, *others[20:])]
    reason = cast.northgate.disqualify_reasons.get(needs_text=False)
    ann, olga = fresh(cast.ann), fresh(cast.olga)
    found = race(
        [
            lambda: convert_lead(assigned, wish=WISH, actor=ann),
            lambda: run_bulk(keys, act=Disqualification(reason), key="once", actor=olga),
        ]
    )
    is_converted = found["done"] == 2
    assert is_converted or found == {"done": 1, "Conflict": 1}, found
    assert lines(assigned, EventKind.CONVERTED) == is_converted
    assert lines(assigned, EventKind.DISQUALIFIED) == (not is_converted)
    assert Conversion.objects.filter(lead=assigned).count() == is_converted
    assert Lead.objects.filter(status=Status.DISQUALIFIED).count() == 40 + (not is_converted)


def test_four_people_assign_the_same_forty_leads_at_once(transactional_db, cast):
    keys = [make_lead(cast.northgate).pk for _number in range(40)]
    people = [make_person(cast.northgate, "reseller_manager") for _number in range(4)]
    found = race(
        [
            lambda number=number, who=who: run_bulk(
                keys[:: (-1) ** number], act=Assignment(cast.alpha), key=str(number), actor=who
            )
            for number, who in enumerate(people)
        ]
    )
    assert found == {"done": 4}
    assert Event.objects.filter(kind=EventKind.ASSIGNED).count() == 40


def test_round_robin_shares_stay_exact_when_sixteen_leads_come_at_once(transactional_db, cast):
    members = (Member(cast.alpha.pk, weight=3), Member(cast.beta.pk, weight=1))
    book = Book().with_rule(Rule("r1", "Robin", (), Gives.ROUND_ROBIN, members))
    change_draft(lambda _old: book, actor=cast.olga)
    publish_rules(actor=cast.olga)
    olga = fresh(cast.olga)
    found = race([lambda: create_lead(ANSWERS, actor=olga)] * PROCESSES)
    assert found == {"done": PROCESSES}
    shares = Counter(Lead.objects.values_list("holder__name", flat=True))
    assert shares == {"Alpha": 12, "Beta": 4}
    turns = RoutingTurn.objects.order_by("pk").values_list("credit", "given")
    assert list(turns) == [(0, 12), (0, 4)]


def test_control_turns_that_nobody_locks_are_taken_twice(transactional_db, cast):
    """The same on plain read-write: what the lock of the turns is there for."""
    turn = RoutingTurn.objects.create(host=cast.northgate, rule="r1", member="1:0")

    def take_unguarded() -> None:
        seen = RoutingTurn.objects.get(pk=turn.pk)
        time.sleep(0.2)  # all have looked by then
        RoutingTurn.objects.filter(pk=turn.pk).update(given=seen.given + 1)

    assert race([take_unguarded] * PROCESSES)["done"] == PROCESSES
    assert RoutingTurn.objects.get(pk=turn.pk).given < PROCESSES


def test_a_declined_lead_goes_to_one_more_company_only(transactional_db, cast):
    members = (Member(cast.alpha.pk), Member(cast.beta.pk))
    book = Book().with_rule(Rule("r1", "Robin", (), Gives.ROUND_ROBIN, members))
    change_draft(lambda _old: book, actor=cast.olga)
    publish_rules(actor=cast.olga)
    lead = create_lead(ANSWERS, actor=cast.olga)
    assert lead.holder == cast.alpha
    people = [make_person(cast.alpha, "reseller") for _number in range(PROCESSES)]
    found = race([lambda who=who: decline_lead(lead, reason="", actor=who) for who in people])
    assert found["done"] == 1, found
    assert Lead.objects.get(pk=lead.pk).holder == cast.beta
    assert lines(lead, EventKind.DECLINED) == 1
    assert lines(lead, EventKind.ASSIGNED) == 2
