"""Amounts of money: which currencies there are, how they are rounded, and how they are written."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

# ISO 4217: the code, what it is called, and how many digits stand behind the point.
CURRENCIES: dict[str, tuple[object, int]] = {
    "EUR": (_("Euro"), 2),
    "USD": (_("US dollar"), 2),
    "GBP": (_("Pound sterling"), 2),
    "CHF": (_("Swiss franc"), 2),
    "AUD": (_("Australian dollar"), 2),
    "BRL": (_("Brazilian real"), 2),
    "CAD": (_("Canadian dollar"), 2),
    "CZK": (_("Czech koruna"), 2),
    "DKK": (_("Danish krone"), 2),
    "HUF": (_("Hungarian forint"), 2),
    "INR": (_("Indian rupee"), 2),
    "JPY": (_("Japanese yen"), 0),
    "MXN": (_("Mexican peso"), 2),
    "NOK": (_("Norwegian krone"), 2),
    "NZD": (_("New Zealand dollar"), 2),
    "PLN": (_("Polish zloty"), 2),
    "RON": (_("Romanian leu"), 2),
    "SEK": (_("Swedish krona"), 2),
    "SGD": (_("Singapore dollar"), 2),
    "TRY": (_("Turkish lira"), 2),
    "ZAR": (_("South African rand"), 2),
}
DEFAULT = "EUR"
# Of one amount; a sum of all that a database can hold still fits into the column.
LARGEST = Decimal(10_000_000_000)
# Of what an installation's columns hold.
DIGITS, PLACES = 18, 2


def currency_choices() -> list[tuple[str, str]]:
    """Return (code, words) pairs for forms."""
    return [(code, f"{code} · {name}") for code, (name, _places) in CURRENCIES.items()]


def places_of(currency: str) -> int:
    """Return how many digits stand behind the point."""
    return CURRENCIES[currency][1] if currency in CURRENCIES else PLACES


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Return `amount` as it can be paid: halves go up, away from zero."""
    unit = Decimal(1).scaleb(-places_of(currency))
    return amount.quantize(unit, rounding=ROUND_HALF_UP)


def money(amount: Decimal, currency: str) -> str:
    """Return an amount in words: "EUR 1,234.50"."""
    return f"{currency} {rounded(amount, currency):,}"


def money_list(amounts: Mapping[str, Decimal]) -> str:
    """Return what there is in several currencies: "EUR 10.00 · USD 5.00"; nothing for nothing."""
    return " · ".join(money(amount, currency) for currency, amount in amounts.items())


def added(pairs: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Return the sum for each currency, in the order of `CURRENCIES`. Different currencies are never added up."""
    sums: dict[str, Decimal] = {}
    for currency, amount in pairs:
        sums[currency] = sums.get(currency, Decimal(0)) + amount
    order = list(CURRENCIES)
    return dict(sorted(sums.items(), key=lambda pair: order.index(pair[0])))
