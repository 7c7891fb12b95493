"""Products on a lead (AppDirect, *Add Products to Lead*)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leads.enums import EventKind
from leads.models import Lead, LeadProduct
from leads.rules.workflow import Action
from leads.selectors.products import offered_products
from leads.services.acts import Act, Change, carry_out_one
from leads.services.history import BATCH, Line, record
from leads.services.writing import Held, lock_lead, write_lead
from templates_app.models import Product


def add_products(lead: Lead, *, products: Iterable[Product], actor: Actor) -> Lead:
    """Add products that are listed in the lead's marketplace (any of the host's without one).

    Products that are there already are passed over. Raises Invalid on field `products`.
    """
    return carry_out_one(NewProducts(tuple(products)), lead, actor=actor)


@dataclass(frozen=True)
class _Shelf:
    """What the leads may get, by marketplace and host, and which of it each of them has."""

    offered: dict[tuple[int | None, int], set[int]]
    present: dict[int, set[int]]


@dataclass(frozen=True)
class NewProducts(Act):
    """Add products; see `add_products`."""

    products: tuple[Product, ...]

    action = Action.PRODUCTS

    @property
    def _wanted(self) -> set[int]:
        return {product.pk for product in self.products}

    def look(self, held: Sequence[Held], actor: Actor) -> _Shelf:
        """Read the listings once for each marketplace, and the products of all leads."""
        first = {_place(one.lead): one.lead for one in held}
        offered = {
            place: set(
                offered_products(lead).filter(pk__in=self._wanted).values_list("pk", flat=True)
            )
            for place, lead in first.items()
        }
        present: dict[int, set[int]] = {one.lead.pk: set() for one in held}
        rows = LeadProduct.objects.filter(lead__in=present).order_by()
        for lead_id, product_id in rows.values_list("lead_id", "product_id"):
            present[lead_id].add(product_id)
        return _Shelf(offered, present)

    def decide(self, held: Held, seen: _Shelf, actor: Actor) -> Change | None:
        """See `add_products`."""
        if not self._wanted:
            raise Invalid({"products": _("Choose at least one product")})
        if self._wanted - seen.offered[_place(held.lead)]:
            raise Invalid({"products": _("Choose products that the lead's marketplace lists")})
        missing = sorted(self._wanted - seen.present[held.lead.pk])
        lines = tuple(Line(EventKind.PRODUCT_ADDED, {"product": pk}) for pk in missing)
        return Change(held.lead, lines) if lines else None

    def store(self, changes: Sequence[Change], seen: _Shelf, actor: Actor) -> None:
        """Write a row for each product that a line names."""
        user_id = actor.user_id if isinstance(actor, Person) else None
        LeadProduct.objects.bulk_create(
            [
                LeadProduct(
                    lead=one.lead,
                    product_id=line.data["product"],
                    added_by_id=user_id,
                    added_at=clock.now(),
                )
                for one in changes
                for line in one.lines
            ],
            batch_size=BATCH,
        )


def _place(lead: Lead) -> tuple[int | None, int]:
    """Return what decides which products a lead may get."""
    return lead.marketplace_id, lead.host_id


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
