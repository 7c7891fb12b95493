"""What people set for themselves: names, zone, look, and the company they work at now."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Company, Membership, User
from accounts.rules.permissions import manages_people
from leadportal.common.errors import Forbidden, Invalid, NotFound


@transaction.atomic
def update_profile(
    *,
    first_name: str,
    last_name: str,
    time_zone: str,
    theme: str,
    density: str,
    shortcuts: bool,
    actor: Person,
) -> User:
    """Store the actor's own names, time zone, theme, density and whether single keys act.

    The form has checked the choices.
    """
    user = User.objects.select_for_update().get(pk=actor.user_id)
    user.first_name, user.last_name, user.time_zone = first_name, last_name, time_zone
    user.theme, user.density = theme, density
    user.save(update_fields=["first_name", "last_name", "time_zone", "theme", "density"])
    remember(shortcuts="on" if shortcuts else "off", actor=actor)
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
def remember_for_company(*, actor: Person, **chosen: Any) -> None:
    """Store what stands for everybody in the actor's company who has set nothing else; empty values are dropped.

    Raises Forbidden for whoever does not manage the company's people.
    """
    if not manages_people(actor):
        raise Forbidden(_("Only who manages the people of a company can set this for them."))
    company = Company.objects.select_for_update().get(pk=actor.company_id)
    merged = {**company.preferences, **chosen}
    company.preferences = {name: value for name, value in merged.items() if value}
    company.save(update_fields=["preferences"])


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
