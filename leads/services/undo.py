"""Take the last change back: within two minutes, by whoever made it, when nothing has changed since."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from accounts.models import Company
from leadportal.common import clock
from leadportal.common.errors import Conflict, NotFound
from leads.enums import EventKind, Progress, Status
from leads.models import Event, Lead, LeadProduct, Note
from leads.rules.undo import UNDO_WITHIN, is_undoable
from leads.services.acts import Act, Change, carry_out_one
from leads.services.history import Line
from leads.services.inbox import take_back
from leads.services.writing import Held


def undo(lead: Lead, *, number: int, actor: Person, within: timedelta = UNDO_WITHIN) -> Lead:
    """Take line `number` of the lead's history back; a bulk action gives longer than two minutes.

    Raises NotFound for a line that is not the actor's, Conflict when it is too late or something followed.
    """
    return carry_out_one(Undoing({lead.pk: number}, within), lead, actor=actor)


@dataclass(frozen=True)
class _Seen:
    """The line to take back of each lead that has it, and the companies that lines name as holders before."""

    events: dict[int, Any]
    companies: dict[int, Company]


@dataclass(frozen=True)
class Undoing(Act):
    """Take one line back of each lead: those in `lines`, by lead. See `undo`."""

    lines: Mapping[int, int]
    within: timedelta = UNDO_WITHIN

    def look(self, held: Sequence[Held], actor: Actor) -> _Seen:
        """Read the lines, and whether another one followed."""
        own = {pk: self.lines[pk] for pk in (one.lead.pk for one in held)}
        later = Event.objects.filter(lead=OuterRef("lead"), number__gt=OuterRef("number"))
        lines = Event.objects.filter(lead__in=own, number__in=set(own.values())).order_by()
        lines = lines.filter(actor_user=actor.user_id if isinstance(actor, Person) else None)
        events = {
            line.lead_id: line
            for line in lines.annotate(is_followed=Exists(later))
            if line.number == own[line.lead_id]
        }
        holders = {
            line.data["from_holder"] for line in events.values() if line.kind == EventKind.ASSIGNED
        }
        return _Seen(events, Company.objects.in_bulk(holders) if holders else {})

    def decide(self, held: Held, seen: _Seen, actor: Actor) -> Change:
        """See `undo`."""
        event = seen.events.get(held.lead.pk)
        if event is None:
            raise NotFound
        if event.is_followed or not is_undoable(event.kind, event.at, clock.now(), self.within):
            raise Conflict(
                _(
                    "This can no longer be undone: the time for it has passed, or the lead has changed since."
                )
            )
        return _INVERSES[EventKind(event.kind)](held.lead, event, seen)

    def store(self, changes: Sequence[Change], seen: _Seen, actor: Actor) -> None:
        """Put products and notes back as they were, and forget what was told."""
        events = [seen.events[one.lead.pk] for one in changes]
        for kind, write in _BESIDE.items():
            if same := [event for event in events if event.kind == kind]:
                write(same, actor)
        take_back(events)


def _line(event: Event, **codes: Any) -> tuple[Line]:
    """Return what is said of a line that is taken back, to the readers of that line."""
    data = {"line": event.number, "kind": event.kind, **codes}
    return (Line(EventKind.UNDONE, data, audience=event.audience_company_id),)


def _status_codes(lead: Lead, event: Event) -> dict[str, str]:
    return {"from": Status(lead.status).slug, "to": event.data["from"]}


def _unassign(lead: Lead, event: Event, seen: _Seen) -> Change:
    """Give the lead back to who held it; the company that had it for a moment loses it altogether."""
    columns = {
        "status": Status.from_slug(event.data["from"]),
        "holder": seen.companies[event.data["from_holder"]],
        "holder_desk": event.data["from_desk"],
        "in_charge_id": event.data["from_in_charge"],
    }
    lines = _line(event, **_status_codes(lead, event))
    return Change(lead, lines, columns, withdrawn=(event.data["to_holder"],))


def _reopen(lead: Lead, event: Event, _seen: _Seen) -> Change:
    columns = {
        "status": Status.from_slug(event.data["from"]),
        "closed_reason": None,
        "closed_text": "",
    }
    return Change(lead, _line(event, **_status_codes(lead, event)), columns)


def _undelete(lead: Lead, event: Event, _seen: _Seen) -> Change:
    columns = {"status": Status.from_slug(event.data["from"]), "status_before_delete": None}
    return Change(lead, _line(event, **_status_codes(lead, event)), columns)


def _unprogress(lead: Lead, event: Event, _seen: _Seen) -> Change:
    before = event.data["from"]
    return Change(lead, _line(event, progress=before), {"progress": Progress.from_slug(before)})


def _change_product(lead: Lead, event: Event, _seen: _Seen) -> Change:
    return Change(lead, _line(event, product=event.data["product"]))


def _change_note(lead: Lead, event: Event, _seen: _Seen) -> Change:
    return Change(lead, _line(event, note=event.data["note"]), is_lead_written=False)


_INVERSES: dict[EventKind, Callable[[Lead, Event, _Seen], Change]] = {
    EventKind.ASSIGNED: _unassign,
    EventKind.DISQUALIFIED: _reopen,
    EventKind.DELETED: _undelete,
    EventKind.PROGRESS_CHANGED: _unprogress,
    EventKind.PRODUCT_ADDED: _change_product,
    EventKind.PRODUCT_REMOVED: _change_product,
    EventKind.NOTE_DELETED: _change_note,
}


def _remove_products(events: Iterable[Event], _actor: Actor) -> None:
    leads_of: dict[int, list[int]] = {}
    for event in events:
        leads_of.setdefault(event.data["product"], []).append(event.lead_id)
    for product_id, leads in leads_of.items():
        LeadProduct.objects.filter(lead__in=leads, product=product_id).delete()


def _add_products(events: Iterable[Event], actor: Actor) -> None:
    user_id = actor.user_id if isinstance(actor, Person) else None
    LeadProduct.objects.bulk_create(
        [
            LeadProduct(
                lead_id=event.lead_id,
                product_id=event.data["product"],
                added_by_id=user_id,
                added_at=clock.now(),
            )
            for event in events
        ],
        ignore_conflicts=True,
    )


def _restore_notes(events: Iterable[Event], _actor: Actor) -> None:
    Note.objects.filter(pk__in=[event.data["note"] for event in events]).update(deleted_at=None)


# What stands beside the lead and comes back with it.
_BESIDE: dict[EventKind, Callable[[Iterable[Event], Actor], None]] = {
    EventKind.PRODUCT_ADDED: _remove_products,
    EventKind.PRODUCT_REMOVED: _add_products,
    EventKind.NOTE_DELETED: _restore_notes,
}
