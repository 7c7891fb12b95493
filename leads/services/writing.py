"""Lock, check, write: the three steps that every change of a lead takes (architecture.md, habit 2)."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leads.models import Lead, LeadAccess
from leads.rules.policy import verdict
from leads.rules.workflow import Action, Facts, Verdict
from leads.selectors.facts import facts_of
from leads.selectors.refusals import why_not_now
from leads.services.access import columns_of, refresh_access, update_access
from leads.services.search import FIELDS, search_text

# What rules and access rows look at; the host is read where a move needs it.
PARTS = ("holder", "maker", "product", "template_version")
# A change of these decides anew which desks see the lead.
HOLDING = frozenset({"holder", "holder_id", "holder_desk"})


@dataclass(frozen=True)
class Held:
    """A lead under lock, with what the rules say of it for the actor."""

    lead: Lead
    access: LeadAccess | None
    facts: Facts


def lock_lead(lead: Lead, *, actor: Actor, action: Action) -> Held:
    """Lock the row of `lead` until the transaction ends and check that `actor` may do `action` on it now.

    The scope is asked again after the lock: the lead may have been taken from the desk while we waited
    (access.md section 5). Raises NotFound, Forbidden, or Conflict with a sentence that says what happened.
    """
    fresh, access = _locked(lead.pk, actor)
    facts = facts_of(fresh, actor, access)
    match verdict(action, facts, actor):
        case Verdict.UNKNOWN:
            raise NotFound
        case Verdict.FORBIDDEN:
            raise Forbidden(_("Your role does not allow this for this lead."))
        case Verdict.NOT_NOW:
            raise Conflict(why_not_now(fresh, action))
    return Held(fresh, access, facts)


def _locked(pk: int, actor: Actor) -> tuple[Lead, LeadAccess | None]:
    """Lock a lead, then read it as `actor` sees it: people at a desk through its access row, in one query."""
    # SQLite has locked the whole database at the start of the transaction (IMMEDIATE).
    if connection.features.has_select_for_update:
        scoped = Lead.objects.visible_to(actor).filter(pk=pk)
        if not scoped.select_for_update(of=("self",)).exists():
            raise NotFound
    try:
        if isinstance(actor, Person) and not actor.is_staff_at_work:
            rows = LeadAccess.objects.visible_to(actor)
            access = rows.select_related(*(f"lead__{part}" for part in PARTS)).get(lead=pk)
            return access.lead, access
        return Lead.objects.visible_to(actor).select_related(*PARTS).get(pk=pk), None
    except ObjectDoesNotExist:
        raise NotFound from None


def write_lead(lead: Lead, *, withdrawn: tuple[int, ...] = (), **changes: Any) -> None:
    """Write `changes` to a locked lead, count its version up, and bring search text and access rows along.

    The write is also conditional on the version, so that it holds where a row lock is a no-op (SQLite).
    """
    moment = clock.now()
    before = columns_of(lead)
    if "status" in changes and changes["status"] != lead.status:
        changes["status_changed_at"] = moment
    for field, value in changes.items():
        setattr(lead, field, value)
    old_search = lead.search
    if set(FIELDS) & changes.keys():
        lead.search = search_text(lead)
        changes["search"] = lead.search
        if lead.search != old_search:
            changes["search_changed_at"] = lead.search_changed_at = moment
    known = lead.version
    lead.version, lead.updated_at = known + 1, moment
    written = Lead.objects.filter(pk=lead.pk, version=known).update(
        **changes, version=lead.version, updated_at=moment
    )
    if written != 1:
        raise Conflict(_("Somebody else changed this lead at the same moment. Look at it again."))
    if HOLDING & changes.keys():
        refresh_access(lead, withdrawn=withdrawn)
    else:
        update_access(lead, before)
