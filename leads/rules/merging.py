"""What holds for two leads that are made one (domain.md sections 4 and 7)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from accounts.actors import Actor, Person, System
from accounts.enums import Role
from leads.enums import Relation
from leads.rules.workflow import Facts

UNDO_WITHIN = timedelta(days=30)
MANAGERS = frozenset({Relation.OPERATOR, Relation.CHANNEL})


class Consenting(Protocol):
    """A lead as far as its consent goes."""

    consent_text: str
    consent_at: datetime | None
    consent_source: str
    consent_withdrawn_at: datetime | None


def merges_leads(actor: Person) -> bool:
    """Marketplace and reseller managers merge leads (domain.md section 4)."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)


def may_look_after(facts: Facts, actor: Actor) -> bool:
    """Say whether `actor` manages the lead that `facts` describe: it may merge it, and undo that."""
    return isinstance(actor, System) or bool(facts.relations & MANAGERS)


def can_undo(merged_at: datetime, now: datetime) -> bool:
    """Say whether a merge of that moment can still be undone."""
    return now - merged_at <= UNDO_WITHIN


def consent_of(kept: Consenting, gone: Consenting) -> dict[str, Any]:
    """Return the consent of two leads that become one: who withdrew it on one of them, withdrew it.

    Else the newest that was given.
    """
    withdrawn = [one for one in (kept, gone) if one.consent_withdrawn_at]
    given = [one for one in (kept, gone) if one.consent_at]
    chosen = kept
    if withdrawn:
        chosen = max(withdrawn, key=lambda one: _moment(one.consent_withdrawn_at))
    elif given:
        chosen = max(given, key=lambda one: _moment(one.consent_at))
    return {name: getattr(chosen, name) for name in CONSENT}


CONSENT = ("consent_text", "consent_at", "consent_source", "consent_withdrawn_at")


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at else 0.0


def attributes_of(
    kept: Mapping[str, Any], gone: Mapping[str, Any], taken: frozenset[str]
) -> dict[str, Any]:
    """Return the custom attributes: of both, where both have one the kept lead's, but `taken` from the other."""
    merged = {**gone, **kept}
    for key in taken:
        merged.pop(key, None)
        if key in gone:
            merged[key] = gone[key]
    return merged
