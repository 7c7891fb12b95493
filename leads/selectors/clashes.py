"""What two people changed at once: how a field stands, and who changed it last (ux.md D15)."""

from datetime import date

from leads.enums import EventKind
from leads.models import Event, Lead

ATTRIBUTE = "attribute:"
# Changes that the history keeps in the line itself, not as values beside it.
_KINDS = {
    "progress": EventKind.PROGRESS_CHANGED,
    "outcome": EventKind.OUTCOME_CHANGED,
}


def value_of(lead: Lead, name: str) -> object:
    """Return what the lead holds in a field, or in a custom attribute ("attribute:key")."""
    if name.startswith(ATTRIBUTE):
        return lead.attributes.get(name.removeprefix(ATTRIBUTE))
    return getattr(lead, name)


def plain(value: object) -> object:
    """Return a value as a form can carry it along: a day as text."""
    return value.isoformat() if isinstance(value, date) else value


def newest_change(lead: Lead, name: str) -> Event | None:
    """Return the history line of the newest change of one field, or None where history knows of none."""
    lines = Event.objects.filter(lead=lead, audience_company=None)
    kind = _KINDS.get(name)
    lines = lines.filter(kind=kind) if kind else lines.filter(values__field=name)
    return lines.select_related("actor_user", "actor_company").order_by("-number").first()
