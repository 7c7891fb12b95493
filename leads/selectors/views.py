"""Saved views that somebody can use, and the tabs that a company sets for new people."""

from accounts.actors import Person
from accounts.selectors.companies import company
from leads.models import SavedView


def saved_views(actor: Person) -> list[SavedView]:
    """Return the actor's own views and the shared ones of its company, by name, with their owners."""
    return list(SavedView.objects.visible_to(actor).select_related("owner"))


def default_pins(actor: Person) -> list[str]:
    """Return the words of the views that the actor's company shows to who has pinned none; none by default."""
    return list(company(actor, actor.company_id).preferences.get("pinned", ()))
