"""Orders for programs: made of a quote, or without one."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Person
from accounts.enums import Scope
from leads.api.base import ApiView, answer
from leads.api.bodies import Body, check_form, filled, sent
from leads.api.operations import Operation
from leads.api.papers import LEAD, LINES, converted_lead, totals, typed_of
from leads.api.quotes import QuoteMove
from leads.api.sales import given_sale, list_of, parameters_of
from leads.api.serializers.sales import OrderPage, OrderSeen
from leads.filters.sale_kinds import ORDERS
from leads.forms.papers import OrderForm, StateForm
from leads.models import Order
from leads.rules.selling import OrderState, QuoteState, sells
from leads.selectors.papers import find_order, first_values, lines_of, products_for
from leads.services.answers import Given
from leads.services.orders import create_order, order_from_quote, set_order_state

NEW = Body(OrderForm, {**LEAD, **LINES}, ("lead", "lines"), is_filled=True)


class OrderFromQuoteView(QuoteMove):
    """Make the order of an accepted quote."""

    operations = {
        "post": Operation(
            "orderQuote", "Make the order of an accepted quote: once", "Orders",
            {201: OrderSeen}, Scope.WRITE, body=Body(), is_matched=True,
        )
    }  # fmt: skip
    state = QuoteState.ACCEPTED

    def do(self, quote: Any) -> Given:
        """See `QuoteMove`."""
        return _placed(order_from_quote(quote, actor=self.actor), self.actor)


class OrdersView(ApiView):
    """The list of orders, and new ones without a quote."""

    permission = staticmethod(sells)
    operations = {
        "get": Operation(
            "listOrders",
            "List orders: the filters, search and sort of their page, with what they come to",
            "Orders",
            {200: OrderPage},
            query=parameters_of(ORDERS),
            problems=(422,),
        ),
        "post": Operation(
            "createOrder",
            "Place an order for a converted lead without a quote",
            "Orders",
            {201: OrderSeen},
            Scope.WRITE,
            body=NEW,
        ),
    }

    def get(self, request: Request) -> Response:
        """Show a page of the list."""
        return list_of(self, request, ORDERS, OrderPage, totals)

    def post(self, request: Request) -> Response:
        """Place one."""
        return self.once(lambda: self._create(request.data))

    def _create(self, data: Mapping[str, Any]) -> Given:
        lead = converted_lead(data, self.actor)
        typed, products = typed_of(data, "lead"), products_for(lead)
        blank = OrderForm(products=products, initial=first_values(lead, self.actor))
        form = OrderForm(filled(blank, typed), products=products)
        check_form(form, typed)
        return _placed(create_order(lead, form.values, actor=self.actor), self.actor)


class OrderView(ApiView):
    """One order."""

    permission = staticmethod(sells)
    operations = {
        "get": Operation("readOrder", "Read an order with its lines", "Orders", {200: OrderSeen})
    }

    def get(self, request: Request, reference: str) -> Response:
        """Show what the order's page shows."""
        return answer(order_now(reference, self.actor))


class OrderStateView(ApiView):
    """Where an order stands."""

    permission = staticmethod(sells)
    operations = {
        "post": Operation(
            "setOrderState",
            "Say that an order was delivered, cancelled, or is placed after all",
            "Orders",
            {200: OrderSeen},
            Scope.WRITE,
            body=Body(StateForm),
            is_matched=True,
        )
    }

    def post(self, request: Request, reference: str) -> Response:
        """Set it."""
        return self.once(lambda: self._set(reference, request.data))

    def _set(self, reference: str, data: Mapping[str, Any]) -> Given:
        order = find_order(reference, self.actor)
        self.match_sale(order)
        typed = sent(data)
        form = StateForm(typed)
        check_form(form, typed)
        state = OrderState.from_slug(form.cleaned_data["state"])
        set_order_state(order, OrderState(state), actor=self.actor)
        return order_now(reference, self.actor)


def order_now(reference: str, actor: Person, *, status: int = 200, **headers: str) -> Given:
    """Return the order as the actor sees it. Raises NotFound."""
    order = find_order(reference, actor)
    order.lines_shown = lines_of(order)
    order.actions = ["state"] if order.is_workable else []
    return given_sale(OrderSeen(order), status, headers)


def _placed(order: Order, actor: Person) -> Given:
    place = reverse("api:one_order", args=[order.reference])
    return order_now(order.reference, actor, status=201, Location=place)
