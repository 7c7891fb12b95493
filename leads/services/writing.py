"""Lock, check, write: the three steps that every change of leads takes (architecture.md, habit 2).

Each step takes many leads at the price of one; a move of one lead is the same with one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, NotFound, Refused
from leads.enums import OPEN
from leads.models import Lead, LeadAccess
from leads.rules.likeness import FIELDS as LIKENESS
from leads.rules.policy import verdict
from leads.rules.workflow import Action, Facts, Verdict
from leads.selectors.facts import facts_of, requested
from leads.selectors.merged import gone_or_unknown
from leads.selectors.refusals import why_none_now
from leads.services.access import refresh_all, update_access
from leads.services.carried import CARRIED, Touched, alike, columns_of
from leads.services.likeness import write_keys
from leads.services.offers import FOLLOWED, follow_offers, masks_after
from leads.services.scoring.scores import SCORED, rescore
from leads.services.search import FIELDS, search_text
from leads.services.sellers import follow_leads

# What rules and access rows look at; the host is read where a move needs it.
PARTS = ("holder", "maker", "product", "template_version")
# What neither looks at and is long: left where it is when many leads are read.
_HEAVY = ("answers", "attributes", "search", "consent_text")
# A change of these decides anew which desks see the lead.
HOLDING = frozenset({"holder", "holder_id", "holder_desk", "is_masked"})


@dataclass(frozen=True)
class Held:
    """A lead under lock, with what the rules say of it for the actor."""

    lead: Lead
    access: LeadAccess | None
    facts: Facts


def lock_lead(lead: Lead, *, actor: Actor, action: Action) -> Held:
    """Lock the row of `lead` until the transaction ends and check that `actor` may do `action` on it now.

    Raises NotFound, Forbidden, or Conflict with a sentence that says what happened.
    """
    held = held_leads(lock_rows([lead.pk], actor=actor), actor=actor)
    for refusal in refusals(held, action, actor=actor).values():
        raise refusal
    if not held:
        raise gone_or_unknown(lead, actor)
    return held[0]


def lock_rows(keys: Sequence[int], *, actor: Actor) -> Sequence[int]:
    """Lock those leads of `keys` that `actor` sees, in ascending order, until the transaction ends; return them.

    In one order everywhere, so that two who lock many leads cannot wait for each other.
    """
    # SQLite has locked the whole database at the start of the transaction (IMMEDIATE).
    if not connection.features.has_select_for_update:
        return sorted(keys)
    scoped = Lead.objects.visible_to(actor).filter(pk__in=keys).order_by("pk")
    return list(scoped.select_for_update(of=("self",)).values_list("pk", flat=True))


def lock_version(lead: Lead, *, actor: Actor) -> int:
    """Lock the row of `lead` until the transaction ends and return its version. Raises NotFound."""
    keys = lock_rows([lead.pk], actor=actor)
    found = Lead.objects.visible_to(actor).filter(pk__in=keys).values_list("version", flat=True)
    if (version := found.first()) is None:
        raise NotFound
    return version


def held_leads(keys: Sequence[int], *, actor: Actor) -> list[Held]:
    """Read locked leads as `actor` sees them: people at a desk through their access rows, in one query.

    The scope is asked again after the lock: a lead may have been taken from the desk while we waited
    (access.md section 5). Those that the actor no longer sees are left out.
    """
    found = _read(keys, actor) if keys else []
    waiting = requested(lead for lead, _access in found)
    return [
        Held(lead, access, facts_of(lead, actor, access, has_request=lead.pk in waiting))
        for lead, access in found
    ]


def _read(keys: Sequence[int], actor: Actor) -> list[tuple[Lead, LeadAccess | None]]:
    is_one = len(keys) == 1
    parts, heavy = (PARTS, ()) if is_one else ((), _HEAVY)
    found: list[tuple[Lead, LeadAccess | None]]
    if isinstance(actor, Person) and not actor.is_staff_at_work:
        rows = LeadAccess.objects.visible_to(actor).filter(lead__in=keys).order_by()
        rows = rows.select_related("lead", *(f"lead__{part}" for part in parts))
        if not is_one:
            rows = rows.defer(*CARRIED, *(f"lead__{name}" for name in heavy))
        found = [(row.lead, row) for row in rows]
    else:
        leads = Lead.objects.visible_to(actor).filter(pk__in=keys).order_by().defer(*heavy)
        found = [(lead, None) for lead in (leads.select_related(*parts) if parts else leads)]
    if not is_one:  # the same few companies, products and forms stand around all of them
        prefetch_related_objects([lead for lead, _access in found], *PARTS)
    # Sorted here: see accounts/selectors/actors.py.
    return sorted(found, key=lambda pair: pair[0].pk)


def refusals(held: Sequence[Held], action: Action, *, actor: Actor) -> dict[int, Refused]:
    """Return why `actor` may not do `action` on locked leads now, by lead; nothing for those where it may."""
    verdicts = {one.lead.pk: verdict(action, one.facts, actor) for one in held}
    late = [one.lead for one in held if verdicts[one.lead.pk] is Verdict.NOT_NOW]
    masked = {one.lead.pk for one in held if one.facts.is_masked}
    why = why_none_now(late, action, masked=masked)
    found: dict[int, Refused] = {}
    for pk, answer in verdicts.items():
        match answer:
            case Verdict.UNKNOWN:
                found[pk] = NotFound()
            case Verdict.FORBIDDEN:
                found[pk] = Forbidden(_("Your role does not allow this for this lead."))
            case Verdict.NOT_NOW:
                found[pk] = Conflict(why[pk])
    return found


@dataclass(frozen=True)
class Writing:
    """The columns of a locked lead that change, and the companies that lose it altogether."""

    lead: Lead
    columns: Mapping[str, Any] = field(default_factory=dict)
    withdrawn: tuple[int, ...] = ()


def write_lead(lead: Lead, *, withdrawn: tuple[int, ...] = (), **changes: Any) -> None:
    """Write `changes` to a locked lead; see `write_leads`."""
    write_leads([Writing(lead, changes, withdrawn)])


def write_leads(writings: Collection[Writing]) -> None:
    """Write to locked leads, count their versions up; search text, keys, access rows, offers and scores follow.

    Leads that change alike cost one query together. The write is also conditional on the version, so that
    it holds where a row lock is a no-op (SQLite).
    """
    moment = clock.now()
    moved: list[Touched] = []
    others: list[Touched] = []
    columns = []
    masks = masks_after([(one.lead, one.columns) for one in writings])
    writings = [
        replace(one, columns={**one.columns, "is_masked": masks[one.lead.pk]})
        if one.lead.pk in masks
        else one
        for one in writings
    ]
    rated = [one.lead for one in writings if _changes_score(one)]
    for one in writings:
        touched = Touched(one.lead, columns_of(one.lead), one.withdrawn)
        (moved if HOLDING & one.columns.keys() else others).append(touched)
        columns.append((_set(one, moment), one.lead.pk))
    for changes, leads in alike(columns):
        known = changes["version"] - 1
        written = Lead.objects.filter(pk__in=leads, version=known).update(**changes)
        if written != len(leads):
            raise Conflict(
                _("Somebody else changed this lead at the same moment. Look at it again.")
            )
    if renamed := [one.lead for one in writings if LIKENESS & one.columns.keys()]:
        write_keys(renamed)
    if moved:
        refresh_all(moved)
        follow_leads([one.lead for one in moved])
    if others:
        update_access(others)
    followed = {one.lead.pk for one in writings if FOLLOWED & one.columns.keys()}
    if followed:
        follow_offers([one for one in (*moved, *others) if one.lead.pk in followed])
    if rated:
        rescore(rated)


def _changes_score(writing: Writing) -> bool:
    """Say whether scoring rules have to look at the lead again: what they ask changes, or it is open again."""
    is_opened = writing.lead.status not in OPEN and writing.columns.get("status") in OPEN
    return is_opened or not SCORED.isdisjoint(writing.columns)


def _set(writing: Writing, moment: datetime) -> dict[str, Any]:
    """Set the columns on the lead, and those that follow from them; return them all.

    What brings a lead back to what it was names `updated_at` and `search_changed_at` itself.
    """
    lead, changes = writing.lead, dict(writing.columns)
    moment = changes.get("updated_at", moment)
    if "status" in changes and changes["status"] != lead.status:
        changes["status_changed_at"] = moment
    for name, value in changes.items():
        setattr(lead, name, value)
    if set(FIELDS) & changes.keys():
        changes["search"] = search_text(lead)
        if lead.search != changes["search"] and "search_changed_at" not in changes:
            changes["search_changed_at"] = lead.search_changed_at = moment
        lead.search = changes["search"]
    lead.version, lead.updated_at = lead.version + 1, moment
    return {**changes, "version": lead.version, "updated_at": moment}
