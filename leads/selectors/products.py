"""Which products can be on a lead."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from leads.models import Lead
from templates_app.models import Listing, Product


def offered_products(lead: Lead) -> QuerySet[Product]:
    """Return the active products listed in the lead's marketplace, or in any of its host's without one."""
    listings = Listing.objects.filter(product=OuterRef("pk"), is_active=True)
    if lead.marketplace_id:
        listings = listings.filter(marketplace=lead.marketplace_id)
    else:
        listings = listings.filter(marketplace__host=lead.host_id)
    return Product.objects.filter(Exists(listings), is_active=True).select_related("vendor")


def products_of_hosts(hosts: Collection[int]) -> QuerySet[Product]:
    """Return the active products listed in any marketplace of `hosts`, by name."""
    listings = Listing.objects.filter(
        product=OuterRef("pk"), is_active=True, marketplace__host__in=hosts
    )
    rows = Product.objects.filter(Exists(listings), is_active=True).select_related("vendor")
    return rows.order_by("name", "pk")
