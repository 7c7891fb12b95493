"""How far a lead is: the status path, and how it ended (ux.md D2)."""

from dataclasses import dataclass
from datetime import datetime

from leads.enums import EventKind, SourceKind, Status
from leads.models import Event, Lead

_LIFE = (Status.SUBMITTED, Status.ASSIGNED, Status.REFERRED, Status.CONVERTED)
_ENDS = {
    Status.DISQUALIFIED: (EventKind.DISQUALIFIED, EventKind.MARKED_INVALID),
    Status.DELETED: (EventKind.DELETED,),
}


@dataclass(frozen=True)
class Step:
    """One step of the path; `state` is "done", "now" or "next". `status` is set where the path was cut off."""

    label: str
    state: str
    status: Status | None = None


@dataclass(frozen=True)
class Ending:
    """A lead that was disqualified or deleted: when, and why as far as a reason was given."""

    status: Status
    at: datetime
    reason: str
    text: str


def path_of(lead: Lead) -> list[Step]:
    """Return the steps of a lead's life; Disqualified or Deleted replace what it did not reach.

    Costs a query for a lead that has ended.
    """
    now = Status(lead.status)
    life = [*([Status.PENDING_SUBMISSION] if _began_pending(lead) else []), *_LIFE]
    if now in _ENDS:
        before = _status_before(lead)
        done = [status for status in life if status <= before]
        return [*(Step(str(s.label), "done") for s in done), Step(str(now.label), "now", now)]
    return [Step(str(status.label), _state(status, now)) for status in life]


def ending_of(lead: Lead) -> Ending | None:
    """Return how the lead ended, or None while it lives."""
    status = Status(lead.status)
    if status not in _ENDS:
        return None
    if status == Status.DELETED:
        return Ending(status, lead.status_changed_at, "", "")
    reason = lead.closed_reason.label if lead.closed_reason else lead.closed_text
    text = lead.closed_text if lead.closed_reason else ""
    return Ending(status, lead.status_changed_at, reason, text)


def _state(status: Status, now: Status) -> str:
    if status == now:
        return "now"
    return "done" if status < now else "next"


def _began_pending(lead: Lead) -> bool:
    """Say whether the lead waited, or waits, to be submitted: those that vendors make by hand."""
    if lead.status == Status.PENDING_SUBMISSION:
        return True
    return (
        lead.maker is not None
        and lead.maker.is_developer
        and (lead.maker_id == lead.source_company_id or lead.source_kind == SourceKind.API)
    )


def _status_before(lead: Lead) -> Status:
    """Return where the lead stood when it ended; Submitted for a line that does not say so."""
    if lead.status == Status.DELETED and lead.status_before_delete:
        return Status(lead.status_before_delete)
    last = Event.objects.filter(lead=lead, kind__in=_ENDS[Status(lead.status)])
    data = last.order_by("-number").values_list("data", flat=True).first() or {}
    try:
        return Status[str(data.get("from", "")).upper()]
    except KeyError:
        return Status.SUBMITTED
