"""Assignment rules as pure functions: what matches, whose turn it is, what never can match."""

from collections import Counter
from datetime import date

import pytest

from leads.rules.routing.book import Area, Book, Condition, Gives, Member, Op, Rule, Territory
from leads.rules.routing.choosing import Answer, Around, Standing, decide
from leads.rules.routing.matching import Subject, holds, in_range, match, span_of

TODAY = date(2026, 3, 2)
IBERIA = Territory("iberia", "Iberia", (Area("PT"), Area("ES", region="Galicia")))
NORTH = Territory("north", "North", (Area("PT", low="4000", high="4999"),))
BOOK = Book((IBERIA, NORTH))
A, B, C = Member(1, weight=3), Member(2, weight=1), Member(3)


def lead(**values) -> Subject:
    return Subject({name: str(value) for name, value in values.items()})


@pytest.mark.parametrize(
    ("field", "op", "values", "is_so"),
    [
        ("territory", Op.ONE_OF, ("iberia",), True),
        ("territory", Op.ONE_OF, ("north",), True),
        ("territory", Op.NONE_OF, ("north",), False),
        ("territory", Op.ONE_OF, ("gone",), False),
        ("country", Op.ONE_OF, ("ES", "PT"), True),
        ("country", Op.NONE_OF, ("ES",), True),
        ("postcode", Op.BETWEEN, ("4000", "4999"), True),
        ("postcode", Op.BETWEEN, ("5000", "5999"), False),
        ("size", Op.AT_LEAST, ("50",), True),
        ("size", Op.AT_LEAST, ("60",), False),
        ("size", Op.AT_MOST, ("200",), True),
        ("size", Op.AT_MOST, ("100",), False),
        ("score", Op.AT_LEAST, ("60",), True),
        ("industry", Op.ONE_OF, ("saúde", "Retail"), True),
        ("industry", Op.CONTAINS, ("AUD",), True),
        ("industry", Op.BEGINS, ("sa",), True),
        ("industry", Op.BEGINS, ("ude",), False),
        ("city", Op.EMPTY, (), True),
        ("city", Op.FILLED, (), False),
        ("city", Op.NONE_OF, ("Porto",), True),
        ("attribute:tier", Op.ONE_OF, ("gold",), True),
        ("attribute:gone", Op.FILLED, (), False),
        ("answer:wants", Op.ONE_OF, ("Backup",), True),
        ("answer:wants", Op.ONE_OF, ("Mail",), False),
    ],
)
def test_a_condition_holds(field, op, values, is_so):
    subject = Subject(
        {
            "country": "PT",
            "postcode": "4150-171",
            "size": "51–200",
            "score": "60",
            "industry": "Saude",
            "city": "",
        },
        attributes={"tier": "Gold"},
        answers={"wants": ["Backup", "Storage"]},
    )
    assert holds(Condition("c", field, op, values), subject, BOOK) is is_so


def test_a_territory_is_countries_regions_and_postcodes():
    inside = Condition("c", "territory", Op.ONE_OF, ("iberia",))
    assert holds(inside, lead(country="ES", region="GALICIA"), BOOK)
    assert not holds(inside, lead(country="ES", region="Aragón"), BOOK)
    assert not holds(inside, lead(country="FR"), BOOK)


@pytest.mark.parametrize(
    ("code", "low", "high", "is_in"),
    [
        ("4000-123", "4000", "4999", True),
        ("4999-999", "4000", "4999", True),
        ("5000", "4000", "4999", False),
        ("", "4000", "4999", False),
        ("sw1a 1aa", "SW1", "SW9", True),
        ("SE1 1AA", "SW1", "SW9", False),
        ("40", "4000", "4999", False),
    ],
)
def test_postcodes_are_compared_by_their_beginnings(code, low, high, is_in):
    assert in_range(code, low, high) is is_in


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("51–200", (51, 200)),
        ("51-200 people", (51, 200)),
        ("1,000+", (1000, None)),
        ("more than 500", (500, None)),
        ("250", (250, 250)),
        ("1 000", (1000, 1000)),
        ("a few", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_sizes_are_read_as_people_write_them(text, span):
    assert span_of(text) == span


def test_first_match_wins_and_otherwise_is_last():
    first = Rule("a", "First", (Condition("c", "country", Op.ONE_OF, ("PT",)),))
    second = Rule("b", "Second", (Condition("c", "score", Op.AT_LEAST, ("50",)),))
    book = Book().with_rule(first).with_rule(second)
    assert match(lead(country="PT", score=90), book) == first
    assert match(lead(country="ES", score=90), book) == second
    assert match(lead(country="ES", score=10), book).is_otherwise
    off = Rule("a", "First", first.conditions, is_on=False)
    assert match(lead(country="PT", score=90), book.with_rule(off)) == second


def test_a_book_survives_being_stored():
    rule = Rule(
        "a",
        "First",
        (Condition("c", "size", Op.AT_MOST, ("50",)),),
        Gives.PERSON,
        (Member(1, 7, 2, 5),),
    )
    book = BOOK.with_rule(rule)
    assert Book.of(book.plain()) == book


def robin(*members: Member) -> Book:
    return Book().with_rule(Rule("r", "Robin", (), Gives.ROUND_ROBIN, members))


def around(**changes) -> Around:
    standing = Standing(True, True, frozenset({7}), frozenset({7}))
    return Around(
        TODAY, {1: standing, 2: standing, 3: standing, **changes.pop("companies", {})}, **changes
    )


def given(book: Book, there: Around, count: int, turns=None) -> tuple[Counter, list]:
    turns = {} if turns is None else turns
    found = [decide(lead(), book, there, turns) for _number in range(count)]
    return Counter(one.chosen.company_id if one.chosen else 0 for one in found), found


def test_a_thousand_leads_are_shared_three_to_one():
    shares, found = given(robin(A, B), around(), 1000)
    assert shares == {1: 750, 2: 250}
    # Never far from it on the way, and everybody else is accounted for each time.
    assert all(
        given(robin(A, B), around(), n)[0][1] in {n * 3 // 4, n * 3 // 4 + 1} for n in range(1, 60)
    )
    assert all(
        {one.answer for one in each.considered} == {Answer.CHOSEN, Answer.WAITS} for each in found
    )


def test_a_cap_ends_a_day_and_every_skip_says_so():
    capped = Member(1, weight=3, cap=400)
    shares, found = given(robin(capped, B), around(), 1000)
    assert shares == {1: 400, 2: 600}
    skips = [one for each in found for one in each.considered if one.answer == Answer.CAP]
    assert {(one.member, one.detail["cap"]) for one in skips} == {(capped, 400)}
    # From the moment when the cap was reached, each lead says that it was skipped.
    reached = next(n for n, each in enumerate(found) if each.considered[0].answer == Answer.CAP)
    assert len(skips) == 1000 - reached


def test_the_next_day_begins_at_none_and_nobody_catches_up():
    turns: dict = {}
    book = robin(Member(1, cap=2), Member(2))
    assert given(book, around(), 10, turns)[0] == {1: 2, 2: 8}
    tomorrow = Around(date(2026, 3, 3), around().companies)
    assert given(book, tomorrow, 4, turns)[0] == {1: 2, 2: 2}


def test_absent_people_get_none():
    person, other = Member(1, 7), Member(2, 7)
    there = around(away={(1, 7): date(2026, 3, 9)})
    shares, found = given(robin(person, other), there, 100)
    assert shares == {2: 100}
    assert {one.considered[0].answer for one in found} == {Answer.ABSENT}
    assert found[0].considered[0].detail == {"until": "2026-03-09"}
    # Back again, the shares are even: an absence earns no credit.
    turns: dict = {}
    given(robin(person, other), there, 100, turns)
    assert given(robin(person, other), around(), 100, turns)[0] == {1: 50, 2: 50}


def test_other_weights_begin_anew():
    turns: dict = {}
    given(robin(A, B), around(), 2, turns)
    assert given(robin(Member(1), Member(2)), around(), 2, turns)[0] == {1: 1, 2: 1}


@pytest.mark.parametrize(
    ("standing", "answer"),
    [
        (Standing(False, True), Answer.INACTIVE),
        (Standing(True, False), Answer.NOT_PARTNER),
        (Standing(True, True), Answer.NOBODY_THERE),
        (Standing(True, True, away_until=TODAY), Answer.ABSENT),
    ],
)
def test_who_cannot_hold_a_lead_is_skipped_with_the_reason(standing, answer):
    there = around(companies={1: standing})
    _shares, [found] = given(robin(A, B), there, 1)
    assert found.chosen == B
    assert found.considered[0].answer == answer


def test_a_vendor_gets_leads_for_its_own_products_alone():
    vendor = Standing(True, False, frozenset({7}), frozenset({7}))
    book = Book().with_rule(Rule("r", "Vendor", (), Gives.COMPANY, (A,)))
    there = around(companies={1: vendor})
    assert decide(Subject(vendor_id=1), book, there, {}).chosen == A
    assert decide(Subject(vendor_id=2), book, there, {}).chosen is None


def test_who_had_a_lead_is_not_asked_again():
    book = robin(A, B, C)
    decided = decide(lead(), book, around(), {}, excluding={"1:0", "3:0"})
    assert decided.chosen == B
    assert [one.answer for one in decided.considered] == [
        Answer.HAD_IT,
        Answer.CHOSEN,
        Answer.HAD_IT,
    ]


def test_the_owner_of_the_territory_gets_the_lead():
    owned = Territory("n", "North", (Area("PT"),), owner_id=2)
    rule = Rule("r", "Owners", (), Gives.OWNER)
    book = Book((owned,)).with_rule(rule)
    assert decide(lead(country="PT"), book, around(), {}).chosen == Member(2)
    assert decide(lead(country="ES"), book, around(), {}).chosen is None
