"""Quotes and orders with their lines. Deals: selling.py."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.enums import Slugged
from leads.models.sale_scopes import OrderQuerySet, QuoteQuerySet
from leads.models.selling import Deal, Sale, indexes_of
from leads.rules.money import DIGITS, PLACES
from leads.rules.selling import OrderState, QuoteState
from leads.rules.sums import Item, net_of


class Paper(Sale):
    """A quote or an order: what its lines come to is kept beside them, so that lists need no lines."""

    net = models.DecimalField(_("net"), max_digits=DIGITS, decimal_places=PLACES, default=0)
    tax = models.DecimalField(_("tax"), max_digits=DIGITS, decimal_places=PLACES, default=0)
    total = models.DecimalField(_("total"), max_digits=DIGITS, decimal_places=PLACES, default=0)

    shown_states: type[Slugged]
    state: Any

    class Meta:
        abstract = True

    @property
    def shown_state(self) -> Slugged:
        """Where it stands, as pages name it."""
        return self.shown_states(self.state)


class Quote(Paper):
    """An offer to a customer, which its people accept or reject on a page."""

    personal_data = True

    deal = models.ForeignKey(Deal, models.PROTECT, null=True, blank=True, related_name="quotes")
    state = models.PositiveSmallIntegerField(
        _("state"), choices=QuoteState, default=QuoteState.DRAFT
    )
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    terms = models.TextField(_("terms"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.CharField(_("comment"), max_length=300, blank=True)

    objects = QuoteQuerySet.as_manager()

    shown_states = QuoteState

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("quote")
        constraints = [
            models.CheckConstraint(
                name="quote_state_known", condition=Q(state__in=QuoteState.values)
            ),
            models.CheckConstraint(
                name="quote_sent_to_a_customer",
                condition=Q(state=QuoteState.DRAFT)
                | Q(customer__isnull=False, sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="quote_answered_by_somebody",
                condition=Q(answered_at__isnull=False)
                | ~Q(state__in=[QuoteState.ACCEPTED, QuoteState.REJECTED]),
            ),
        ]
        indexes = [
            *indexes_of("quote"),
            models.Index(
                fields=["valid_until"], condition=Q(state=QuoteState.SENT), name="quote_open_until"
            ),
        ]


class Order(Paper):
    """What a customer has bought."""

    personal_data = True

    deal = models.ForeignKey(Deal, models.PROTECT, null=True, blank=True, related_name="orders")
    # One order comes of a quote, whoever asks how often.
    quote = models.OneToOneField(Quote, models.PROTECT, null=True, blank=True, related_name="order")
    state = models.PositiveSmallIntegerField(
        _("state"), choices=OrderState, default=OrderState.PLACED
    )
    state_since = models.DateTimeField(_("since"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    shown_states = OrderState

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("order")
        constraints = [
            models.CheckConstraint(
                name="order_state_known", condition=Q(state__in=OrderState.values)
            ),
            models.CheckConstraint(
                name="order_has_a_customer", condition=Q(customer__isnull=False)
            ),
        ]
        indexes = indexes_of("order")


class PaperLine(models.Model):
    """A line: a product of the catalogue, how many, at which price; less a discount, plus tax, in percent."""

    position = models.PositiveSmallIntegerField(_("place"))
    product = models.ForeignKey("templates_app.Product", models.PROTECT, related_name="+")
    text = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=2)
    unit_price = models.DecimalField(_("unit price"), max_digits=DIGITS, decimal_places=PLACES)
    discount = models.DecimalField(_("discount (%)"), max_digits=5, decimal_places=2, default=0)
    tax = models.DecimalField(_("tax (%)"), max_digits=5, decimal_places=2, default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.position}: {self.quantity} × {self.product_id}"

    @property
    def item(self) -> Item:
        """The line as the rules count it."""
        return Item(self.quantity, self.unit_price, self.discount, self.tax)


def line_rules(name: str) -> list[models.BaseConstraint]:
    """Return what holds for every line of a paper."""
    return [
        models.CheckConstraint(name=f"{name}_quantity_positive", condition=Q(quantity__gt=0)),
        models.CheckConstraint(
            name=f"{name}_percents",
            condition=Q(discount__gte=0, discount__lte=100, tax__gte=0, tax__lte=100),
        ),
        models.CheckConstraint(name=f"{name}_price", condition=Q(unit_price__gte=0)),
    ]


class QuoteLine(PaperLine):
    """A line of a quote."""

    personal_data = False

    quote = models.ForeignKey(Quote, models.CASCADE, related_name="lines")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("line of a quote")
        verbose_name_plural = _("lines of quotes")
        constraints = line_rules("quote_line")

    @property
    def net(self) -> object:
        """What it costs without tax."""
        return net_of(self.item, self.quote.currency)


class OrderLine(PaperLine):
    """A line of an order."""

    personal_data = False

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of orders")
        constraints = line_rules("order_line")

    @property
    def net(self) -> object:
        """What it costs without tax."""
        return net_of(self.item, self.order.currency)
