"""A dry run: where leads would go by a rule book, without writing anything (ux.md A4)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from accounts.actors import Person
from leads.enums import AccessLevel, HolderDesk
from leads.models import Lead, LeadAccess, RoutingVersion
from leads.rules.routing.book import Book
from leads.rules.routing.choosing import Decided, decide
from leads.rules.routing.matching import Subject
from leads.selectors.routing import (
    around,
    gave_back,
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


def leads_to_try(
    actor: Person, *, what: str, number: int = 50, lead: str = "", keys: Sequence[int] = ()
) -> list[Lead]:
    """Return leads for a dry run: those that wait, oldest first, the newest, one by its Lead ID, or those of a view.

    The view's leads are `keys`, in its order; each is tried behind the one before it.
    """
    host = actor.company_id
    seen = LeadAccess.objects.visible_to(actor).filter(level=AccessLevel.CURRENT, lead__host=host)
    rows: QuerySet[LeadAccess]
    match what:
        case "lead":
            rows = seen.filter(lead__reference=lead)
        case "view":
            rows = seen.filter(lead__in=keys)
        case "waiting":
            rows = waiting_leads(host)
        case _:
            rows = seen.order_by("-created_at", "-lead")
    chosen = list(rows.values_list("lead", flat=True)[:number])
    places = {key: place for place, key in enumerate(keys or chosen)}
    found = Lead.objects.visible_to(actor).select_related(*PARTS).filter(pk__in=chosen)
    return sorted(found, key=lambda one: places[one.pk])


def try_leads(leads: Sequence[Lead], version: RoutingVersion) -> Trial:
    """Return where `leads` would go, one after the other, if they became submitted now."""
    found = _decide_leads(leads, version)
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
    [decided] = _decide_all([(subject, ())], version)
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
    [decided] = _decide_leads([lead], version)
    chosen, names = decided.chosen, names_of(one.member for one in decided.considered)
    name = recipient(decided, names, version)
    if chosen is None or name == lead.recipient_label:
        return None
    target = "company" if chosen.company_id else "sales"
    return Suggestion(decided.rule.name, name, target, chosen.company_id)


def _decide_leads(leads: Sequence[Lead], version: RoutingVersion) -> list[Decided]:
    subjects, had_it = subjects_of(leads), gave_back(leads)
    return _decide_all([(subjects[lead.pk], had_it[lead.pk]) for lead in leads], version)


def _decide_all(
    met: Sequence[tuple[Subject, Collection[str]]], version: RoutingVersion
) -> list[Decided]:
    """Decide for leads one after the other, as `route_leads` does, with turns that nobody keeps."""
    book: Book = version.rules
    keys = [rule.key for rule in book.rules]
    there = around(version.host, members_in(book, keys))
    turns = turns_of(version.host_id, keys)
    return [decide(subject, book, there, turns, excluding=had_it) for subject, had_it in met]


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
