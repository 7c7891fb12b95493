"""The scope of offers (domain.md section 2: viewers do not see other companies' offers; operator and channel do)."""

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from accounts.actors import Actor, Person, System
from accounts.enums import COMPANY_ROLES, Role
from leads.enums import HolderDesk
from leads.rules.offers import OPEN_OFFERS


class OfferQuerySet(models.QuerySet[Any]):
    """Offers."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of leads that the actor is holder, operator or channel of."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        own, seen = actor.company_id, _made_to(actor)
        if actor.has(Role.MARKETPLACE_MANAGER):
            seen |= Q(lead__host=own)
        if actor.has(Role.RESELLER_MANAGER):
            seen |= Q(lead__host=own) & (Q(desk=HolderDesk.COMPANY) | _in_programme())
        return self.filter(seen)

    def made_to(self, actor: Person) -> Self:
        """Return those that the actor can answer, as one of the desk."""
        return self.filter(_made_to(actor))

    def running(self) -> Self:
        """Return those whose clock runs."""
        return self.filter(state__in=OPEN_OFFERS, ends_at__isnull=False)


def _made_to(actor: Person) -> Q:
    found = Q(pk__in=[])
    if actor.has(Role.SALES_SUPPORT):
        found |= Q(company=actor.company_id, desk=HolderDesk.SALES)
    if actor.has(*COMPANY_ROLES):
        found |= Q(company=actor.company_id, desk=HolderDesk.COMPANY)
    return found


def _in_programme() -> Q:
    """Say that somebody of the programme made the lead: then the channel sees it wherever it is."""
    is_partner = Q(lead__maker__is_reseller=True) | Q(lead__maker__is_referral=True)
    return Q(lead__maker__host=F("lead__host")) & is_partner
