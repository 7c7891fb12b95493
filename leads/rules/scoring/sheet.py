"""Scoring rules as data: a sheet of rules in two groups, with their limits and the threshold.

A version of them is stored as JSON (`SheetVersion.rules`), so that what was published never changes. Every setting
is a field of a form: nobody types code, and nothing that is stored is ever run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

RULES_MOST = 100
VALUES_MOST = 50
VALUE_LENGTH = 120
POINTS_MOST = 100
LIMIT_MOST = 1_000
TIMES_MOST = 100
DAYS_MOST = 730
THRESHOLD_MOST = 2_000
ANSWER, ATTRIBUTE = "answer:", "attribute:"


class Group(models.TextChoices):
    """What rules look at (Modulario): who the prospect is, and what it did."""

    FIT = "fit", _("Fit")
    BEHAVIOUR = "behaviour", _("Behaviour")


class Compare(models.TextChoices):
    """How a fit rule compares what the lead says with its values."""

    IS = "is", _("is one of")
    IS_NOT = "is_not", _("is none of")
    CONTAINS = "contains", _("contains one of")
    AT_LEAST = "at_least", _("is at least")
    AT_MOST = "at_most", _("is at most")
    FILLED = "filled", _("is filled in")
    EMPTY = "empty", _("is empty")


NUMBERS = frozenset({Compare.AT_LEAST, Compare.AT_MOST})
WITHOUT_VALUES = frozenset({Compare.FILLED, Compare.EMPTY})


@dataclass(frozen=True)
class Bounds:
    """The least and the most points of a group; None is no limit."""

    least: int | None = None
    most: int | None = None

    def hold(self, points: int) -> int:
        """Return `points` within the limits."""
        if self.least is not None:
            points = max(points, self.least)
        return points if self.most is None else min(points, self.most)


@dataclass(frozen=True)
class Rule:
    """One rule. `key` is its name among the rules of its sheet, and stays through versions.

    A fit rule asks `subject` (a column of the lead, "answer:key" or "attribute:key", called `label`) by `test`.
    A behaviour rule asks how often the prospect did `subject` (a `BehaviourKind`) with the page or paper `about`
    within `days`. With `is_each` it gives its points for every time, `most` at most; `fades` says after how many
    days half of the points go, again and again.
    """

    key: str
    group: Group
    subject: str
    points: int
    label: str = ""
    test: Compare = Compare.IS
    values: tuple[str, ...] = ()
    about: str = ""
    times: int = 1
    days: int | None = None
    is_each: bool = False
    most: int | None = None
    fades: int | None = None
    is_on: bool = True

    @property
    def reach(self) -> tuple[int, int]:
        """The least and the most points that it can give."""
        points = self.points
        if self.is_each and self.most is not None:
            points = self.most if points > 0 else -self.most
        return (min(points, 0), max(points, 0))


@dataclass(frozen=True)
class Sheet:
    """Everything that makes a score: the rules in their order, the limits of both groups, the threshold."""

    rules: tuple[Rule, ...] = ()
    fit: Bounds = Bounds()
    behaviour: Bounds = Bounds()
    threshold: int | None = None

    def bounds(self, group: Group) -> Bounds:
        """Return the limits of a group."""
        return self.fit if group == Group.FIT else self.behaviour

    def of(self, group: Group) -> list[Rule]:
        """Return the rules of a group."""
        return [rule for rule in self.rules if rule.group == group]

    @property
    def reach(self) -> tuple[int, int]:
        """The lowest and the highest score that the rules that are on can give: "possible -20 to 120"."""
        low = high = 0
        for group in Group:
            reaches = [rule.reach for rule in self.of(group) if rule.is_on]
            bounds = self.bounds(group)
            low += bounds.hold(sum(one[0] for one in reaches))
            high += bounds.hold(sum(one[1] for one in reaches))
        return (low, high)

    @property
    def asks_behaviour(self) -> bool:
        """Whether any rule that is on looks at what prospects did."""
        return any(rule.is_on for rule in self.of(Group.BEHAVIOUR))


def is_close(score: int, threshold: int) -> bool:
    """Say whether a score is close below a threshold: in the last sixth of the way, above 0."""
    return max(1, threshold - max(1, threshold // 6)) <= score < threshold


def plain(rule: Rule) -> dict[str, Any]:
    """Return a rule as JSON keeps it."""
    return {**asdict(rule), "values": list(rule.values)}


def rule_of(stored: Mapping[str, Any]) -> Rule:
    """Return a rule that `plain` has written."""
    known = {**stored, "values": tuple(stored["values"])}
    return Rule(**{**known, "group": Group(known["group"]), "test": Compare(known["test"])})


def new_key(taken: Iterable[str]) -> str:
    """Return a name for a new rule, that none of `taken` has."""
    numbers = [int(key[1:]) for key in taken if key[1:].isdigit()]
    return f"r{max(numbers, default=0) + 1}"
