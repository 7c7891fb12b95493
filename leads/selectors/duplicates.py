"""Leads that may be the same prospect, among those that the actor sees (domain.md section 7)."""

from dataclasses import dataclass

from accounts.actors import Person
from leads.enums import OPEN, AccessLevel, Status
from leads.models import Lead, LeadAccess, LeadKey
from leads.rules.access import relations
from leads.rules.likeness import EMAIL, NAME, PHONE
from leads.rules.merging import MANAGERS, merges_leads
from leads.selectors.detail import Sight

SHOWN = 5
# A telephone exchange or a mailbox that so many leads name says nothing; the newest are looked at.
LOOKED_AT = 200


@dataclass(frozen=True)
class Alike:
    """A lead that looks like another one, in what of EMAIL, PHONE and NAME, and whether the actor could merge them."""

    lead: Lead
    reasons: tuple[str, ...]
    is_mergeable: bool


def possible_duplicates(sight: Sight) -> list[Alike]:
    """Return up to five leads that look like the one in sight, newest first: one query.

    Same mailbox, telephone number, or name at the same company domain. Not those that are deleted, nor those that
    the actor's desk has lost, or has not accepted: it does not know what they say.
    """
    keys = sight.lead.likeness
    if not keys or sight.is_past:
        return []
    others = LeadKey.objects.filter(key__in=keys).exclude(lead=sight.lead)
    rows = LeadAccess.objects.visible_to(sight.actor).filter(
        lead__in=others.order_by("-lead").values("lead")[:LOOKED_AT], level=AccessLevel.CURRENT
    )
    rows = rows.filter(is_masked=False)
    rows = rows.exclude(status=Status.DELETED).select_related(
        "lead__holder", "lead__maker", "lead__product"
    )
    may_merge = _can_be_merged(sight.lead, sight.actor)
    return [
        Alike(
            lead=row.lead,
            reasons=_reasons(keys & row.lead.likeness),
            is_mergeable=may_merge
            and row.lead.host_id == sight.lead.host_id
            and _can_be_merged(row.lead, sight.actor),
        )
        for row in rows.order_by("-lead")[:SHOWN]
    ]


def _can_be_merged(lead: Lead, actor: Person) -> bool:
    """Say whether `actor` may edit the lead as its manager (domain.md section 4)."""
    related = relations(lead.parties, actor, is_past=False)
    return merges_leads(actor) and bool(related & MANAGERS) and lead.status in OPEN


def _reasons(keys: frozenset[str]) -> tuple[str, ...]:
    """Return in what two leads agree; one mailbox says more than one name at one company."""
    kinds = {key.partition(":")[0] for key in keys}
    if EMAIL in kinds:
        kinds.discard(NAME)
    return tuple(kind for kind in (EMAIL, PHONE, NAME) if kind in kinds)
