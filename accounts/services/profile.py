"""What people set for themselves: names, zone, look, and the company they work at now."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Membership, User
from leadportal.common.errors import Invalid, NotFound


@transaction.atomic
def update_profile(
    *, first_name: str, last_name: str, time_zone: str, theme: str, density: str, actor: Person
) -> User:
    """Store the actor's own names, time zone, theme and density; the form has checked the choices."""
    user = User.objects.select_for_update().get(pk=actor.user_id)
    user.first_name, user.last_name, user.time_zone = first_name, last_name, time_zone
    user.theme, user.density = theme, density
    user.save(update_fields=["first_name", "last_name", "time_zone", "theme", "density"])
    return user


@transaction.atomic
def set_preferences(*, theme: str = "", density: str = "", actor: Person) -> None:
    """Store the theme, the density, or both; an empty one stays as it is.

    Raises Invalid when neither is given.
    """
    chosen = {name: value for name, value in (("theme", theme), ("density", density)) if value}
    if not chosen:
        raise Invalid({"theme": _("Choose a theme or a density")})
    User.objects.filter(pk=actor.user_id).update(**chosen)


@transaction.atomic
def remember(*, actor: Person, **chosen: Any) -> None:
    """Store what the actor has set for lists in its present company; the rest stays as it is."""
    membership = Membership.objects.select_for_update().get(
        user=actor.user_id, company=actor.company_id
    )
    membership.preferences = {**membership.preferences, **chosen}
    membership.save(update_fields=["preferences"])


@transaction.atomic
def switch_company(company_id: int, *, actor: Person) -> None:
    """Let the actor work at another of its companies from the next request on.

    Raises NotFound when the actor has no active membership there.
    """
    memberships = Membership.objects.active().filter(
        user=actor.user_id, company=company_id, company__is_active=True
    )
    if not memberships.exists():
        raise NotFound
    User.objects.filter(pk=actor.user_id).update(works_at=company_id)
