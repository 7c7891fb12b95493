"""Who reads a line of history, what its ids are called, and one thing that it says has changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts.actors import Person
from leads.enums import Relation

MANAGERS = frozenset({Relation.OPERATOR, Relation.CHANNEL})


@dataclass(frozen=True)
class Names:
    """What the ids of a page of lines are called, and which companies the reader may see."""

    companies: Mapping[int, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    products: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    askers: Mapping[int, int] = field(default_factory=dict)
    rules: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    seen: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Reader:
    """Who reads: the person, what the lead is to it, and the custom attributes that it may see, by key.

    `masked` are the leads whose contact it does not know.
    """

    actor: Person
    relations: frozenset[Relation] = frozenset()
    attributes: Mapping[str, str] = field(default_factory=dict)
    masked: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Change:
    """One thing that changed; either side may be empty."""

    label: str
    old: str
    new: str
