"""What the lines of a quote or an order come to: one way to count, for pages, PDF, files and API.

Each line is rounded by itself, so that the lines that one reads add up to the sum that one reads. Taxes are counted
on the sum of the lines of one rate, and rounded once for each rate.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from leads.rules.money import rounded

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Item:
    """One line: how many at which price, less `discount` percent, plus `tax` percent."""

    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)


@dataclass(frozen=True)
class Totals:
    """What lines come to: before discounts, discounts, net, the tax of each rate, and what is to be paid."""

    gross: Decimal
    discount: Decimal
    net: Decimal
    taxes: tuple[tuple[Decimal, Decimal], ...]
    tax: Decimal
    total: Decimal


def before_discount(item: Item, currency: str) -> Decimal:
    """Return what a line costs without its discount."""
    return rounded(item.quantity * item.unit_price, currency)


def net_of(item: Item, currency: str) -> Decimal:
    """Return what a line costs without tax."""
    full = item.quantity * item.unit_price
    return rounded(full * (HUNDRED - item.discount) / HUNDRED, currency)


def totals(items: Iterable[Item], currency: str) -> Totals:
    """Return what `items` come to, in one currency."""
    gross = net = rounded(Decimal(0), currency)
    by_rate: dict[Decimal, Decimal] = {}
    for item in items:
        line = net_of(item, currency)
        gross += before_discount(item, currency)
        net += line
        by_rate[item.tax] = by_rate.get(item.tax, Decimal(0)) + line
    taxes = tuple(
        (rate, rounded(base * rate / HUNDRED, currency))
        for rate, base in sorted(by_rate.items())
        if rate
    )
    tax = sum((amount for _rate, amount in taxes), rounded(Decimal(0), currency))
    return Totals(gross, gross - net, net, taxes, tax, net + tax)


def weighted(value: Decimal, probability: int, currency: str) -> Decimal:
    """Return what a deal is worth by its chance: the value of a stage is counted once for all of its deals."""
    return rounded(value * probability / HUNDRED, currency)
