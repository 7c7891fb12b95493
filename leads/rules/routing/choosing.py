"""Whom a rule gives a lead to: who can have it, whose turn it is, and why the others were skipped."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.rules.routing.book import Book, Gives, Member, Rule
from leads.rules.routing.matching import Subject, lies_in, match

SALES_DESK = Member()
SHARES_LENGTH = 16


class Answer(models.TextChoices):
    """What became of somebody who may get a lead by a rule."""

    CHOSEN = "chosen", _("gets the lead")
    WAITS = "waits", _("comes later in turn")
    INACTIVE = "inactive", _("is not active")
    NOT_PARTNER = "not_partner", _("cannot hold this lead")
    LEFT = "left", _("does not work there any more")
    ABSENT = "absent", _("is away")
    NOBODY_THERE = "nobody_there", _("nobody works there today")
    CAP = "cap", _("has had all leads of the day")
    HAD_IT = "had_it", _("had the lead and gave it back")


UNSKIPPED = frozenset({Answer.CHOSEN, Answer.WAITS})


@dataclass(frozen=True)
class Standing:
    """What is known of a company today: `workers` are those there who can take leads and are not away."""

    is_active: bool
    is_partner: bool
    workers: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    away_until: date | None = None


@dataclass(frozen=True)
class Around:
    """Who can take leads today: the companies by id (0 is the sales desk), and until when people are away."""

    today: date
    companies: Mapping[int, Standing] = field(default_factory=dict)
    away: Mapping[tuple[int, int], date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a member of a round robin stands: `credit` makes the shares, `given` counts the leads of `day`.

    `shares` names the members and weights that the credit was earned under.
    """

    credit: int = 0
    day: date | None = None
    given: int = 0
    shares: str = ""

    def on(self, today: date, shares: str) -> "Turn":
        """Return it as it is today: a new day begins at none, and other weights without credit."""
        return Turn(
            self.credit if self.shares == shares else 0,
            today,
            self.given if self.day == today else 0,
            shares,
        )


# By key of the rule, then of the member.
Turns = dict[str, dict[str, Turn]]


@dataclass(frozen=True, slots=True)
class Considered:
    """One candidate of a rule and what became of it; `detail` holds codes: until when, how many."""

    member: Member
    answer: Answer
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decided:
    """Which rule a lead meets, who could have it, and who does; nobody when `chosen` is None."""

    rule: Rule
    considered: tuple[Considered, ...] = ()

    @property
    def chosen(self) -> Member | None:
        """Who gets the lead."""
        found = (one.member for one in self.considered if one.answer == Answer.CHOSEN)
        return next(found, None)


def candidates(rule: Rule, subject: Subject, book: Book) -> tuple[Member, ...]:
    """Return who may get a lead by a rule, in order, each once."""
    if rule.gives == Gives.SALES:
        return (SALES_DESK,)
    if rule.gives == Gives.OWNER:
        owners = (one.owner_id for one in book.territories if lies_in(subject, one))
        return tuple(Member(owner) for owner in dict.fromkeys(owners) if owner)
    return rule.members if rule.gives != Gives.NOBODY else ()


def decide(
    subject: Subject,
    book: Book,
    around: Around,
    turns: Turns,
    *,
    rule: Rule | None = None,
    excluding: Collection[str] = (),
) -> Decided:
    """Decide who gets a lead, and take the turn of a round robin in `turns`.

    `rule` is the one that matched before; without it the first that matches now. `excluding` are keys of members
    that had the lead; the key of a company stands for its people as well.
    """
    rule = rule or match(subject, book)
    members = candidates(rule, subject, book)
    answers = {one.key: _why_not(one, around, subject, excluding) for one in members}
    if rule.gives == Gives.ROUND_ROBIN:
        states = turns.setdefault(rule.key, {})
        return Decided(rule, _in_turn(members, answers, states, around.today))
    found, is_given = [], False
    for one in members:
        said = answers[one.key]
        if said is None:
            said = Considered(one, Answer.WAITS if is_given else Answer.CHOSEN)
            is_given = True
        found.append(said)
    return Decided(rule, tuple(found))


def _in_turn(
    members: Sequence[Member],
    answers: Mapping[str, Considered | None],
    states: dict[str, Turn],
    today: date,
) -> tuple[Considered, ...]:
    """Give the lead to whoever has the most credit (smooth weighted round robin): shares are exact in every round.

    Who cannot have a lead neither gains nor loses credit by it, so that nobody catches up after an absence.
    """
    found: dict[str, Considered] = {}
    free, shares = [], shares_of(members)
    for one in members:
        states[one.key] = turn = states.get(one.key, Turn()).on(today, shares)
        said = answers[one.key]
        if said is None and one.cap is not None and turn.given >= one.cap:
            said = Considered(one, Answer.CAP, {"cap": one.cap})
        if said is None:
            free.append(one)
        found[one.key] = said or Considered(one, Answer.WAITS)
    if free:
        for one in free:
            turn = states[one.key]
            states[one.key] = replace(turn, credit=turn.credit + one.weight)
        chosen = max(free, key=lambda one: states[one.key].credit)
        turn = states[chosen.key]
        credit = turn.credit - sum(one.weight for one in free)
        states[chosen.key] = replace(turn, credit=credit, given=turn.given + 1)
        found[chosen.key] = Considered(chosen, Answer.CHOSEN)
    return tuple(found[one.key] for one in members)


def shares_of(members: Sequence[Member]) -> str:
    """Return a name for the members and weights of a round robin: where either differs, so does the name."""
    parts = " ".join(sorted(f"{one.key}*{one.weight}" for one in members))
    return hashlib.sha256(parts.encode()).hexdigest()[:SHARES_LENGTH]


def _why_not(
    member: Member, around: Around, subject: Subject, excluding: Collection[str]
) -> Considered | None:
    """Return why somebody cannot have the lead today; None when it can."""
    if member.key in excluding or Member(member.company_id).key in excluding:
        return Considered(member, Answer.HAD_IT)
    standing = around.companies.get(member.company_id)
    if standing is None or not standing.is_active:
        return Considered(member, Answer.INACTIVE)
    if not standing.is_partner and member.company_id != subject.vendor_id:
        return Considered(member, Answer.NOT_PARTNER)
    if standing.away_until:
        return Considered(member, Answer.ABSENT, {"until": standing.away_until.isoformat()})
    if not member.user_id:
        return None if standing.workers else Considered(member, Answer.NOBODY_THERE)
    if member.user_id not in standing.people:
        return Considered(member, Answer.LEFT)
    until = around.away.get((member.company_id, member.user_id))
    return Considered(member, Answer.ABSENT, {"until": until.isoformat()}) if until else None
