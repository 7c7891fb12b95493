"""A move on any number of leads: locked, decided one by one by the same rules, written together.

The service of one lead is the same with one lead. What is done to a lead is an `Act`; those that bulk actions
offer are acts, the others lock, record and write by themselves (writing.py, history.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from django.db import transaction

from accounts.actors import Actor, Person
from leadportal.common import clock
from leadportal.common.errors import NotFound
from leads.enums import EventKind, RequestState
from leads.models import ConversionRequest, Event, Lead
from leads.rules.workflow import Action
from leads.selectors.merged import gone_or_unknown
from leads.services.history import Line, record, record_all
from leads.services.writing import (
    Held,
    Writing,
    held_leads,
    lock_rows,
    refusals,
    write_leads,
)

# So many leads are read and written at a time: a bound for memory and for the length of a statement.
CHUNK = 2_500


@dataclass(frozen=True)
class Change:
    """What was decided for one locked lead: its history lines in order, and the columns to write."""

    lead: Lead
    lines: tuple[Line, ...]
    columns: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: tuple[int, ...] = ()
    is_lead_written: bool = True
    ends_request: bool = False


class Act:
    """What is done to leads. `action` is asked of the table of moves; None where the act decides by itself."""

    action: ClassVar[Action | None] = None

    def look(self, held: Sequence[Held], actor: Actor) -> Any:
        """Read what deciding needs beside the leads: the same number of queries for one lead and for many."""

    def decide(self, held: Held, seen: Any, actor: Actor) -> Change | None:
        """Return what to write to a lead, None when it is so already. Raises Refused. Asks no query."""
        raise NotImplementedError

    def store(self, changes: Sequence[Change], seen: Any, actor: Actor) -> None:
        """Write what stands beside the leads."""


@dataclass(frozen=True)
class Answer:
    """What became of one lead: it was changed with these lines, it was so already, or why it was not."""

    lead: Lead | None = None
    lines: tuple[Event, ...] = ()
    error: Exception | None = None


@transaction.atomic
def carry_out(act: Act, keys: Sequence[int], *, actor: Actor) -> dict[int, Answer]:
    """Do `act` to each of the leads `keys` that allows it, in one transaction; return an answer for each.

    A lead that refuses is left as it is, the others go on.
    """
    answers = dict.fromkeys(keys, Answer(error=NotFound()))
    locked = lock_rows(keys, actor=actor)
    for start in range(0, len(locked), CHUNK):
        answers |= _carry_out(act, locked[start : start + CHUNK], actor)
    return answers


def carry_out_one(act: Act, lead: Lead, *, actor: Actor) -> Lead:
    """Do `act` to one lead and return it as it is now. Raises what the act or the table of moves refuses with."""
    answer = carry_out(act, [lead.pk], actor=actor)[lead.pk]
    if isinstance(answer.error, NotFound):
        raise gone_or_unknown(lead, actor)
    if answer.error:
        raise answer.error
    assert answer.lead is not None  # noqa: S101  (an answer has the one or the other)
    return answer.lead


def _carry_out(act: Act, keys: Sequence[int], actor: Actor) -> dict[int, Answer]:
    held = held_leads(keys, actor=actor)
    refused = refusals(held, act.action, actor=actor) if act.action else {}
    answers = {pk: Answer(error=refusal) for pk, refusal in refused.items()}
    allowed = [one for one in held if one.lead.pk not in refused]
    seen = act.look(allowed, actor) if allowed else None
    changes = []
    for one in allowed:
        try:
            change = act.decide(one, seen, actor)
        except Exception as error:  # noqa: BLE001  (nothing is written yet; the caller says or raises it)
            answers[one.lead.pk] = Answer(error=error)
        else:
            answers[one.lead.pk] = Answer(one.lead)
            changes += [change] if change else []
    if changes:
        act.store(changes, seen, actor)
        answers |= _answers(changes, apply_changes(changes, actor=actor))
    return answers


def _answers(changes: Sequence[Change], events: Sequence[Event]) -> Iterator[tuple[int, Answer]]:
    of_lead: dict[int, tuple[Event, ...]] = {}
    for event in events:
        of_lead[event.lead_id] = (*of_lead.get(event.lead_id, ()), event)
    return ((one.lead.pk, Answer(one.lead, of_lead[one.lead.pk])) for one in changes)


def apply_changes(changes: Sequence[Change], *, actor: Actor) -> list[Event]:
    """Write decided changes to locked leads and return their history lines."""
    _cancel([one.lead for one in changes if one.ends_request], actor)
    events = record_all([(one.lead, line) for one in changes for line in one.lines], actor=actor)
    write_leads(
        [Writing(one.lead, one.columns, one.withdrawn) for one in changes if one.is_lead_written]
    )
    return events


WITHDRAWN = Line(EventKind.APPROVAL_WITHDRAWN)


def with_end_of_request(held: Held, change: Change) -> Change:
    """Return `change` such that it cancels the pending conversion request of its lead, if there is one."""
    if not held.facts.has_request:
        return change
    return replace(change, lines=(WITHDRAWN, *change.lines), ends_request=True)


def cancel_requests(lead: Lead, *, actor: Actor) -> None:
    """Cancel a pending conversion request of a locked `lead`: another move has overtaken it."""
    if _cancel([lead], actor):
        record(lead, WITHDRAWN.kind, actor=actor)


def _cancel(leads: Sequence[Lead], actor: Actor) -> int:
    """Cancel the pending conversion requests of locked leads; return how many there were."""
    if not leads:
        return 0
    pending = ConversionRequest.objects.filter(lead__in=leads, state=RequestState.PENDING)
    user_id = actor.user_id if isinstance(actor, Person) else None
    return pending.update(state=RequestState.CANCELLED, decided_by=user_id, decided_at=clock.now())
