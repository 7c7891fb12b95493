"""The lists of deals, quotes and orders as declarations: columns, orders, and what each can be narrowed to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DateField, DecimalField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import dateformat
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common.tables import Column, Sort, Sorting
from leads.enums import Outcome, Slugged
from leads.filters.months import last_months, span_of, word_of
from leads.models import Deal, Order, Quote
from leads.models.selling import Sale
from leads.rules.money import CURRENCIES, DIGITS, PLACES, money
from leads.rules.selling import OrderState, QuoteState
from leads.selectors.deals import deals, pipelines_seen
from leads.selectors.papers import orders, quotes

# Stands for "no day": behind all others.
NO_DAY = date(9999, 12, 31)
_DATES = (_("oldest first"), _("newest first"))
_SIZES = (_("lowest first"), _("highest first"))
CREATED = Sort("created", _("Created"), ("created_at",), *_DATES, is_down_first=True)
UPDATED = Sort("updated", _("Updated"), ("updated_at",), *_DATES, is_down_first=True)
NEWEST_FIRST = Sorting(CREATED, is_descending=True)
Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class SaleColumn(Column):
    """A column: its word in CSS, and its text for a row; without one the template draws it."""

    text: Callable[[Any], Any] = str
    word: str = ""


@dataclass(frozen=True)
class Narrowing:
    """One filter: what can be chosen, and the condition for what was."""

    label: Any
    choices: Callable[[Person], Choices]
    condition: Callable[[Sequence[str], Person], Q]


@dataclass(frozen=True)
class Kind:
    """A list: `rows` reads what an actor sees, `order_columns` is what is sorted by beside the stored columns."""

    word: str
    rows: Callable[[Person], "QuerySet[Any]"]
    model: type[Sale]
    columns: tuple[SaleColumn, ...]
    sorts: tuple[Sort, ...]
    order_columns: dict[str, Any]
    narrowings: dict[str, Narrowing]

    @property
    def computed(self) -> dict[str, Any]:
        """The fields that read the values of `order_columns` in a place of the list."""
        return {name: column.output_field for name, column in self.order_columns.items()}


def day(value: date | None) -> str:
    """Return a day in words."""
    return dateformat.format(value, "j M Y") if value else ""


def in_currencies() -> Narrowing:
    """Return the filter by currency."""
    return Narrowing(
        _("Currency"),
        lambda _actor: [(code, code) for code in CURRENCIES],
        lambda words, _actor: Q(currency__in=words),
    )


def _amount(column: str) -> Coalesce:
    field = DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    return Coalesce(F(column), Value(Decimal(0)), output_field=field)


def _day(column: str) -> Coalesce:
    return Coalesce(F(column), Value(NO_DAY), output_field=DateField())


VALUE = Sort("value", _("Value"), ("value_order",), *_SIZES, is_down_first=True)
CLOSE = Sort("close", _("Expected close"), ("close_order",), *_DATES)
CHANCE = Sort("chance", _("Chance"), ("chance_order",), *_SIZES, is_down_first=True)


def _stages(actor: Person) -> Choices:
    return [
        (str(stage.pk), f"{pipeline.name}: {stage.name}")
        for pipeline in pipelines_seen(actor)
        for stage in pipeline.stages.all()
    ]


def _is_mine(_words: Sequence[str], actor: Person) -> Q:
    return Q(owner=actor.user_id)


def _months(_actor: Person) -> Choices:
    return [(word_of(month), dateformat.format(month, "F Y")) for month in last_months()]


def _closed_in(words: Sequence[str], _actor: Person) -> Q:
    condition = Q(pk__in=[])
    for word in words:
        first, following = span_of(word)
        condition |= Q(closed_at__gte=first, closed_at__lt=following)
    return condition


DEALS = Kind(
    "deals",
    deals,
    Deal,
    (
        SaleColumn(_("Deal"), None, "cell-main"),
        SaleColumn(_("Customer"), text=lambda row: row.customer_name),
        SaleColumn(_("Stage"), CHANCE, "cell-chip", word="stage"),
        SaleColumn(
            _("Value"),
            VALUE,
            "cell-num",
            text=lambda row: "" if row.value is None else money(row.value, row.currency),
        ),
        SaleColumn(_("Expected close"), CLOSE, text=lambda row: day(row.close_on)),
        SaleColumn(
            _("Person in charge"), text=lambda row: row.owner.full_name if row.owner else ""
        ),
        SaleColumn(_("Seller"), text=lambda row: row.seller_label),
        SaleColumn(_("Created"), CREATED, word="created"),
    ),
    (CREATED, UPDATED, VALUE, CLOSE, CHANCE),
    {
        "value_order": _amount("value"),
        "close_order": _day("close_on"),
        "chance_order": Coalesce(F("stage__probability"), 0, output_field=IntegerField()),
    },
    {
        "pipeline": Narrowing(
            _("Pipeline"),
            lambda actor: [(str(one.pk), one.name) for one in pipelines_seen(actor)],
            lambda words, _actor: Q(stage__pipeline__in=words),
        ),
        "stage": Narrowing(_("Stage"), _stages, lambda words, _actor: Q(stage__in=words)),
        "outcome": Narrowing(
            _("Outcome"),
            lambda _actor: [(one.slug, one.label) for one in Outcome if one],
            lambda words, _actor: Q(outcome__in=[Outcome.from_slug(word) for word in words]),
        ),
        "closed": Narrowing(_("Closed in"), _months, _closed_in),
        "currency": in_currencies(),
        "owner": Narrowing(_("Person in charge"), lambda _actor: [("me", _("Me"))], _is_mine),
    },
)

TOTAL = Sort("total", _("Total"), ("total",), *_SIZES, is_down_first=True)
STATE = Sort(
    "state", _("State"), ("state", "created_at"), _("first step first"), _("last step first")
)
UNTIL = Sort("until", _("Valid until"), ("until_order",), *_DATES)
_TOTAL = SaleColumn(_("Total"), TOTAL, "cell-num", text=lambda row: money(row.total, row.currency))
_CUSTOMER = SaleColumn(_("Customer"), text=lambda row: row.customer_name)
_SELLER = SaleColumn(_("Seller"), text=lambda row: row.seller_label)
_CREATED = SaleColumn(_("Created"), CREATED, word="created")


def _in_states(states: type[Slugged]) -> Narrowing:
    """Return the filter by state."""
    return Narrowing(
        _("State"),
        lambda _actor: list(states.slug_choices()),
        lambda words, _actor: Q(state__in=[states.from_slug(word) for word in words]),
    )


QUOTES = Kind(
    "quotes",
    quotes,
    Quote,
    (
        SaleColumn(_("Quote"), None, "cell-main"),
        _CUSTOMER,
        SaleColumn(_("State"), STATE, "cell-chip", word="state"),
        _TOTAL,
        SaleColumn(_("Valid until"), UNTIL, text=lambda row: day(row.valid_until)),
        _SELLER,
        _CREATED,
    ),
    (CREATED, UPDATED, TOTAL, STATE, UNTIL),
    {"until_order": _day("valid_until")},
    {"state": _in_states(QuoteState), "currency": in_currencies()},
)
ORDERS = Kind(
    "orders",
    orders,
    Order,
    (
        SaleColumn(_("Order"), None, "cell-main"),
        _CUSTOMER,
        SaleColumn(_("State"), STATE, "cell-chip", word="state"),
        _TOTAL,
        _SELLER,
        _CREATED,
    ),
    (CREATED, UPDATED, TOTAL, STATE),
    {},
    {"state": _in_states(OrderState), "currency": in_currencies()},
)
