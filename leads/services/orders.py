"""Orders: from an accepted quote or direct; they say what the customer has bought (domain.md section 3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from leadportal.common import clock
from leadportal.common.errors import Conflict
from leads.enums import EventKind, Progress
from leads.models import Lead, Order, Quote
from leads.rules.selling import OrderState, QuoteState
from leads.rules.workflow import Action
from leads.services.history import Line, record_all
from leads.services.papers import (
    LineValues,
    check_lines,
    copied,
    store_lines,
    sums_of,
)
from leads.services.selling import lock_sale, store_new, write_sale
from leads.services.writing import lock_lead, write_lead

PREFIX = "O"
# What an order says about how far the seller is.
_PROGRESS = {OrderState.PLACED: Progress.PURCHASED, OrderState.DELIVERED: Progress.DELIVERED}


@dataclass(frozen=True)
class OrderValues:
    """What the form of a direct order holds."""

    subject: str
    currency: str
    lines: Sequence[LineValues]


@transaction.atomic
def create_order(lead: Lead, values: OrderValues, *, actor: Actor) -> Order:
    """Place an order for a converted lead without a quote. The lead's progress is Purchased at least.

    Raises NotFound, Forbidden or Conflict as the table of moves says for linking; Invalid for lines that cannot be.
    """
    fresh = lock_lead(lead, actor=actor, action=Action.LINK).lead
    check_lines(values.lines, fresh)
    sums = sums_of(values.lines, values.currency)
    order = Order(subject=values.subject, currency=values.currency, **sums)
    return _place(order, values.lines, fresh, actor=actor)


@transaction.atomic
def order_from_quote(quote: Quote, *, actor: Actor) -> Order:
    """Make the order of an accepted quote: once, whoever asks how often.

    Raises NotFound, Forbidden; Conflict when the quote is not accepted, has its order, or belongs to no lead any more.
    """
    fresh = lock_sale(quote, actor=actor)
    if fresh.state != QuoteState.ACCEPTED:
        present = QuoteState(fresh.state).label.lower()
        raise Conflict(
            _("This quote is %(state)s. An order comes of an accepted one.") % {"state": present}
        )
    known = Order.objects.filter(quote=fresh).first()
    if known is not None:
        raise Conflict(_("Order %(number)s was made of this quote.") % {"number": known})
    if fresh.lead is None:
        raise Conflict(_("Link the quote to a lead first."))
    order = Order(
        quote=fresh,
        deal=fresh.deal,
        customer=fresh.customer,
        subject=fresh.subject,
        currency=fresh.currency,
        net=fresh.net,
        tax=fresh.tax,
        total=fresh.total,
    )
    return _place(order, copied(fresh), fresh.lead, actor=actor)


@transaction.atomic
def set_order_state(order: Order, state: OrderState, *, actor: Actor) -> Order:
    """Say that an order was delivered, cancelled, or is placed after all; the same again writes nothing.

    Its lead's progress follows: Purchased for a placed one, Delivered for a delivered one; it never goes back.
    """
    fresh = lock_sale(order, actor=actor)
    if fresh.state != state:
        write_sale(fresh, state=state, state_since=clock.now())
        if fresh.lead is not None:
            _follow(fresh.lead, state, [], actor=actor)
    return fresh


def _place(order: Order, lines: Sequence[LineValues], lead: Lead, *, actor: Actor) -> Order:
    order.state_since = clock.now()
    store_new(order, PREFIX, lead=lead, actor=actor)
    store_lines(order, lines)
    linked = Line(EventKind.ORDER_LINKED, {"order": order.reference})
    _follow(lead, OrderState.PLACED, [linked], actor=actor)
    return order


def _follow(lead: Lead, state: OrderState, lines: list[Line], *, actor: Actor) -> None:
    """Set the progress of a locked lead as an order of it says, and write its history."""
    changes: dict[str, Any] = {}
    reached = _PROGRESS.get(state)
    if reached is not None and lead.progress < reached:
        data = {"from": Progress(lead.progress).slug, "to": reached.slug}
        lines = [*lines, Line(EventKind.PROGRESS_CHANGED, data)]
        changes["progress"] = reached
    if lines:
        record_all([(lead, line) for line in lines], actor=actor)
        write_lead(lead, **changes)
