"""What the wizard *Create lead* offers a vendor: own products, where they are listed, and the form there."""

from django.db.models import QuerySet

from accounts.actors import Person
from leadportal.common.errors import NotFound
from templates_app.models import Listing, Product
from templates_app.rules.fields import FieldSpec
from templates_app.selectors.catalogue import open_listings
from templates_app.selectors.lead_templates import specs_of


def own_listings(actor: Person) -> "QuerySet[Listing]":
    """Return the vendor's listings whose forms take answers now, by marketplace."""
    return open_listings(actor).filter(product__vendor=actor.company_id)


def own_products(actor: Person) -> list[Product]:
    """Return the vendor's products that stand in a marketplace with an open form, by name."""
    products = {listing.product_id: listing.product for listing in own_listings(actor)}
    return sorted(products.values(), key=lambda product: (product.name, product.pk))


def own_product(actor: Person, pk: int) -> Product:
    """Return one of `own_products`; raises NotFound."""
    listing = own_listings(actor).filter(product=pk).first()
    if listing is None:
        raise NotFound
    return listing.product


def own_listing(
    actor: Person, product: Product, marketplace: int
) -> tuple[Listing, list[FieldSpec]]:
    """Return where a product is listed, with the questions of its live form; raises NotFound."""
    listing = own_listings(actor).filter(product=product, marketplace=marketplace).first()
    if listing is None:
        raise NotFound
    return listing, specs_of(listing.version)
