"""What quotes and orders share: lines of the catalogue with their sums, and linking to a lead (domain.md section 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from leadportal.common.errors import Conflict, Invalid
from leads.enums import EventKind
from leads.models import Lead, Order, OrderLine, Quote, QuoteLine
from leads.models.papers import PaperLine
from leads.rules.money import LARGEST, rounded
from leads.rules.sums import Item, totals
from leads.rules.workflow import Action
from leads.selectors.products import offered_products
from leads.services.history import record
from leads.services.sellers import owners_of
from leads.services.selling import customer_of, lock_sale, write_sale
from leads.services.writing import lock_lead, write_lead
from templates_app.models import Product

MOST_LINES = 50
AnyPaper = TypeVar("AnyPaper", Quote, Order)


@dataclass(frozen=True)
class LineValues:
    """One line as a form holds it."""

    product: Product
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    text: str = ""

    @property
    def item(self) -> Item:
        """The line as the rules count it."""
        return Item(self.quantity, self.unit_price, self.discount, self.tax)


def sums_of(lines: Sequence[LineValues], currency: str) -> dict[str, Decimal]:
    """Return the columns of a paper that say what its lines come to. Raises Invalid for what no column can hold."""
    found = totals([_priced(line, currency).item for line in lines], currency)
    if found.total > LARGEST:
        raise Invalid({"": _("The lines come to more than can be stored. Lower an amount.")})
    return {"net": found.net, "tax": found.tax, "total": found.total}


def check_lines(lines: Sequence[LineValues], lead: Lead | None, kept: Sequence[int] = ()) -> None:
    """Refuse no lines, too many, and products that the lead's marketplace does not list. `kept` are there already."""
    if not lines:
        raise Invalid({"": _("Add at least one line.")})
    if len(lines) > MOST_LINES:
        raise Invalid({"": _("There are %(most)s lines at most.") % {"most": MOST_LINES}})
    wanted = {line.product.pk for line in lines} - set(kept)
    offered = offered_products(lead).filter(pk__in=wanted) if lead else Product.objects.none()
    if wanted - set(offered.values_list("pk", flat=True)):
        raise Invalid({"": _("Choose products that the lead's marketplace lists.")})


def store_lines(paper: Quote | Order, lines: Sequence[LineValues]) -> None:
    """Replace the lines of a locked paper."""
    kind: type[PaperLine] = QuoteLine if isinstance(paper, Quote) else OrderLine
    name = "quote" if isinstance(paper, Quote) else "order"
    rows: Any = kind._default_manager
    rows.filter(**{name: paper}).delete()
    rows.bulk_create(
        kind(
            **{name: paper},
            position=place,
            product=line.product,
            text=line.text,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            tax=line.tax,
        )
        for place, line in enumerate((_priced(one, paper.currency) for one in lines), start=1)
    )


def copied(quote: Quote) -> list[LineValues]:
    """Return the lines of a quote as values."""
    return [
        LineValues(line.product, line.quantity, line.unit_price, line.discount, line.tax, line.text)
        for line in quote.lines.select_related("product")
    ]


def _priced(line: LineValues, currency: str) -> LineValues:
    """Return a line with a price that can be paid in its currency."""
    price = rounded(line.unit_price, currency)
    return LineValues(line.product, line.quantity, price, line.discount, line.tax, line.text)


# --- Linking --------------------------------------------------------------------------------------

_LINKED: dict[type[Any], tuple[str, EventKind, EventKind]] = {
    Quote: ("quote", EventKind.QUOTE_LINKED, EventKind.QUOTE_UNLINKED),
    Order: ("order", EventKind.ORDER_LINKED, EventKind.ORDER_UNLINKED),
}


def record_linked(paper: Quote | Order, lead: Lead, *, actor: Actor) -> None:
    """Write into the history of a locked lead that it is linked to a quote or order, and count its version up."""
    name, linked, _unlinked = _LINKED[type(paper)]
    record(lead, linked, actor=actor, data={name: paper.reference})
    write_lead(lead)


@transaction.atomic
def link_paper(lead: Lead, paper: AnyPaper, *, actor: Actor) -> AnyPaper:
    """Link a quote or order that no lead has to a converted lead of the same customer and host.

    Raises NotFound, Forbidden or Conflict as the table of moves says; Conflict when a lead has it by now, and Invalid
    on `paper` when it is another customer's.
    """
    held = lock_lead(lead, actor=actor, action=Action.LINK).lead
    fresh = lock_sale(paper, actor=actor)
    if fresh.lead_id is not None:
        raise Conflict(_("%(number)s is linked to a lead already.") % {"number": fresh})
    if (fresh.host_id, fresh.customer_id) != (held.host_id, getattr(customer_of(held), "pk", None)):
        raise Invalid({"paper": _("Choose a quote or an order of this customer.")})
    write_sale(fresh, lead=held, **owners_of(held))
    record_linked(fresh, held, actor=actor)
    return fresh


@transaction.atomic
def unlink_paper(lead: Lead, paper: AnyPaper, *, actor: Actor) -> AnyPaper:
    """Take a quote or order off a lead; it stays its seller's, and can be linked to another lead of the customer.

    Raises NotFound, Forbidden or Conflict as the table of moves says; Conflict when the lead no longer has it.
    """
    held = lock_lead(lead, actor=actor, action=Action.UNLINK).lead
    fresh = lock_sale(paper, actor=actor)
    if fresh.lead_id != held.pk:
        raise Conflict(_("%(number)s is no longer linked to this lead.") % {"number": fresh})
    if fresh.customer_id is None:
        raise Conflict(_("%(number)s has no customer yet, so it stays.") % {"number": fresh})
    write_sale(fresh, lead=None, deal=None)
    name, _linked, unlinked = _LINKED[type(paper)]
    record(held, unlinked, actor=actor, data={name: fresh.reference})
    write_lead(held)
    return fresh
