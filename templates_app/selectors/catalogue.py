"""Marketplaces, products and listings, for pages and for the other apps. All start at `visible_to`."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from accounts.actors import Actor, Person
from accounts.models import Company
from templates_app.enums import VersionState
from templates_app.models import Listing, Marketplace, Product, TemplateVersion
from templates_app.querysets import MarketplaceQuerySet


def marketplaces(actor: Actor) -> "QuerySet[Marketplace]":
    """Return the marketplaces of the actor's own host, with the number of open listings."""
    return _own_marketplaces(actor).annotate(
        open_listings=Count("listings", filter=Q(listings__is_active=True))
    )


def marketplaces_seen(actor: Actor) -> "QuerySet[Marketplace]":
    """Return the active marketplaces that `actor` may choose among, by name: vendors any, others their host's."""
    return Marketplace.objects.visible_to(actor).filter(is_active=True)


def marketplace(actor: Actor, pk: int) -> Marketplace | None:
    """Return one marketplace of the actor's own host, or None."""
    return _own_marketplaces(actor).filter(pk=pk).first()


def products(actor: Actor, query: str = "") -> "QuerySet[Product]":
    """Return the products that `actor` sees by name, `listings` read as far as `actor` sees them."""
    rows = (
        Product.objects.visible_to(actor)
        .select_related("vendor")
        .prefetch_related(Prefetch("listings", _listings(actor)))
    )
    if query:
        rows = rows.filter(Q(name__icontains=query) | Q(vendor__name__icontains=query))
    return rows


def product(actor: Actor, pk: int) -> Product | None:
    """Return one product that `actor` sees, with its vendor and the listings that `actor` sees."""
    return products(actor).filter(pk=pk).first()


def own_products(actor: Person) -> "QuerySet[Product]":
    """Return the active products of the company that `actor` works in; none for roles that see none."""
    rows = Product.objects.visible_to(actor)
    return rows.filter(vendor=actor.company_id, is_active=True)


def listing(actor: Actor, pk: int) -> Listing | None:
    """Return one listing that `actor` sees, or None."""
    return _listings(actor).filter(pk=pk).first()


def listings_in(actor: Actor, place: Marketplace) -> "QuerySet[Listing]":
    """Return the listings of a marketplace that `actor` sees."""
    return _listings(actor).filter(marketplace=place).order_by("product__name", "pk")


def open_listings(actor: Actor) -> "QuerySet[Listing]":
    """Return the listings whose forms take answers now, for the wizard *Create lead* and *Add lead*."""
    return _listings(actor).filter(
        is_active=True,
        product__is_active=True,
        marketplace__is_active=True,
        version__state=VersionState.PUBLISHED,
    )


def marketplaces_to_list_in(actor: Actor, item: Product) -> "QuerySet[Marketplace]":
    """Return where `actor` may list a product that does not stand there yet.

    A vendor may offer its product in any active marketplace, a marketplace manager in its own.
    """
    places = Marketplace.objects.visible_to(actor).filter(is_active=True)
    if not _is_vendor(actor, item):
        places = places.filter(host=_host_of(actor))
    return places.exclude(listings__product=item).select_related("host")


def products_to_list(actor: Actor, place: Marketplace) -> "QuerySet[Product]":
    """Return the active products that `actor` sees and that do not stand in this marketplace yet."""
    return (
        Product.objects.visible_to(actor)
        .filter(is_active=True)
        .exclude(listings__marketplace=place)
        .select_related("vendor")
    )


def versions_to_list(
    actor: Actor, owners: Sequence[int], item: Product | None = None
) -> "QuerySet[TemplateVersion]":
    """Return the published versions of `owners` (company ids) that `actor` sees and that fit `item`."""
    fits = Q(template__product=None) | Q(template__product=item) if item else Q()
    return (
        TemplateVersion.objects.visible_to(actor)
        .filter(fits, template__owner__in=owners, state=VersionState.PUBLISHED)
        .select_related("template")
        .order_by("template__name")
    )


def company(pk: int) -> Company:
    """Return the company that an actor works in."""
    return Company.objects.get(pk=pk)


def _listings(actor: Actor) -> "QuerySet[Listing]":
    return Listing.objects.visible_to(actor).select_related(
        "product__vendor", "marketplace__host", "version__template"
    )


def _own_marketplaces(actor: Actor) -> "MarketplaceQuerySet":
    return Marketplace.objects.visible_to(actor).filter(host=_host_of(actor))


def _host_of(actor: Any) -> int | None:
    return getattr(actor, "host_id", None)


def _is_vendor(actor: Any, item: Product) -> bool:
    return getattr(actor, "company_id", None) == item.vendor_id
