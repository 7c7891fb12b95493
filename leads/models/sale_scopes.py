"""Which deals, quotes, orders and pipelines an actor may read, and which it may change (domain.md section 4)."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.actors import Actor, Person, System
from accounts.enums import Role
from leadportal.common.text import clean_line, fold
from leads.enums import HolderDesk
from leads.rules.selling import QuoteState


class SalesQuerySet(models.QuerySet[Any]):
    """Deals, quotes and orders (domain.md section 4): the row says who sells, so that a list needs no lead."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what `actor` may read: what it works on, and as a vendor what is about its products."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        scope = self._worked_on(actor)
        if actor.has(Role.VENDOR):
            scope |= Q(vendor=actor.company_id)
        return self.filter(scope | self._bought(actor))

    def workable_by(self, actor: Actor) -> Self:
        """Return what `actor` may change: as operator, channel, seller, or reseller that the customer is linked to."""
        return self if isinstance(actor, System) else self.filter(self._worked_on(actor))

    def matching(self, words: str) -> Self:
        """Return the rows whose number, subject or customer contains every one of `words`."""
        wanted = fold(clean_line(words)).split()
        return self.filter(*[Q(search__contains=word) for word in wanted])

    def _worked_on(self, actor: Person) -> Q:
        own, scope = actor.company_id, Q(pk__in=[])
        if actor.has(Role.MARKETPLACE_MANAGER) or actor.is_staff_at_work:
            scope |= Q(host=actor.host_id)
        if actor.has(Role.RESELLER_MANAGER):
            scope |= Q(host=own, in_channel=True)
        if actor.has(Role.SALES_SUPPORT):
            scope |= Q(seller=own, seller_desk=HolderDesk.SALES)
        if actor.has(Role.RESELLER, Role.VENDOR):
            scope |= Q(seller=own, seller_desk=HolderDesk.COMPANY)
        if actor.has(Role.RESELLER):
            links = apps.get_model("accounts", "CustomerLink").objects.filter(reseller=own)
            scope |= Q(customer__in=links.values("customer"))
        return scope

    def _bought(self, actor: Person) -> Q:
        """Customers have no deals."""
        return Q(pk__in=[])


class OrderQuerySet(SalesQuerySet):
    """Orders: the customer's people read theirs."""

    def _bought(self, actor: Person) -> Q:
        return Q(customer=actor.company_id)


class QuoteQuerySet(SalesQuerySet):
    """Quotes: the customer's people read theirs, once they are sent."""

    def _bought(self, actor: Person) -> Q:
        return Q(customer=actor.company_id) & ~Q(state=QuoteState.DRAFT)


class PipelineQuerySet(models.QuerySet[Any]):
    """Pipelines of a host."""

    def visible_to(self, actor: Actor) -> Self:
        """Return those of the own host; vendors have none of their own."""
        if isinstance(actor, System):
            return self
        return self.filter(host=actor.host_id) if isinstance(actor, Person) else self.none()
