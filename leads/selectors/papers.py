"""Quotes and orders: what pages, files and API read. All start at `visible_to`."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leads.models import Conversion, Deal, Lead, Order, Quote
from leads.rules.money import added
from leads.rules.selling import QuoteState
from leads.selectors.deals import last_currency
from leads.selectors.products import offered_products
from templates_app.models import Product

PARTS = ("customer", "lead", "seller")
# Products that a page offers.
PRODUCTS = 500
# Quotes or orders that can be linked, newest first.
LINKABLE = 100
# Quotes on the first page of a customer.
WAITING = 5


def quotes(actor: Person) -> "QuerySet[Quote]":
    """Return the quotes that `actor` sees, with what a row of a list shows."""
    return Quote.objects.visible_to(actor).select_related(*PARTS, "deal")


def orders(actor: Person) -> "QuerySet[Order]":
    """Return the orders that `actor` sees, with what a row of a list shows."""
    return Order.objects.visible_to(actor).select_related(*PARTS, "quote")


def find_quote(reference: str, actor: Person) -> Any:
    """Return one quote that `actor` sees, `is_workable` for who may change it. Raises NotFound."""
    people = ("created_by", "sent_by", "answered_by", "host")
    rows = quotes(actor).select_related(*PARTS, "deal", *people)
    mine = Quote.objects.workable_by(actor).filter(pk=OuterRef("pk"))
    return _one(rows.annotate(is_workable=Exists(mine)), reference)


def quote_in(reference: str, state: QuoteState, actor: Person) -> Any:
    """Return a quote that `actor` may change and that is in `state`. Raises NotFound, Forbidden, Conflict."""
    found = find_quote(reference, actor)
    if not found.is_workable:
        raise Forbidden(_("Your role does not allow this here."))
    check_quote(found, state)
    return found


def find_order(reference: str, actor: Person) -> Any:
    """Return one order that `actor` sees, `is_workable` for who may change it. Raises NotFound."""
    rows = orders(actor).select_related(*PARTS, "quote", "deal", "created_by", "host")
    mine = Order.objects.workable_by(actor).filter(pk=OuterRef("pk"))
    return _one(rows.annotate(is_workable=Exists(mine)), reference)


def _one(rows: "QuerySet[Any]", reference: str) -> Any:
    found = rows.filter(reference=reference.upper()).first()
    if found is None:
        raise NotFound
    return found


def check_quote(quote: Any, state: QuoteState) -> None:
    """Refuse what a quote allows in another state. Raises Conflict, with the state that it is in."""
    if quote.state != state:
        present = {"state": quote.shown_state.label.lower()}
        raise Conflict(_("This quote is %(state)s.") % present)


def lines_of(paper: Any) -> list[Any]:
    """Return the lines with their products."""
    lines = list(paper.lines.select_related("product__vendor"))
    for line in lines:  # what a line comes to depends on the currency of the whole
        setattr(line, "quote" if isinstance(paper, Quote) else "order", paper)
    return lines


def products_for(lead: Lead | None) -> list[Product]:
    """Return the products of the catalogue that a line for `lead` can name, by name."""
    if lead is None:
        return []
    return list(offered_products(lead).order_by("name", "pk")[:PRODUCTS])


def amounts(rows: "QuerySet[Any]") -> tuple[int, dict[str, Decimal]]:
    """Return how many papers there are and what they come to, for each currency by itself: one query."""
    groups = list(rows.order_by().values("currency").annotate(number=Count("pk"), sum=Sum("total")))
    number: int = sum(group["number"] for group in groups)
    return number, added((group["currency"], group["sum"]) for group in groups)


def linked_papers(lead: Lead, actor: Person) -> list[Any]:
    """Return the quotes and orders of a lead that `actor` may change."""
    return _both(lambda rows: rows.workable_by(actor).filter(lead=lead))


def linkable_papers(lead: Lead, actor: Person) -> list[Any]:
    """Return the quotes and orders of the lead's customer that no lead has, as far as `actor` may change them."""
    customers = Conversion.objects.filter(lead=lead).values("company")
    return _both(
        lambda rows: rows.workable_by(actor).filter(
            lead__isnull=True, host=lead.host_id, customer__in=customers
        )
    )


def _both(narrow: Any) -> list[Any]:
    found: Iterable[Any] = (
        row
        for model in (Quote, Order)
        for row in narrow(model._default_manager.all()).select_related(*PARTS)[:LINKABLE]
    )
    return list(found)


def quotes_on(lead: Lead, actor: Person) -> list[Quote]:
    """Return the quotes of a lead as far as `actor` sees them, newest first."""
    return list(quotes(actor).filter(lead=lead))


def orders_on(lead: Lead, actor: Person) -> list[Order]:
    """Return the orders of a lead as far as `actor` sees them, newest first."""
    return list(orders(actor).filter(lead=lead))


def first_values(lead: Lead, actor: Person, *, deal: Deal | None = None) -> dict[str, str]:
    """Return what a new quote or order says at first: as its deal, else as its lead."""
    if deal is not None:
        return {"subject": deal.subject, "currency": deal.currency}
    return {"subject": lead.company, "currency": last_currency(actor)}


def quotes_to_answer(actor: Person, today: date) -> list[Quote]:
    """Return the quotes that wait for an answer of the actor's company, the newest first."""
    is_valid = Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    waiting = quotes(actor).filter(is_valid, customer=actor.company_id, state=QuoteState.SENT)
    return list(waiting[:WAITING])


def papers_of_deal(deal: Any, actor: Person) -> tuple[list[Quote], list[Order]]:
    """Return the quotes and orders of a deal as far as `actor` sees them."""
    return list(quotes(actor).filter(deal=deal)), list(orders(actor).filter(deal=deal))
