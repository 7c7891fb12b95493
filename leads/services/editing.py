"""Say that somebody has a lead open for editing. Nobody is locked out by it (ux.md D16)."""

from accounts.actors import Person
from leadportal.common import clock
from leads.models import Editing, Lead
from leads.selectors.editing import RECENT


def say_editing(lead: Lead, *, actor: Person) -> None:
    """Write that `actor` is on the edit page of `lead` now; forget who was there long ago.

    One row for each person, whatever windows they have open: two at once meet in the unique key.
    """
    now = clock.now()
    Editing.objects.filter(lead=lead, at__lt=now - RECENT).delete()
    row = Editing(lead=lead, user_id=actor.user_id, company_id=actor.company_id, at=now)
    Editing.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["lead", "user"],
        update_fields=["company", "at"],
    )


def stop_editing(lead: Lead, *, actor: Person) -> None:
    """Forget that `actor` had the edit page of `lead` open."""
    Editing.objects.filter(lead=lead, user=actor.user_id).delete()
