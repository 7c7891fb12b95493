"""Give leads that wait to whom their hosts' rules say, and keep why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.actors import System
from accounts.models import Company
from leadportal.common import clock
from leads.enums import EventKind
from leads.models import Cause, Event, Lead, RoutingDecision, RoutingVersion
from leads.rules.routing.book import Rule
from leads.rules.routing.choosing import Considered, Decided, decide
from leads.rules.routing.matching import Subject, match
from leads.selectors.routing import (
    around,
    gave_back,
    live_version,
    members_in,
    subjects_of,
    waits_for_rules,
)
from leads.services.acts import Change, apply_changes
from leads.services.history import Line
from leads.services.placing import placed
from leads.services.routing.turns import hold_turns, keep_turns

NAME_LENGTH = 120


@dataclass(frozen=True)
class NextCandidate:
    """Who gets a lead by a rule: `company` (None: the host's sales desk) and perhaps `user_id` there, or nobody.

    `considered` are all candidates, with the reasons of those who were skipped.
    """

    version: RoutingVersion
    decided: Decided
    company: Company | None = None

    @property
    def rule(self) -> Rule:
        """The rule that says so."""
        return self.decided.rule

    @property
    def considered(self) -> tuple[Considered, ...]:
        """Everybody the lead could have gone to."""
        return self.decided.considered

    @property
    def is_found(self) -> bool:
        """Whether there is somebody."""
        return self.decided.chosen is not None

    @property
    def user_id(self) -> int | None:
        """The person who will be in charge, if the rule names one."""
        return self.decided.chosen.user_id or None if self.decided.chosen else None


def route_leads(
    leads: Sequence[Lead], *, cause: Cause = Cause.SUBMITTED, is_quiet: bool = False
) -> list[Lead]:
    """Give those of `leads` that are submitted and held by their host to whom its rules say; return those given.

    First match wins, and nobody gets what it gave back before. Called in the transaction that made or locked the
    leads, after they were written; they are brought up to date. The others are left as they are, and all of them where
    the host has published no rules.
    Each that meets a rule gets a line of history and a `RoutingDecision`, also where nobody could have it; with
    `is_quiet` nobody is told of the assignment. Locks the turns of round robins: call it once, with all leads.
    """
    waiting: dict[int, list[Lead]] = {}
    for lead in leads:
        if waits_for_rules(lead):
            waiting.setdefault(lead.host_id, []).append(lead)
    given = []
    for host_id in sorted(waiting):
        version = live_version(host_id)
        if version is not None:
            given += _route(version, waiting[host_id], cause, is_quiet=is_quiet)
    return given


def route_again(
    lead: Lead, *, cause: Cause, excluding: Collection[str] = (), is_quiet: bool = False
) -> bool:
    """Give a lead that came back to the next candidate, see `next_candidate`; say whether there was one.

    It is held by its host again, under the caller's lock. Without another candidate it stays so.
    """
    if not waits_for_rules(lead):
        return False
    following = next_candidate(lead, excluding=excluding)
    if following is None:
        return False
    _give(following.version, [(lead, following.decided)], cause, is_quiet=is_quiet)
    return following.is_found


def next_candidate(lead: Lead, *, excluding: Collection[str] = ()) -> NextCandidate | None:
    """Return who gets a locked lead next, by the rule that matched it last, and take the turn of a round robin.

    The rule is asked as it is today; where it is gone or off, or a person had assigned the lead, the first that
    matches now. Whoever gave the lead back is left out, and the members whose keys are in `excluding` ("12:0": a
    company; "12:7": a person there; "0:0": the sales desk). None where the host has published no rules. Nothing is
    assigned: `route_again` does that.
    """
    version = live_version(lead.host_id)
    if version is None:
        return None
    book = version.rules
    last = RoutingDecision.objects.filter(lead=lead).first()
    rule = book.rule(last.rule) if last else None
    subject = subjects_of([lead])[lead.pk]
    if rule is None or not rule.is_on:
        rule = match(subject, book)
    [decided] = _decided(version, [(lead, subject, rule)], excluding=excluding)
    chosen = decided.chosen
    company_id = chosen.company_id if chosen else 0
    company = Company.objects.get(pk=company_id) if company_id else None
    return NextCandidate(version, decided, company)


def actor_for(rule: Rule) -> System:
    """Return who assigns by a rule, for the history."""
    return System((_("Rule “%(name)s”") % {"name": rule.name})[:NAME_LENGTH])


def _route(
    version: RoutingVersion, leads: Sequence[Lead], cause: Cause, *, is_quiet: bool
) -> list[Lead]:
    book, subjects = version.rules, subjects_of(leads)
    met = [(lead, subjects[lead.pk], match(subjects[lead.pk], book)) for lead in leads]
    decisions = zip(leads, _decided(version, met), strict=True)
    return _give(version, list(decisions), cause, is_quiet=is_quiet)


def _decided(
    version: RoutingVersion,
    met: Sequence[tuple[Lead, Subject, Rule]],
    *,
    excluding: Collection[str] = (),
) -> list[Decided]:
    """Decide for leads that met these rules, one after the other, and take the turns.

    Left out are `excluding`, and of each lead those who gave it back.
    """
    book, keys, host = version.rules, {rule.key for _lead, _subject, rule in met}, version.host
    for lead, _subject, _rule in met:
        lead.host = host
    there = around(host, members_in(book, keys))
    turns, rows = hold_turns(host.pk, book, keys)
    had_it = gave_back([lead for lead, _subject, _rule in met])
    found = [
        decide(subject, book, there, turns, rule=rule, excluding=had_it[lead.pk] | set(excluding))
        for lead, subject, rule in met
    ]
    keep_turns(turns, rows)
    return found


def _give(
    version: RoutingVersion,
    decisions: Sequence[tuple[Lead, Decided]],
    cause: Cause,
    *,
    is_quiet: bool,
) -> list[Lead]:
    """Record and write decisions, those of one rule together."""
    by_rule: dict[str, list[tuple[Lead, Decided]]] = {}
    for lead, decided in decisions:
        by_rule.setdefault(decided.rule.key, []).append((lead, decided))
    chosen = {one.chosen.company_id for _lead, one in decisions if one.chosen}
    companies = Company.objects.in_bulk(chosen - {0})
    for same in by_rule.values():
        actor = actor_for(same[0][1].rule)
        changes = [_change(lead, one, companies, is_quiet=is_quiet) for lead, one in same]
        lines = apply_changes(changes, actor=actor)
        matched = [line for line in lines if line.kind == EventKind.RULE_MATCHED]
        kept = [(event, *pair) for event, pair in zip(matched, same, strict=True)]
        _keep(version, kept, cause)
    return [lead for lead, one in decisions if one.chosen]


def _change(
    lead: Lead, decided: Decided, companies: Mapping[int, Company], *, is_quiet: bool
) -> Change:
    matched = Line(EventKind.RULE_MATCHED, **_line(lead, decided.rule))
    chosen = decided.chosen
    if chosen is None:
        return Change(lead, (matched,), is_lead_written=False)
    change = placed(
        lead,
        companies[chosen.company_id] if chosen.company_id else None,
        "",
        in_charge=chosen.user_id or None,
        is_quiet=is_quiet,
    )
    return Change(lead, (matched, *change.lines), change.columns)


def _line(lead: Lead, rule: Rule) -> dict:
    """Return what the line says, and who reads it: whom the host could have chosen concerns the host alone."""
    return {"data": {"rule": rule.key}, "audience": lead.host_id}


def _keep(
    version: RoutingVersion, decisions: Sequence[tuple[Event, Lead, Decided]], cause: Cause
) -> list[RoutingDecision]:
    moment = clock.now()
    return RoutingDecision.objects.bulk_create(
        [
            RoutingDecision(
                lead=lead,
                event=event,
                host_id=lead.host_id,
                version=version,
                rule=decided.rule.key,
                rule_name=decided.rule.name,
                cause=cause,
                candidates=[_plain(one) for one in decided.considered],
                is_given=decided.chosen is not None,
                company_id=(decided.chosen.company_id or None) if decided.chosen else None,
                user_id=(decided.chosen.user_id or None) if decided.chosen else None,
                at=moment,
            )
            for event, lead, decided in decisions
        ]
    )


def _plain(one: Considered) -> dict:
    member = {"company": one.member.company_id, "user": one.member.user_id}
    return {**member, "answer": one.answer.value, **one.detail}
