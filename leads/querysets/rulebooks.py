"""The scope of what companies let the portal decide: assignment rules, scoring rules, and what they rest on."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.actors import Actor, Person, System
from accounts.enums import Role
from leads.rules.permissions import edits_scoring, manages_routing


class RoutingQuerySet(models.QuerySet[Any]):
    """Versions of assignment rules."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the actor's host, for its managers (domain.md section 4)."""
        if isinstance(actor, System):
            return self
        if isinstance(actor, Person) and (manages_routing(actor) or actor.is_staff_at_work):
            return self.filter(host=actor.company_id)
        return self.none()

    def draft(self) -> Self:
        """Return the versions that are being edited."""
        return self.filter(state="draft")

    def started(self, moment: Any) -> Self:
        """Return the published versions that counted at `moment` or before, the newest first."""
        return self.filter(state="published", starts_at__lte=moment).order_by("-number")


class AbsenceQuerySet(models.QuerySet[Any]):
    """Absences."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the host's and its programme's people for managers, else the own ones."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        if manages_routing(actor):
            own = actor.company_id
            return self.filter(Q(company=own) | Q(company__host=own))
        return self.filter(company=actor.company_id, user=actor.user_id)

    def on(self, day: Any) -> Self:
        """Return those that hold on a day."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class SheetQuerySet(models.QuerySet[Any]):
    """Scoring rules (domain.md section 4)."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the host's for its managers, and for a vendor those of its products."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        seen = Q(pk__in=[])
        if actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER):
            seen |= Q(product__isnull=True, company=actor.host_id)
        if actor.has(Role.VENDOR):
            seen |= Q(product__isnull=False, company=actor.company_id)
        return self.filter(seen)


class LinkQuerySet(models.QuerySet[Any]):
    """Tracked links."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the actor's company, for who sets its scoring rules."""
        if isinstance(actor, System):
            return self
        if isinstance(actor, Person) and edits_scoring(actor):
            return self.filter(company=actor.company_id)
        return self.none()
