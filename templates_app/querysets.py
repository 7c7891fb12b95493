"""Which marketplaces, products, templates and attributes an actor may see (domain.md section 4)."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.actors import Actor, Person, System
from accounts.enums import HOST_ROLES, Role
from templates_app.enums import VersionState

NOTHING = Q(pk__in=[])


def _listings(**conditions: Any) -> Exists:
    """Say whether a listing exists that joins the outer row to what `conditions` name."""
    return Exists(apps.get_model("templates_app", "Listing").objects.filter(**conditions))


class ScopedQuerySet(models.QuerySet[Any]):
    """Every read for a person starts at `visible_to`; subclasses say what a person sees in `scope_of`."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the rows that `actor` may see: all for the system, none without an actor."""
        if isinstance(actor, System):
            return self
        if not isinstance(actor, Person):
            return self.none()
        return self.filter(self.scope_of(actor))

    def scope_of(self, actor: Person) -> Q:
        """Return the condition that holds for the rows which `actor` may see."""
        return NOTHING


class MarketplaceQuerySet(ScopedQuerySet):
    """Marketplaces: those of the own host; vendors see those that list their products."""

    def scope_of(self, actor: Person) -> Q:
        """See `ScopedQuerySet`."""
        scope = Q(host=actor.host_id) if actor.host_id else NOTHING
        if actor.has(Role.VENDOR):
            # A vendor may offer a product anywhere: the list of marketplaces is public to vendors.
            scope |= Q(is_active=True)
        return scope


class ProductQuerySet(ScopedQuerySet):
    """Products: the vendor's own, and those listed in a marketplace of the own host."""

    def scope_of(self, actor: Person) -> Q:
        """See `ScopedQuerySet`."""
        scope = NOTHING
        if actor.has(Role.VENDOR):
            scope |= Q(vendor=actor.company_id)
        if actor.host_id and actor.has(*HOST_ROLES, Role.RESELLER, Role.REFERRAL):
            scope |= Q(_listings(product=OuterRef("pk"), marketplace__host=actor.host_id))
        return scope


class ListingQuerySet(ScopedQuerySet):
    """Listings: of the own products, and in marketplaces of the own host."""

    def scope_of(self, actor: Person) -> Q:
        """See `ScopedQuerySet`."""
        scope = NOTHING
        if actor.has(Role.VENDOR):
            scope |= Q(product__vendor=actor.company_id)
        if actor.host_id and actor.has(*HOST_ROLES, Role.RESELLER, Role.REFERRAL):
            scope |= Q(marketplace__host=actor.host_id)
        return scope


class TemplateQuerySet(ScopedQuerySet):
    """Lead templates: the owner's; host and vendor also see those that are live for them."""

    def scope_of(self, actor: Person) -> Q:
        """See `ScopedQuerySet`."""
        scope = NOTHING
        if actor.has(Role.VENDOR, Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER):
            scope |= Q(owner=actor.company_id)
        if actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER):
            scope |= Q(
                _listings(version__template=OuterRef("pk"), marketplace__host=actor.company_id)
            )
        if actor.has(Role.VENDOR):
            scope |= Q(
                _listings(version__template=OuterRef("pk"), product__vendor=actor.company_id)
            )
        return scope


class VersionQuerySet(ScopedQuerySet):
    """Versions of the templates that one sees; drafts only inside the owner's company."""

    def scope_of(self, actor: Person) -> Q:
        """See `ScopedQuerySet`."""
        templates = apps.get_model("templates_app", "LeadTemplate").objects.visible_to(actor)
        return Q(template__in=templates) & (
            ~Q(state=VersionState.DRAFT) | Q(template__owner=actor.company_id)
        )


class AttributeQuerySet(ScopedQuerySet):
    """Custom attributes: those of the own host, a referral user's own, and for vendors those of their hosts."""

    def scope_of(self, actor: Person) -> Q:
        """See `ScopedQuerySet`. Which roles may know one of them: `rules.attributes.can_view`."""
        scope = Q(owner=actor.user_id)
        if actor.host_id:
            scope |= Q(host=actor.host_id, owner__isnull=True)
        if actor.has(Role.VENDOR):
            lists_theirs = _listings(
                marketplace__host=OuterRef("host"), product__vendor=actor.company_id
            )
            scope |= Q(lists_theirs, owner__isnull=True)
        return scope
