"""Lines add up to what one reads: counted here a second time, by whole cents and by hand."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.rules.money import CURRENCIES, added, money, money_list, rounded
from leads.rules.sums import Item, net_of, totals, weighted

cents = st.decimals(min_value=0, max_value=10**7, places=2)
percents = st.decimals(min_value=0, max_value=100, places=2)
items = st.lists(
    st.builds(
        Item,
        quantity=st.decimals(min_value=Decimal("0.01"), max_value=10_000, places=2),
        unit_price=cents,
        discount=percents,
        tax=st.sampled_from([Decimal(0), Decimal("5.5"), Decimal(19), Decimal(23)]),
    ),
    max_size=12,
)


def by_hand(lines, currency):
    """Return net, tax and total, in the smallest coins."""
    coins = 10 ** CURRENCIES[currency][1]
    nets, bases = [], {}
    for line in lines:
        exact = line.quantity * line.unit_price * coins * (100 - line.discount) / 100
        net = int(exact.to_integral_value(ROUND_HALF_UP))
        nets.append(net)
        bases[line.tax] = bases.get(line.tax, 0) + net
    taxes = [int((b * r / 100).to_integral_value(ROUND_HALF_UP)) for r, b in bases.items()]
    return nets, sum(nets), sum(taxes)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(items, st.sampled_from(sorted(CURRENCIES)))
def test_sums_are_those_that_one_counts_by_hand(lines, currency):
    coins = 10 ** CURRENCIES[currency][1]
    nets, net, tax = by_hand(lines, currency)
    found = totals(lines, currency)
    assert [net_of(line, currency) * coins for line in lines] == nets
    assert (found.net * coins, found.tax * coins) == (net, tax)
    assert found.total == found.net + found.tax
    assert found.gross - found.discount == found.net
    assert sum(amount for _rate, amount in found.taxes) == found.tax


def test_control_rounding_only_at_the_end_would_not_add_up():
    lines = [Item(Decimal(1), Decimal("0.10"), discount=Decimal("45"))] * 2  # 0.055 each
    assert totals(lines, "EUR").net == Decimal("0.12")
    assert rounded(sum(line.unit_price * Decimal("0.55") for line in lines), "EUR") == Decimal(
        "0.11"
    )


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        (Decimal("1234.5"), "EUR", "EUR 1,234.50"),
        (Decimal("1234.5"), "JPY", "JPY 1,235"),
        (Decimal("0.005"), "USD", "USD 0.01"),
        (Decimal(0), "GBP", "GBP 0.00"),
    ],
)
def test_amounts_in_words(amount, currency, words):
    assert money(amount, currency) == words


def test_currencies_are_never_added_up():
    sums = added([("USD", Decimal(1)), ("EUR", Decimal(2)), ("USD", Decimal(3))])
    assert sums == {"EUR": Decimal(2), "USD": Decimal(4)}
    assert money_list(sums) == "EUR 2.00 · USD 4.00"
    assert money_list({}) == ""


def test_a_chance_weighs_the_value():
    assert weighted(Decimal("100.01"), 50, "EUR") == Decimal("50.01")
    assert weighted(Decimal(3), 50, "JPY") == Decimal(2)
