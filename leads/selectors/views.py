"""Saved views that somebody can use."""

from accounts.actors import Person
from leads.models import SavedView


def saved_views(actor: Person) -> list[SavedView]:
    """Return the actor's own views and the shared ones of its company, by name, with their owners."""
    return list(SavedView.objects.visible_to(actor).select_related("owner"))
