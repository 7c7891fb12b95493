"""Write history: the only code that adds a line."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import OuterRef, Subquery

from accounts.actors import Actor, Person
from leadportal.common import clock
from leads.enums import EventKind
from leads.models import Event, EventValue, Lead
from leads.services.inbox import tell_of

Values = Mapping[str, tuple[object, object]]
BATCH = 1_000


@dataclass(frozen=True)
class Line:
    """What a history line will say.

    `data` holds ids, field names and codes only. `values` maps a field to its old and new value; they are
    stored beside the line and can be erased (security.md R25). `audience` limits the readers to one company.
    With `is_quiet` nobody is told: a line that follows at once says what people have to know.
    """

    kind: EventKind
    data: Mapping[str, Any] = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    audience: int | None = None
    is_quiet: bool = False


def record(
    lead: Lead,
    kind: EventKind,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    values: Values | None = None,
    audience: int | None = None,
    is_quiet: bool = False,
) -> Event:
    """Add a line to the history of a locked `lead`; see `Line`."""
    line = Line(kind, data or {}, values or {}, audience, is_quiet)
    [event] = record_all([(lead, line)], actor=actor)
    return event


def record_all(lines: Sequence[tuple[Lead, Line]], *, actor: Actor) -> list[Event]:
    """Add lines to the histories of locked leads, those of one lead in their order: three queries at most.

    Every line that any service writes passes here, before the lead is written, and whom it concerns is told
    of it (services/inbox.py).
    """
    ends = _ends({lead.pk for lead, _line in lines})
    who, moment = _by(actor), clock.now()
    events = []
    for lead, line in lines:
        number, before = ends.get(lead.pk, (0, ""))
        event = Event(
            lead=lead,
            number=number + 1,
            kind=line.kind,
            at=moment,
            data=dict(line.data),
            audience_company_id=line.audience,
            **who,
        )
        event.digest = digest_of(event, before)
        ends[lead.pk] = (event.number, event.digest)
        events.append(event)
    Event.objects.bulk_create(events, batch_size=BATCH)
    EventValue.objects.bulk_create(
        [
            EventValue(event=event, field=name, old=_text(old), new=_text(new))
            for event, (_lead, line) in zip(events, lines, strict=True)
            for name, (old, new) in line.values.items()
        ],
        batch_size=BATCH,
    )
    told = zip(events, lines, strict=True)
    tell_of([(event, lead) for event, (lead, line) in told if not line.is_quiet], actor=actor)
    return events


def _ends(leads: Collection[int]) -> dict[int, tuple[int, str]]:
    """Return number and digest of the last line of each of `leads` that has one."""
    lines = Event.objects.filter(lead__in=leads)
    if len(leads) == 1:  # nearly every change: half the work of finding the end of each
        lines = lines.order_by("-number")[:1]
    else:
        newest = Event.objects.filter(lead=OuterRef("lead")).order_by("-number").values("number")
        lines = lines.filter(number=Subquery(newest[:1])).order_by()
    return {
        lead: (number, end) for lead, number, end in lines.values_list("lead", "number", "digest")
    }


def _by(actor: Actor) -> dict[str, Any]:
    """Return the columns that say who did it."""
    if isinstance(actor, Person):
        return {
            "actor_user_id": actor.user_id,
            "actor_company_id": actor.company_id,
            "actor_name": actor.token,
            "is_staff": actor.is_staff_at_work,
        }
    return {"actor_name": actor.name}


def digest_of(event: Event, before: str) -> str:
    """Return the digest of a line that follows the line with digest `before`."""
    parts = [
        before,
        event.lead_id,
        event.number,
        event.kind,
        _moment(event.at),
        event.actor_user_id,
        event.actor_company_id,
        event.actor_name,
        event.is_staff,
        event.audience_company_id,
        event.data,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
