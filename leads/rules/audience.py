"""Who is told of what (domain.md section 10): one table.

A row names relations, as the lead is after the change; everybody at work in one of them is told. Some rows
name single people as well, whom the change itself points at (`Point`). Whoever did it is never told.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from accounts.actors import Person
from accounts.enums import Role
from accounts.rules.desks import kinds_of
from leads.enums import EventKind, HolderDesk, InboxKind, Relation, Status
from leads.rules.access import Parties, relations

OPERATOR, CHANNEL, HOLDER = Relation.OPERATOR, Relation.CHANNEL, Relation.HOLDER
MANAGERS = frozenset({OPERATOR, CHANNEL})
_ENDED = MANAGERS | {Relation.MAKER, Relation.VENDOR}

# A person at a company: ids of both.
Place = tuple[int, int]
# Who stands for a whole company: no account has this number.
NOBODY = 0


class Point(Enum):
    """Single people whom a change points at."""

    IN_CHARGE = auto()  # who is in charge of the lead after it
    REQUESTER = auto()  # who asked for the conversion
    WORKING = auto()  # who is in charge, else the holder's people
    TALKING = auto()  # who is in charge, else the holder's people; and who wrote notes on the lead


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the table."""

    kind: InboxKind
    relations: frozenset[Relation] = frozenset()
    point: Point | None = None


TOLD: dict[EventKind, Told] = {
    EventKind.CREATED: Told(InboxKind.CREATED, MANAGERS),
    EventKind.SUBMITTED: Told(InboxKind.CREATED, MANAGERS),
    EventKind.ASSIGNED: Told(InboxKind.GIVEN, frozenset({HOLDER})),
    EventKind.IN_CHARGE_CHANGED: Told(InboxKind.CHARGE, point=Point.IN_CHARGE),
    EventKind.ACCEPTED: Told(InboxKind.ANSWERED, MANAGERS),
    EventKind.DECLINED: Told(InboxKind.ANSWERED, MANAGERS),
    EventKind.EXPIRED: Told(InboxKind.ANSWERED, MANAGERS),
    EventKind.REMINDED: Told(InboxKind.DEADLINE, point=Point.WORKING),
    EventKind.CONVERTED: Told(InboxKind.CONVERTED, _ENDED),
    EventKind.DISQUALIFIED: Told(InboxKind.DISQUALIFIED, _ENDED),
    EventKind.DELETED: Told(InboxKind.DELETED, _ENDED),
    EventKind.QUALIFIED: Told(InboxKind.VERDICT, frozenset({OPERATOR})),
    # Invalid is disqualified, too.
    EventKind.MARKED_INVALID: Told(InboxKind.VERDICT, _ENDED),
    EventKind.APPROVAL_REQUESTED: Told(InboxKind.APPROVAL, MANAGERS),
    EventKind.APPROVAL_APPROVED: Told(InboxKind.APPROVAL, point=Point.REQUESTER),
    EventKind.APPROVAL_DENIED: Told(InboxKind.APPROVAL, point=Point.REQUESTER),
    EventKind.MARKETING_QUALIFIED: Told(InboxKind.THRESHOLD, point=Point.WORKING),
    EventKind.QUOTE_ANSWERED: Told(InboxKind.QUOTE, MANAGERS | {HOLDER}),
    EventKind.NOTE_ADDED: Told(InboxKind.NOTE, point=Point.TALKING),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A line of history as the table looks at it; `audience` is the only company that may know, if any."""

    kind: EventKind
    data: Mapping[str, Any]
    audience: int | None = None


def told_of(change: Change, parties: Parties) -> Told | None:
    """Return the row for `change`, None when nobody is told.

    A new lead is told to who has to do something about it: by its holder operator and channel, or the vendor.
    What a vendor has not submitted yet is nobody else's. A lead that begins as assigned was given to its
    holder as well.
    """
    if change.kind != EventKind.CREATED:
        return TOLD.get(change.kind)
    if parties.holder_desk == HolderDesk.COMPANY and not parties.holder_in_programme:
        return Told(InboxKind.CREATED, frozenset({HOLDER}))
    if change.data.get("to") == Status.ASSIGNED.slug:
        return Told(InboxKind.CREATED, MANAGERS | {HOLDER})
    return TOLD[EventKind.CREATED]


def parties_after(change: Change, parties: Parties) -> Parties:
    """Return the companies around the lead after `change`, which is recorded before the lead is written."""
    match change.kind:
        case EventKind.ASSIGNED:
            desk = HolderDesk(change.data["to_desk"])
            return replace(parties, holder_id=change.data["to_holder"], holder_desk=desk)
        case EventKind.SUBMITTED | EventKind.DECLINED | EventKind.EXPIRED:
            return replace(parties, holder_id=parties.host_id, holder_desk=HolderDesk.HOST)
    return parties


def colleague(place: Place, roles: Iterable[Role]) -> Person:
    """Return somebody at work as the rules look at it: nothing but ids and roles."""
    held = frozenset(roles)
    return Person(place[0], "", "", place[1], "", held, desk_kinds=kinds_of(held))


def audience(
    change: Change, parties: Parties, people: Iterable[Person], pointed_at: Collection[Place]
) -> list[Place]:
    """Return who of `people`, those at work around the lead, is told of `change`.

    `parties` are as they are before it. Whoever is pointed at is told only while the lead is something to
    them. Nobody hears of what only another company may know.
    """
    after = parties_after(change, parties)
    told = told_of(change, after)
    if told is None:
        return []
    return [
        (person.user_id, person.company_id)
        for person in people
        if change.audience in {None, person.company_id}
        and _concerns(told, relations(after, person, is_past=False), person, pointed_at)
    ]


def _concerns(
    told: Told, related: Collection[Relation], person: Person, pointed_at: Collection[Place]
) -> bool:
    if not told.relations.isdisjoint(related):
        return True
    return bool(related) and (person.user_id, person.company_id) in pointed_at
