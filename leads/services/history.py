"""Write history: the only code that adds a line."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from accounts.actors import Actor, Person
from leadportal.common import clock
from leads.enums import EventKind
from leads.models import Event, EventValue, Lead

Values = Mapping[str, tuple[object, object]]


def record(
    lead: Lead,
    kind: EventKind,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    values: Values | None = None,
    audience: int | None = None,
) -> Event:
    """Add a line to the history of a locked `lead`.

    `data` holds ids, field names and codes only. `values` maps a field to its old and new value; they are
    stored beside the line and can be erased (security.md R25). `audience` limits the readers to one company.
    """
    last = (
        Event.objects.filter(lead=lead).order_by("-number").values_list("number", "digest").first()
    )
    number, before = last or (0, "")
    event = Event(
        lead=lead,
        number=number + 1,
        kind=kind,
        at=clock.now(),
        data=dict(data or {}),
        audience_company_id=audience,
    )
    if isinstance(actor, Person):
        event.actor_user_id = actor.user_id
        event.actor_company_id = actor.company_id
        event.is_staff = actor.is_staff_at_work
    else:
        event.actor_name = actor.name
    event.digest = digest_of(event, before)
    event.save(force_insert=True)
    EventValue.objects.bulk_create(
        EventValue(event=event, field=field, old=_text(old), new=_text(new))
        for field, (old, new) in (values or {}).items()
    )
    return event


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
