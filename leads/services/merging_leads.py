"""Make one of two leads, and two again: what moves, who sees them, what history says (domain.md section 7)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from accounts.models import Membership
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden
from leads.enums import EventKind, RequestState
from leads.models import (
    Behaviour,
    ConversionRequest,
    Lead,
    LeadAccess,
    LeadMerge,
    LeadProduct,
    Note,
    PastView,
)
from leads.rules.merging import attributes_of, can_undo, consent_of, may_look_after, merges_leads
from leads.rules.workflow import Action
from leads.selectors.clashes import ATTRIBUTE
from leads.selectors.facts import facts_of
from leads.selectors.merged import gone_or_unknown
from leads.services.access import refresh_access
from leads.services.carried import CONTACT
from leads.services.history import record
from leads.services.scoring.scores import rescore
from leads.services.sellers import move_back_to_lead, move_to_lead
from leads.services.stored import plain, put_back, rows_of, stored
from leads.services.writing import PARTS, held_leads, lock_rows, refusals, write_lead

NEXT_STEP = ("next_step", "next_step_on", "next_step_by_id")
# What is taken from one lead or the other: contact, company and the next step; custom attributes by their key.
FIELDS = (*CONTACT, "next_step")
BATCH = 1_000
# Who sees a lead, and as what: put away while it is merged into another one.
_SIGHTS: tuple[type[models.Model], ...] = (LeadAccess, PastView)


@transaction.atomic
def merge_leads(
    kept: Lead,
    gone: Lead,
    *,
    take: Collection[str] = (),
    versions: tuple[int, int] | None = None,
    actor: Actor,
) -> Lead:
    """Merge the lead `gone` into `kept` and return that, with the fields of `take` from `gone`.

    `take` names FIELDS and custom attributes ("attribute:key"). Notes, products and what the prospect did go over;
    history, answers and the raw submission stay with `gone`, which nobody sees any more. Consent that was withdrawn on
    one is withdrawn. Status, holder and product of `kept` stay; its score is worked out anew. Each gets one line of
    history. The same again changes nothing.
    Both are locked in ascending order, as everywhere. `versions` are those that the actor saw.
    Raises NotFound; Forbidden for who may not edit both as a manager; Conflict when one of them is not open, was
    merged or changed meanwhile, waits for an answer to a conversion request, or belongs to another host.
    """
    if known := _merged_already(kept, gone, actor):
        return known
    kept, gone = _locked_pair(kept, gone, actor=actor)
    if versions is not None and versions != (kept.version, gone.version):
        raise Conflict(
            _("One of these leads was changed meanwhile. Look at them again, then merge them.")
        )
    changes = _changes(kept, gone, frozenset(take))
    merge = LeadMerge(kept=kept, gone=gone, merged_by_id=_person(actor), merged_at=clock.now())
    merge.before = {
        "fields": {name: [plain(getattr(kept, name)), None] for name in changes},
        "updated_at": plain(kept.updated_at),
        "search_changed_at": plain(kept.search_changed_at),
        "moved": _move_children(gone, kept),
        "sights": {model.__name__: rows_of(model, gone) for model in _SIGHTS},
    }
    _tell_history(kept, gone, EventKind.MERGED, changes, actor=actor)
    write_lead(kept, **changes)
    rescore([kept])
    for name, pair in merge.before["fields"].items():
        pair[1] = plain(getattr(kept, name))
    merge.before["version"] = kept.version
    merge.save()
    write_lead(gone, merged_into=kept, updated_at=gone.updated_at)
    for model in _SIGHTS:
        model._default_manager.filter(lead=gone).delete()
    return kept


@transaction.atomic
def undo_merge(merge: LeadMerge, *, actor: Actor) -> Lead:
    """Take a merge back within 30 days and return the lead that had gone, as it was.

    What came from it goes back to it; a field of the other one that was changed since stays as it is. The newest
    merge of a lead is undone first. A withdrawal of consent meanwhile holds for both. The same again changes nothing.
    Raises NotFound; Forbidden for who does not manage both; Conflict when it can no longer be undone.
    """
    kept, gone = _locked_for_undo(merge, actor=actor)
    fresh = LeadMerge.objects.get(pk=merge.pk)
    if fresh.undone_at is not None:
        return gone
    _check_undo(fresh, kept)
    before = fresh.before
    _move_back(before["moved"], kept, gone)
    _tell_history(kept, gone, EventKind.UNMERGED, {}, actor=actor)
    write_lead(kept, **_undone(before, kept))
    write_lead(gone, merged_into=None, updated_at=gone.updated_at, **_left(gone))
    for model in _SIGHTS:
        put_back(model, before["sights"][model.__name__])
    refresh_access(gone)  # who sees it now: companies and desks may have changed since
    rescore([kept, gone])
    fresh.undone_at, fresh.before = clock.now(), {}
    fresh.save(update_fields=["undone_at", "before"])
    return gone


@transaction.atomic
def forget_merges() -> int:
    """Drop what undoing would put back of merges that are older than that; return how many. For the worker."""
    old = [
        merge.pk
        for merge in LeadMerge.objects.filter(undone_at__isnull=True).exclude(before={})
        if not can_undo(merge.merged_at, clock.now())
    ]
    return LeadMerge.objects.filter(pk__in=old).update(before={})


# --- Locks and rights ---------------------------------------------------------------------------------


def _merged_already(kept: Lead, gone: Lead, actor: Actor) -> Lead | None:
    """Return `kept` as it is if just this has been done already. Raises NotFound."""
    done = LeadMerge.objects.filter(kept=kept.pk, gone=gone.pk, undone_at__isnull=True)
    if not done.exists():
        return None
    found = Lead.objects.visible_to(actor).filter(pk=kept.pk).first()
    if found is None:
        raise gone_or_unknown(kept, actor)
    return found


def _locked_pair(kept: Lead, gone: Lead, *, actor: Actor) -> tuple[Lead, Lead]:
    if isinstance(actor, Person) and not merges_leads(actor):
        raise Forbidden(_("Only managers merge leads."))
    held = held_leads(lock_rows(sorted({kept.pk, gone.pk}), actor=actor), actor=actor)
    found = {one.lead.pk: one for one in held}
    for lead in (kept, gone):
        if lead.pk not in found:
            raise gone_or_unknown(lead, actor)
    if len(found) != 2:
        raise Conflict(_("A lead cannot be merged with itself."))
    for one in held:
        if not may_look_after(one.facts, actor):
            raise Forbidden(_("Your role does not let you merge these leads."))
    for refusal in refusals(held, Action.EDIT, actor=actor).values():
        raise refusal
    kept, gone = found[kept.pk].lead, found[gone.pk].lead
    if kept.host_id != gone.host_id:
        raise Conflict(_("These leads belong to different distributors and cannot be merged."))
    waiting = ConversionRequest.objects.filter(lead=gone, state=RequestState.PENDING)
    if waiting.exists():
        raise Conflict(
            _("%(lead)s waits for an answer to a conversion request. Approve or deny it first.")
            % {"lead": gone.reference}
        )
    return kept, gone


def _locked_for_undo(merge: LeadMerge, *, actor: Actor) -> tuple[Lead, Lead]:
    """Lock both leads. Nobody sees the one that has gone: whether the actor would manage it decides."""
    rows = Lead.objects.filter(pk__in=[merge.kept_id, merge.gone_id]).order_by("pk")
    found = {one.pk: one for one in rows.select_related(*PARTS).select_for_update(of=("self",))}
    kept, gone = found[merge.kept_id], found[merge.gone_id]
    if not Lead.objects.visible_to(actor).filter(pk=kept.pk).exists():
        raise gone_or_unknown(kept, actor)
    for lead in (kept, gone):
        if not may_look_after(facts_of(lead, actor, None, has_request=False), actor):
            raise Forbidden(_("Your role does not let you undo this merge."))
    return kept, gone


def _check_undo(merge: LeadMerge, kept: Lead) -> None:
    if not can_undo(merge.merged_at, clock.now()):
        raise Conflict(_("A merge can be undone for 30 days. This one is older."))
    if not merge.before:
        raise Conflict(_("The personal data of these leads were removed. They stay merged."))
    later = LeadMerge.objects.filter(kept=kept, pk__gt=merge.pk, undone_at__isnull=True)
    if newest := later.select_related("gone").first():
        raise Conflict(
            _("%(lead)s was merged later. Undo that merge first.") % {"lead": newest.gone.reference}
        )


# --- What changes -------------------------------------------------------------------------------------


def _changes(kept: Lead, gone: Lead, take: frozenset[str]) -> dict[str, Any]:
    """Return the columns of `kept` that differ after the merge."""
    wanted: dict[str, Any] = {name: getattr(gone, name) for name in CONTACT if name in take}
    if "next_step" in take:
        wanted |= {name: getattr(gone, name) for name in NEXT_STEP}
    taken = frozenset(name.removeprefix(ATTRIBUTE) for name in take if name.startswith(ATTRIBUTE))
    wanted["attributes"] = attributes_of(kept.attributes, gone.attributes, taken)
    wanted |= consent_of(kept, gone)
    return {name: value for name, value in wanted.items() if getattr(kept, name) != value}


def _tell_history(
    kept: Lead, gone: Lead, kind: EventKind, changes: Mapping[str, Any], *, actor: Actor
) -> None:
    """Add one line to the history of each: what became of the other one."""
    values = {
        name: (getattr(kept, name), changes[name])
        for name in (*FIELDS, "next_step_on")
        if name in changes
    }
    attributes = changes.get("attributes", kept.attributes)
    for key in attributes:
        if attributes[key] != kept.attributes.get(key):
            values[f"{ATTRIBUTE}{key}"] = (kept.attributes.get(key), attributes[key])
    for lead, other, side in ((kept, gone, "kept"), (gone, kept, "gone")):
        data = {"lead": other.pk, "reference": other.reference, "side": side}
        record(lead, kind, actor=actor, data=data, values=values if side == "kept" else {})


def _undone(before: Mapping[str, Any], kept: Lead) -> dict[str, Any]:
    """Return the columns of `kept` as they were, but for those that were changed since."""
    fields: Mapping[str, Sequence[Any]] = before["fields"]
    same = {name for name, (_old, new) in fields.items() if plain(getattr(kept, name)) == new}
    if not same.issuperset(fields.keys() & set(NEXT_STEP)):  # one thing in three columns
        same -= set(NEXT_STEP)
    changes = {name: stored(Lead, name, fields[name][0]) for name in same}
    if kept.version == before["version"]:  # nothing has happened since: exactly as it was
        for name in ("updated_at", "search_changed_at"):
            changes[name] = stored(Lead, name, before[name])
    return changes


def _left(gone: Lead) -> dict[str, Any]:
    """Put nobody in charge where that person has left the company meanwhile: no heir was asked for."""
    there = Membership.objects.active().filter(user=gone.in_charge_id, company=gone.holder_id)
    return {} if gone.in_charge_id is None or there.exists() else {"in_charge": None}


def _move_children(gone: Lead, kept: Lead) -> dict[str, list[Any]]:
    """Move what belongs to `gone` to `kept`; a product or a deed that both have stays. Return what moved."""
    notes = Note.objects.filter(lead=gone).order_by("pk")
    both = LeadProduct.objects.filter(lead=kept).values("product")
    products = LeadProduct.objects.filter(lead=gone).exclude(product__in=both).order_by("pk")
    same = Behaviour.objects.filter(lead=kept).values("key")
    deeds = Behaviour.objects.filter(lead=gone).exclude(key__in=same).order_by("pk")
    moved: dict[str, list[Any]] = {
        "notes": [[pk, plain(at)] for pk, at in notes.values_list("pk", "merged_at")],
        "products": list(products.values_list("pk", flat=True)),
        "behaviour": list(deeds.values_list("pk", flat=True)),
        "sales": move_to_lead(gone, kept),
    }
    notes.update(lead=kept, merged_at=clock.now())
    LeadProduct.objects.filter(pk__in=moved["products"]).update(lead=kept)
    Behaviour.objects.filter(pk__in=moved["behaviour"]).update(lead=kept)
    return moved


def _move_back(moved: Mapping[str, Sequence[Any]], kept: Lead, gone: Lead) -> None:
    """Move back what came from `gone` and is still there."""
    stamps = {pk: stored(Note, "merged_at", at) for pk, at in moved["notes"]}
    notes = list(Note.objects.filter(lead=kept, pk__in=stamps))
    for note in notes:
        note.lead, note.merged_at = gone, stamps[note.pk]
    Note.objects.bulk_update(notes, ["lead", "merged_at"], batch_size=BATCH)
    LeadProduct.objects.filter(lead=kept, pk__in=moved["products"]).update(lead=gone)
    deeds = moved.get("behaviour", ())  # a merge from before these went over has none
    Behaviour.objects.filter(lead=kept, pk__in=deeds).update(lead=gone)
    move_back_to_lead(moved.get("sales", ()), kept, gone)


def _person(actor: Actor) -> int | None:
    return actor.user_id if isinstance(actor, Person) else None
