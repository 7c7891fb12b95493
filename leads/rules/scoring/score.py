"""What the rules give one lead, why, and when that changes by itself. No query, no clock.

What has been asked of a lead is compared as texts, folded; numbers are read out of texts like "250-999" or "1,000+".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leadportal.common.text import fold
from leads.rules.scoring.sheet import NUMBERS, Compare, Group, Rule, Sheet

# Texts of a lead as rules know them: every value of one subject.
Facts = Mapping[str, tuple[str, ...]]
_NUMBER = re.compile(r"-?\d[\d,  ]*(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the prospect did: a `BehaviourKind`, the page or paper, the moment."""

    kind: str
    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that gave points: how many, for how many times, and when it happened last."""

    key: str
    points: int
    times: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a lead with its reasons, and the moment at which it has to be looked at again by itself."""

    total: int
    fit: int
    behaviour: int
    reasons: tuple[Reason, ...] = ()
    next_at: datetime | None = None


def score_of(sheet: Sheet, facts: Facts, deeds: Sequence[Deed], moment: datetime) -> Score:
    """Return what `sheet` gives a lead at `moment`; `deeds` are everything that its prospect did by then."""
    reasons: list[Reason] = []
    turns: list[datetime] = []
    sums = dict.fromkeys(Group, 0)
    for rule in sheet.rules:
        if not rule.is_on:
            continue
        if rule.group == Group.FIT:
            reason = Reason(rule.key, rule.points) if fits(rule, facts) else None
        else:
            reason, turn = _behaved(rule, deeds, moment)
            turns += [turn] if turn else []
        if reason and reason.points:
            reasons.append(reason)
            sums[rule.group] += reason.points
    fit, behaviour = (sheet.bounds(group).hold(sums[group]) for group in Group)
    return Score(fit + behaviour, fit, behaviour, tuple(reasons), min(turns, default=None))


# --- Fit ------------------------------------------------------------------------------------------


def fits(rule: Rule, facts: Facts) -> bool:
    """Say whether a fit rule is met. What the lead does not say is met by *is empty* and *is none of* alone."""
    said = [fold(one) for one in facts.get(rule.subject, ()) if one]
    match rule.test:
        case Compare.FILLED:
            return bool(said)
        case Compare.EMPTY:
            return not said
        case Compare.IS:
            return not {fold(one) for one in rule.values}.isdisjoint(said)
        case Compare.IS_NOT:
            return {fold(one) for one in rule.values}.isdisjoint(said)
        case Compare.CONTAINS:
            return any(fold(value) in one for value in rule.values for one in said)
    return any(_compares(rule, one) for one in said)


def _compares(rule: Rule, text: str) -> bool:
    """Compare the numbers in a text: a range is at least its lower end and at most its upper one."""
    assert rule.test in NUMBERS  # noqa: S101  (the others are answered in `fits`)
    numbers, limits = numbers_in(text), numbers_in(" ".join(rule.values))
    if not numbers or not limits:
        return False
    if rule.test == Compare.AT_LEAST:
        return numbers[0] >= limits[0]
    return not text.rstrip().endswith("+") and numbers[-1] <= limits[0]


def numbers_in(text: str) -> list[float]:
    """Return the numbers that stand in a text: "1,000 - 4,999" has two."""
    ranged = re.sub(r"(?<=\d)\s*[-–]\s*(?=\d)", " / ", text)
    found = (re.sub(r"[^\d.\-]", "", one) for one in _NUMBER.findall(ranged))
    return [float(one) for one in found]


# --- Behaviour ------------------------------------------------------------------------------------


def _behaved(
    rule: Rule, deeds: Sequence[Deed], moment: datetime
) -> tuple[Reason | None, datetime | None]:
    """Return what a behaviour rule gives, and when that changes by itself."""
    done = matching(rule, deeds, moment)
    turns = [deed.at + timedelta(days=rule.days) for deed in done] if rule.days else []
    if len(done) < rule.times:
        return None, min(turns, default=None)
    last = max(deed.at for deed in done)
    counted = [deed.at for deed in done] if rule.is_each else [last]
    given = 0
    for at in counted:
        points, turn = _faded(rule, at, moment)
        given += points
        turns += [turn] if turn else []
    if rule.is_each and rule.most is not None:
        given = max(-rule.most, min(rule.most, given))
    return Reason(rule.key, given, len(done), last), min(turns, default=None)


def matching(rule: Rule, deeds: Sequence[Deed], moment: datetime) -> list[Deed]:
    """Return those of `deeds` that a behaviour rule counts at `moment`."""
    since = moment - timedelta(days=rule.days) if rule.days else None
    about = fold(rule.about)
    return [
        deed
        for deed in deeds
        if deed.kind == rule.subject
        and deed.at <= moment
        and (since is None or deed.at > since)
        and (not about or fold(deed.about) == about)
    ]


def _faded(rule: Rule, at: datetime, moment: datetime) -> tuple[int, datetime | None]:
    """Return the points that are left of those given at a moment, and when they get fewer."""
    if rule.fades is None:
        return rule.points, None
    halves = (moment - at) // timedelta(days=rule.fades)
    # int() cuts towards zero, for points that are taken away as well.
    left = int(rule.points / 2 ** min(halves, 10))
    return left, at + timedelta(days=rule.fades) * (halves + 1) if left else None


# --- What a lead says -----------------------------------------------------------------------------


def texts_of(value: Any) -> tuple[str, ...]:
    """Return a stored value as texts: an answer may be a number, yes or no, several choices, or money."""
    if isinstance(value, bool):
        return ("yes",) if value else ("no",)
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    if isinstance(value, dict):
        return (str(value.get("amount", "")),)
    return () if value is None or value == "" else (str(value),)
