"""The columns of files of quotes and of orders."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.models import Order, Quote
from leads.rules.money import rounded

_SHARED = (
    _("Number"),
    _("Created"),
    _("Subject"),
    _("Customer"),
    _("Lead ID"),
    _("State"),
    _("Net"),
    _("Tax"),
    _("Total"),
    _("Currency"),
    _("Seller"),
)
QUOTE_HEADS = (*_SHARED, _("Valid until"), _("Sent"), _("Answered"), _("Comment"))
ORDER_HEADS = (*_SHARED, _("Quote"))


def quote_line(row: Quote) -> list[Any]:
    """Return the line of a quote."""
    return [*_shared(row), row.valid_until, row.sent_at, row.answered_at, row.comment]


def order_line(row: Order) -> list[Any]:
    """Return the line of an order."""
    return [*_shared(row), row.quote.reference if row.quote else ""]


def _shared(row: Any) -> list[Any]:
    return [
        row.reference,
        row.created_at,
        row.subject,
        row.customer_name,
        row.lead.reference if row.lead else "",
        str(row.shown_state.label),
        rounded(row.net, row.currency),
        rounded(row.tax, row.currency),
        rounded(row.total, row.currency),
        row.currency,
        row.seller_label,
    ]
