"""Orders: the list, one, and what sellers do with it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from leadportal.common.errors import NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.exports.papers import ORDER_HEADS, order_line
from leads.filters.sale_kinds import ORDERS
from leads.forms.papers import OrderForm
from leads.models import Order
from leads.rules.selling import OrderState, exports_sales, sees_papers, sells
from leads.selectors.papers import find_order, first_values, products_for
from leads.services.orders import create_order, set_order_state
from leads.views.pages import lead_url
from leads.views.papers import LeadPaperPage, PaperListView, shown
from leads.views.sale_lists import SaleFileView


class OrdersView(PaperListView):
    """The orders that the actor sees; customers see their own."""

    kind = ORDERS
    address = "leads:order"
    icon = "receipt"
    title = gettext_lazy("Orders")
    search = gettext_lazy("Search orders")
    counted = ngettext_lazy("%(number)s order", "%(number)s orders", "number")
    none_found = gettext_lazy("No orders match these filters.")
    show_all = gettext_lazy("Show all orders")
    none_yet = gettext_lazy("No orders yet")
    hint = gettext_lazy(
        "An order comes of an accepted quote, or is placed on the page of a converted lead."
    )
    hint_for_buyers = gettext_lazy("What your company has ordered appears here.")
    one = gettext_lazy("Showing 1 order")
    part = gettext_lazy("Showing %(shown)s of %(count)s orders")
    span = gettext_lazy("Showing %(first)s to %(last)s of %(count)s orders")
    heard = gettext_lazy("Orders found: %(count)s")


class OrdersFileView(SaleFileView):
    """The orders of the list as CSV."""

    permission = staticmethod(exports_sales)
    kind = ORDERS
    heads = ORDER_HEADS
    line_of = staticmethod(order_line)


class NewOrderView(LeadPaperPage):
    """Place an order for a converted lead without a quote."""

    def build(self, data: Any = None) -> OrderForm:
        """See FormPage."""
        lead = self.sight.lead
        first = first_values(lead, self.request.actor)
        return OrderForm(data, products=products_for(lead), initial=first)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {
            "title": _("Place an order"),
            "button": _("Place order"),
            "keep_url": lead_url(self.sight.lead),
            "for_whom": self.sight.lead.company,
        }

    def submit(self, form: OrderForm) -> HttpResponse:
        """See FormPage."""
        made = create_order(self.sight.lead, form.values, actor=self.request.actor)
        messages.success(self.request, _("Order %(order)s is placed.") % {"order": made})
        return redirect_after(self.request, order_url(made))


class OrderPage(PortalView):
    """A page about the order that the address names; 404 for one that the actor does not see."""

    @cached_property
    def order(self) -> Any:
        """The order."""
        return find_order(self.kwargs["reference"], self.request.actor)


class OrderView(OrderPage):
    """One order: lines, sums, and where it stands."""

    permission = staticmethod(sees_papers)

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Show the page."""
        states = [state for state in OrderState if state != self.order.state]
        context = {**shown(self.order, request.actor), "states": states}
        return render(request, "leads/order.html", context)


class OrderStateView(OrderPage):
    """Say that an order was delivered, cancelled or is placed after all: a post, because it can be set back."""

    permission = staticmethod(sells)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, reference: str, word: str) -> HttpResponse:
        """Do it."""
        order = self.order
        try:
            state = OrderState[word.upper()]
        except KeyError:
            raise NotFound from None
        changed = set_order_state(order, state, actor=request.actor)
        said = _("Order %(order)s is %(state)s.")
        messages.success(request, said % {"order": changed, "state": state.label.lower()})
        return redirect_after(request, order_url(changed))


def order_url(order: Order) -> str:
    """Return the address of an order's page."""
    return reverse("leads:order", args=[order.reference])
