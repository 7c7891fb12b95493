"""Whether the last change of a lead can be taken back."""

from accounts.actors import Person
from leadportal.common import clock
from leads.models import Event, Lead
from leads.rules.undo import is_undoable


def undoable_line(lead: Lead, actor: Person) -> int | None:
    """Return the number of the lead's newest history line when `actor` wrote it and can undo it, else None."""
    last = Event.objects.filter(lead=lead).order_by("-number").first()
    if last is None or last.actor_user_id != actor.user_id:
        return None
    return last.number if is_undoable(last.kind, last.at, clock.now()) else None
