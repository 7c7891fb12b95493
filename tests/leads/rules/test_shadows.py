"""Rules that can never match, because an earlier one takes all their leads (ux.md A5)."""

import pytest

from leads.rules.routing.book import Area, Book, Condition, Op, Rule, Territory
from leads.rules.routing.matching import Subject, match
from leads.rules.routing.shadows import shadows

IBERIA = Territory("iberia", "Iberia", (Area("PT"), Area("ES", region="Galicia")))
PORTO = Territory("porto", "Porto", (Area("PT", low="4000", high="4999"),))


def cond(field: str, op: Op, *values: str) -> Condition:
    return Condition("c", field, op, values)


def book(*rules: Rule) -> Book:
    found = Book((IBERIA, PORTO))
    for rule in rules:
        found = found.with_rule(rule)
    return found


def rule(key: str, *conditions: Condition, is_on: bool = True) -> Rule:
    return Rule(key, key.title(), conditions, is_on=is_on)


def is_shadowed(earlier: list[Condition], later: list[Condition]) -> bool:
    return "b" in shadows(book(rule("a", *earlier), rule("b", *later)))


COUNTRY_PT, COUNTRIES = cond("country", Op.ONE_OF, "PT"), cond("country", Op.ONE_OF, "PT", "ES")
NOT_ES = cond("country", Op.NONE_OF, "ES")
IN_IBERIA, IN_PORTO = cond("territory", Op.ONE_OF, "iberia"), cond("territory", Op.ONE_OF, "porto")


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        # Whatever meets the later one meets the earlier one.
        ([], [COUNTRY_PT], True),
        ([COUNTRIES], [COUNTRY_PT], True),
        ([COUNTRY_PT], [COUNTRIES], False),
        ([COUNTRY_PT], [COUNTRY_PT, cond("score", Op.AT_LEAST, "60")], True),
        ([COUNTRY_PT, cond("score", Op.AT_LEAST, "60")], [COUNTRY_PT], False),
        ([COUNTRY_PT], [], False),
        ([COUNTRY_PT], [cond("city", Op.ONE_OF, "PT")], False),
        ([cond("city", Op.ONE_OF, "São Paulo")], [cond("city", Op.ONE_OF, "sao paulo")], True),
        # One field, different words for it.
        ([NOT_ES], [COUNTRY_PT], True),
        ([NOT_ES], [COUNTRIES], False),
        ([NOT_ES], [cond("country", Op.NONE_OF, "ES", "FR")], True),
        ([cond("country", Op.NONE_OF, "ES", "FR")], [NOT_ES], False),
        ([cond("city", Op.FILLED)], [cond("city", Op.CONTAINS, "port")], True),
        ([cond("city", Op.FILLED)], [cond("city", Op.NONE_OF, "Porto")], False),
        ([cond("city", Op.FILLED)], [cond("city", Op.EMPTY)], False),
        ([cond("city", Op.CONTAINS, "port")], [cond("city", Op.CONTAINS, "porto")], True),
        ([cond("city", Op.CONTAINS, "porto")], [cond("city", Op.CONTAINS, "port")], False),
        ([cond("city", Op.BEGINS, "po")], [cond("city", Op.BEGINS, "porto")], True),
        ([cond("city", Op.BEGINS, "po")], [cond("city", Op.BEGINS, "porto", "lis")], False),
        # Numbers and postcodes.
        ([cond("score", Op.AT_LEAST, "50")], [cond("score", Op.AT_LEAST, "60")], True),
        ([cond("score", Op.AT_LEAST, "60")], [cond("score", Op.AT_LEAST, "50")], False),
        ([cond("size", Op.AT_MOST, "200")], [cond("size", Op.AT_MOST, "50")], True),
        ([cond("size", Op.AT_MOST, "50")], [cond("size", Op.AT_MOST, "200")], False),
        ([cond("postcode", Op.BETWEEN, "4000", "4999")], [cond("postcode", Op.BETWEEN, "4100", "4200")], True),
        ([cond("postcode", Op.BETWEEN, "4", "4")], [cond("postcode", Op.BETWEEN, "4000", "4999")], True),
        ([cond("postcode", Op.BETWEEN, "4000", "4999")], [cond("postcode", Op.BETWEEN, "4", "4")], False),
        # Places: countries that a territory has whole lie in it, and a territory lies in its countries.
        ([IN_IBERIA], [COUNTRY_PT], True),
        ([IN_IBERIA], [COUNTRIES], False),
        ([IN_PORTO], [COUNTRY_PT], False),
        ([COUNTRIES], [IN_IBERIA], True),
        ([COUNTRY_PT], [IN_PORTO], True),
        ([COUNTRY_PT], [IN_IBERIA], False),
        # What can be several things at once, and is not this one, may be the other as well.
        ([cond("territory", Op.NONE_OF, "porto")], [IN_IBERIA], False),
        ([cond("answer:wants", Op.NONE_OF, "Mail")], [cond("answer:wants", Op.ONE_OF, "Backup")], False),
        ([cond("attribute:tags", Op.NONE_OF, "a")], [cond("attribute:tags", Op.ONE_OF, "b")], False),
    ],
)  # fmt: skip
def test_a_rule_is_shadowed_where_everything_that_meets_it_meets_an_earlier_one(
    earlier, later, expected
):
    assert is_shadowed(earlier, later) is expected


def test_control_a_lead_of_two_places_does_meet_the_rule_that_is_not_shadowed():
    both = Subject({"country": "PT", "postcode": "4100"})
    rules = book(rule("a", cond("territory", Op.NONE_OF, "porto")), rule("b", IN_IBERIA))
    assert match(both, rules).key == "b"


def test_the_first_that_takes_all_is_named_and_what_is_off_takes_nothing():
    rules = [rule("a", COUNTRIES), rule("b"), rule("c", COUNTRY_PT)]
    found = {key: one.key for key, one in shadows(book(*rules)).items()}
    assert found == {"c": "a", "otherwise": "b"}
    off = shadows(book(rule("a", COUNTRIES, is_on=False), rules[2]))
    assert off == {}
    assert shadows(book(rules[0], rule("c", COUNTRY_PT, is_on=False))) == {}
