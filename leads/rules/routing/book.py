"""A rule book: the territories and the ordered assignment rules of one host, as plain values.

A book is stored as JSON (`Book.plain`, `Book.of`), so that a version is kept whole and never changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

OTHERWISE = "otherwise"
MOST_WEIGHT, MOST_CAP = 100, 10_000


class Op(models.TextChoices):
    """How a condition compares."""

    ONE_OF = "one_of", _("is")
    NONE_OF = "none_of", _("is not")
    CONTAINS = "contains", _("contains")
    BEGINS = "begins", _("begins with")
    BETWEEN = "between", _("lies between")
    AT_LEAST = "at_least", _("is at least")
    AT_MOST = "at_most", _("is at most")
    EMPTY = "empty", _("is empty")
    FILLED = "filled", _("is filled in")


class Gives(models.TextChoices):
    """Whom a rule gives its leads to."""

    SALES = "sales", _("all the sales support representatives")
    COMPANY = "company", _("a company")
    PERSON = "person", _("a person")
    ROUND_ROBIN = "round_robin", _("several in turn (round robin)")
    OWNER = "owner", _("the owner of the territory")
    NOBODY = "nobody", _("nobody: it waits for a manager")


@dataclass(frozen=True, slots=True)
class Area:
    """A country, a region of one, or its postcodes from `low` to `high`, both included."""

    country: str
    region: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Territory:
    """Areas under one name; `owner_id` is the company that looks after them, if one does."""

    key: str
    name: str
    areas: tuple[Area, ...] = ()
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be so. `field` is a word of `matching.FIELDS`, "attribute:key" or "answer:key"."""

    key: str
    field: str
    op: Op
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may get leads: a company, a person of it (`user_id`), or without a company the sales desk.

    `weight` is the share in a round robin; `cap` the most leads that a rule gives it in a day.
    """

    company_id: int = 0
    user_id: int = 0
    weight: int = 1
    cap: int | None = None

    @property
    def key(self) -> str:
        """Name it among the members of a rule."""
        return f"{self.company_id}:{self.user_id}"


@dataclass(frozen=True, slots=True)
class Rule:
    """If all `conditions` hold, the lead is for `members`. The last rule of a book is *Otherwise*: always so."""

    key: str
    name: str
    conditions: tuple[Condition, ...] = ()
    gives: Gives = Gives.NOBODY
    members: tuple[Member, ...] = ()
    is_on: bool = True

    @property
    def is_otherwise(self) -> bool:
        """Whether it is the last rule, which cannot be removed."""
        return self.key == OTHERWISE


@dataclass(frozen=True, slots=True)
class Book:
    """Territories and rules; `rules` end with *Otherwise*."""

    territories: tuple[Territory, ...] = ()
    rules: tuple[Rule, ...] = field(default_factory=lambda: (Rule(OTHERWISE, "Otherwise"),))

    def rule(self, key: str) -> Rule | None:
        """Return the rule of that key."""
        return next((one for one in self.rules if one.key == key), None)

    def territory(self, key: str) -> Territory | None:
        """Return the territory of that key."""
        return next((one for one in self.territories if one.key == key), None)

    def with_rule(self, rule: Rule) -> "Book":
        """Return the book with `rule` in the place of the one of its key, a new one before *Otherwise*."""
        if self.rule(rule.key) is None:
            return replace(self, rules=(*self.rules[:-1], rule, self.rules[-1]))
        return replace(
            self, rules=tuple(rule if one.key == rule.key else one for one in self.rules)
        )

    def with_territory(self, territory: Territory) -> "Book":
        """Return the book with `territory` in the place of the one of its key, or after the others."""
        others = self.territories
        if self.territory(territory.key) is None:
            return replace(self, territories=(*others, territory))
        changed = (territory if one.key == territory.key else one for one in others)
        return replace(self, territories=tuple(changed))

    def users_of(self, territory_key: str) -> Iterator[Rule]:
        """Return the rules that name a territory."""
        for rule in self.rules:
            named = (one for one in rule.conditions if one.field == "territory")
            if any(territory_key in one.values for one in named):
                yield rule

    def plain(self) -> dict[str, Any]:
        """Return the book as JSON holds it."""
        return {
            "territories": [_plain_territory(one) for one in self.territories],
            "rules": [_plain_rule(one) for one in self.rules],
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Book":
        """Return the book that `plain` made."""
        if not plain:
            return cls()
        territories = tuple(_territory(one) for one in plain["territories"])
        return cls(territories, tuple(_rule(one) for one in plain["rules"]))


def _plain_territory(one: Territory) -> dict[str, Any]:
    areas = [[area.country, area.region, area.low, area.high] for area in one.areas]
    return {"key": one.key, "name": one.name, "owner": one.owner_id, "areas": areas}


def _territory(plain: Mapping[str, Any]) -> Territory:
    areas = tuple(Area(*area) for area in plain["areas"])
    return Territory(plain["key"], plain["name"], areas, plain["owner"])


def _plain_rule(one: Rule) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "is_on": one.is_on,
        "gives": one.gives.value,
        "conditions": [
            {"key": each.key, "field": each.field, "op": each.op.value, "values": list(each.values)}
            for each in one.conditions
        ],
        "members": [
            {
                "company": each.company_id,
                "user": each.user_id,
                "weight": each.weight,
                "cap": each.cap,
            }
            for each in one.members
        ],
    }


def _rule(plain: Mapping[str, Any]) -> Rule:
    conditions = (
        Condition(each["key"], each["field"], Op(each["op"]), tuple(each["values"]))
        for each in plain["conditions"]
    )
    members = (
        Member(each["company"], each["user"], each["weight"], each["cap"])
        for each in plain["members"]
    )
    return Rule(
        plain["key"],
        plain["name"],
        tuple(conditions),
        Gives(plain["gives"]),
        tuple(members),
        plain["is_on"],
    )
