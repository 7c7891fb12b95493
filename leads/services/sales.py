"""Products on a lead (AppDirect, *Add Products to Lead*)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leads.enums import EventKind
from leads.models import Lead, LeadProduct
from leads.rules.workflow import Action
from leads.selectors.products import offered_products
from leads.services.history import record
from leads.services.writing import lock_lead, write_lead
from templates_app.models import Product


@transaction.atomic
def add_products(lead: Lead, *, products: Iterable[Product], actor: Actor) -> Lead:
    """Add products that are listed in the lead's marketplace (any of the host's without one).

    Products that are there already are passed over. Raises Invalid on field `products`.
    """
    fresh = lock_lead(lead, actor=actor, action=Action.PRODUCTS).lead
    wanted = {product.pk: product for product in products}
    if not wanted:
        raise Invalid({"products": _("Choose at least one product")})
    offered = set(offered_products(fresh).filter(pk__in=wanted).values_list("pk", flat=True))
    if wanted.keys() - offered:
        raise Invalid({"products": _("Choose products that the lead's marketplace lists")})
    present = set(LeadProduct.objects.filter(lead=fresh).values_list("product_id", flat=True))
    for pk in sorted(wanted.keys() - present):
        LeadProduct.objects.create(
            lead=fresh,
            product=wanted[pk],
            added_by_id=actor.user_id if isinstance(actor, Person) else None,
            added_at=clock.now(),
        )
        record(fresh, EventKind.PRODUCT_ADDED, actor=actor, data={"product": pk})
    write_lead(fresh)
    return fresh


@transaction.atomic
def remove_product(lead: Lead, *, product: Product, actor: Actor) -> Lead:
    """Take a product off the lead; Conflict when somebody has done so before."""
    fresh = lock_lead(lead, actor=actor, action=Action.REMOVE_PRODUCT).lead
    removed, _rows = LeadProduct.objects.filter(lead=fresh, product=product).delete()
    if not removed:
        raise Conflict(_("%(product)s is no longer on this lead.") % {"product": product.name})
    record(fresh, EventKind.PRODUCT_REMOVED, actor=actor, data={"product": product.pk})
    write_lead(fresh)
    return fresh
