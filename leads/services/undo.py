"""Take the last change back: within two minutes, by whoever made it, when nothing has changed since."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, NotFound
from leads.enums import EventKind, Progress, Status
from leads.models import Event, Lead, LeadProduct, Note
from leads.rules.undo import UNDO_WITHIN, is_undoable
from leads.services.history import record
from leads.services.writing import PARTS, write_lead


@transaction.atomic
def undo(lead: Lead, *, number: int, actor: Person, within: timedelta = UNDO_WITHIN) -> Lead:
    """Take line `number` of the lead's history back; a bulk action gives longer than two minutes.

    Raises NotFound for a line that is not the actor's, Conflict when it is too late or something followed.
    """
    scoped = Lead.objects.visible_to(actor).filter(pk=lead.pk)
    if not scoped.select_for_update(of=("self",)).exists():
        raise NotFound
    fresh = scoped.select_related(*PARTS).get()
    event = Event.objects.filter(lead=fresh, number=number, actor_user=actor.user_id).first()
    if event is None:
        raise NotFound
    is_last = not Event.objects.filter(lead=fresh, number__gt=number).exists()
    if not is_last or not is_undoable(event.kind, event.at, clock.now(), within):
        raise Conflict(
            _(
                "This can no longer be undone: the time for it has passed, or the lead has changed since."
            )
        )
    _INVERSES[EventKind(event.kind)](fresh, event, actor)
    return fresh


def _record(lead: Lead, event: Event, actor: Person, **codes: Any) -> None:
    """Record what was taken back, for the readers of the line that it takes back."""
    data = {"line": event.number, "kind": event.kind, **codes}
    record(lead, EventKind.UNDONE, actor=actor, data=data, audience=event.audience_company_id)


def _status_codes(lead: Lead, event: Event) -> dict[str, str]:
    return {"from": Status(lead.status).slug, "to": event.data["from"]}


def _unassign(lead: Lead, event: Event, actor: Person) -> None:
    """Give the lead back to who held it; the company that had it for a moment loses it altogether."""
    _record(lead, event, actor, **_status_codes(lead, event))
    write_lead(
        lead,
        withdrawn=(event.data["to_holder"],),
        status=Status.from_slug(event.data["from"]),
        holder_id=event.data["from_holder"],
        holder_desk=event.data["from_desk"],
        in_charge_id=event.data["from_in_charge"],
    )


def _reopen(lead: Lead, event: Event, actor: Person) -> None:
    _record(lead, event, actor, **_status_codes(lead, event))
    write_lead(
        lead, status=Status.from_slug(event.data["from"]), closed_reason=None, closed_text=""
    )


def _undelete(lead: Lead, event: Event, actor: Person) -> None:
    _record(lead, event, actor, **_status_codes(lead, event))
    write_lead(lead, status=Status.from_slug(event.data["from"]), status_before_delete=None)


def _unprogress(lead: Lead, event: Event, actor: Person) -> None:
    _record(lead, event, actor, progress=event.data["from"])
    write_lead(lead, progress=Progress.from_slug(event.data["from"]))


def _remove_added(lead: Lead, event: Event, actor: Person) -> None:
    LeadProduct.objects.filter(lead=lead, product=event.data["product"]).delete()
    _record(lead, event, actor, product=event.data["product"])
    write_lead(lead)


def _add_removed(lead: Lead, event: Event, actor: Person) -> None:
    LeadProduct.objects.get_or_create(
        lead=lead,
        product_id=event.data["product"],
        defaults={"added_by_id": actor.user_id, "added_at": clock.now()},
    )
    _record(lead, event, actor, product=event.data["product"])
    write_lead(lead)


def _restore_note(lead: Lead, event: Event, actor: Person) -> None:
    Note.objects.filter(pk=event.data["note"], lead=lead).update(deleted_at=None)
    _record(lead, event, actor, note=event.data["note"])


_INVERSES: dict[EventKind, Callable[[Lead, Event, Person], None]] = {
    EventKind.ASSIGNED: _unassign,
    EventKind.DISQUALIFIED: _reopen,
    EventKind.DELETED: _undelete,
    EventKind.PROGRESS_CHANGED: _unprogress,
    EventKind.PRODUCT_ADDED: _remove_added,
    EventKind.PRODUCT_REMOVED: _add_removed,
    EventKind.NOTE_DELETED: _restore_note,
}
