"""A dry run: where leads would go by a rule book, without writing anything (ux.md A4)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.actors import Person
from leads.enums import HolderDesk
from leads.models import Lead, LeadAccess, RoutingVersion
from leads.rules.routing.book import Book
from leads.rules.routing.choosing import Decided, Turns, decide
from leads.rules.routing.matching import Subject
from leads.selectors.routing import (
    around,
    live_version,
    members_in,
    subjects_of,
    turns_of,
    waiting_leads,
)
from leads.selectors.routing_reasons import MemberNames, names_of, words_of

PARTS = ("holder", "product", "template_version", "host")


@dataclass(frozen=True)
class TrialRow:
    """One lead: who holds it now, and who would by the book, by which rule and why."""

    lead: Lead | None
    now: str
    then: str
    rule: str
    why: str
    key: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the lead would be somewhere else."""
        return self.now != self.then


@dataclass(frozen=True)
class Trial:
    """The rows, and how many leads everybody would get."""

    rows: list[TrialRow] = field(default_factory=list)

    @property
    def totals(self) -> list[tuple[str, int]]:
        """Recipients with their numbers, the most first."""
        return Counter(row.then for row in self.rows).most_common()

    @property
    def changed(self) -> list[TrialRow]:
        """The rows that would change."""
        return [row for row in self.rows if row.is_changed]


def leads_to_try(actor: Person, *, what: str, number: int = 50, lead: str = "") -> list[Lead]:
    """Return leads for a dry run: those that wait, oldest first, the newest ones, or one by its Lead ID."""
    rows = Lead.objects.visible_to(actor).select_related(*PARTS)
    if lead:
        return list(rows.filter(reference__iexact=lead, host=actor.company_id))
    if what == "waiting":
        keys: Any = waiting_leads(actor.company_id).values_list("lead", flat=True)[:number]
        return list(rows.filter(pk__in=list(keys)).order_by("pk"))
    newest = LeadAccess.objects.visible_to(actor).order_by("-created_at", "-lead")
    keys = list(newest.values_list("lead", flat=True)[:number])
    return list(rows.filter(pk__in=keys, host=actor.company_id).order_by("-pk"))


def try_leads(leads: Sequence[Lead], version: RoutingVersion) -> Trial:
    """Return where `leads` would go, one after the other, if they became submitted now."""
    subjects = subjects_of(leads)
    found = decide_all([subjects[lead.pk] for lead in leads], version)
    names = names_of(one.member for each in found for one in each.considered)
    rows = []
    for lead, decided in zip(leads, found, strict=True):
        rows.append(
            TrialRow(
                lead,
                lead.recipient_label,
                recipient(decided, names, version),
                *said(decided, names),
            )
        )
    return Trial(rows)


def try_values(subject: Subject, version: RoutingVersion) -> TrialRow:
    """Return where a lead with these values would go."""
    [decided] = decide_all([subject], version)
    names = names_of(one.member for one in decided.considered)
    return TrialRow(None, "", recipient(decided, names, version), *said(decided, names))


@dataclass(frozen=True)
class Suggestion:
    """Whom the rules would give a lead to: the rule, the name, and what the Assign dialog takes (ux.md D11)."""

    rule: str
    name: str
    target: str
    company: int = 0


def suggestion_for(lead: Lead) -> Suggestion | None:
    """Return whom the present rules would give a lead to; None where that is its holder, or nobody."""
    version = live_version(lead.host_id)
    if version is None:
        return None
    [decided] = decide_all([subjects_of([lead])[lead.pk]], version)
    chosen, names = decided.chosen, names_of(one.member for one in decided.considered)
    name = recipient(decided, names, version)
    if chosen is None or name == lead.recipient_label:
        return None
    target = "company" if chosen.company_id else "sales"
    return Suggestion(decided.rule.name, name, target, chosen.company_id)


def decide_all(
    subjects: Sequence[Subject], version: RoutingVersion, turns: Turns | None = None
) -> list[Decided]:
    """Decide for leads one after the other, as `route_leads` does, with turns that nobody keeps."""
    book: Book = version.rules
    keys = [rule.key for rule in book.rules]
    there = around(version.host, members_in(book, keys))
    turns = turns_of(version.host_id, keys) if turns is None else turns
    return [decide(subject, book, there, turns) for subject in subjects]


def said(decided: Decided, names: MemberNames) -> tuple[str, str, str]:
    """Return the rule, why, and the rule's key."""
    return decided.rule.name, words_of(decided.considered, names), decided.rule.key


def recipient(decided: Decided, names: MemberNames, version: RoutingVersion) -> str:
    """Return the Recipient column as it would read (domain.md section 2)."""
    chosen = decided.chosen
    if chosen is None:
        return version.host.name
    if chosen.company_id:
        return names.companies.get(chosen.company_id, "")
    return Lead(
        host=version.host, holder=version.host, holder_desk=HolderDesk.SALES
    ).recipient_label
