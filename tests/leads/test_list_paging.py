"""Sorts and places in the list: nothing comes twice, nothing is left out, whatever happens meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadportal.common import clock
from leadportal.common.pagination import Cursor
from leadportal.common.text import fold
from leads.enums import Status
from leads.filters import Asked
from leads.models import LeadAccess
from leads.selectors.leads import LeadList, lead_page
from leads.tables import SORTS
from tests.factories import make_lead
from tests.leads.selectors.shelf import NOW, Told, fill, references

KEYS: dict[str, Any] = {
    "created": lambda one: one.lead.created_at,
    "updated": lambda one: one.lead.updated_at,
    "company": lambda one: fold(one.lead.company),
    "first_name": lambda one: fold(one.lead.first_name),
    "last_name": lambda one: fold(one.lead.last_name),
    "product": lambda one: fold(one.product),
    "score": lambda one: one.lead.score,
    "status": lambda one: (one.status, one.lead.created_at),
}


@pytest.fixture
def shelf(cast):
    with clock.at(NOW):
        yield fill(cast)


def told_in_order(shelf, sort: str) -> list[str]:
    """Lead IDs in the order that plain Python gives them, ties broken by the number of the lead."""
    live = [one for one in shelf.told if one.status != Status.DELETED]
    word = sort.removeprefix("-")

    def key(one: Told) -> Any:
        return KEYS[word](one), one.lead.pk

    return [one.reference for one in sorted(live, key=key, reverse=sort.startswith("-"))]


def walk(query: str, actor, *, size: int = 7, backwards: bool = False) -> list[list[str]]:
    """Read the list page by page: from the start to the end, or from the end to the start."""
    asked = Asked(QueryDict(query), actor)
    pages = []
    if backwards:
        page = lead_page(asked.leads, size=1000)
        last = Cursor(page.rows[-1].key, len(page.rows) - 1)
        pages.append(references(page.rows)[-1:])
        if len(page.rows) == 1:
            return pages
        page = lead_page(asked.leads, size=size, cursor=last, backwards=True)
        pages.append(references(page.rows))
    else:
        page = lead_page(asked.leads, size=size)
        pages.append(references(page.rows))
    while cursor := page.previous if backwards else page.next:
        place = Cursor.read(cursor, asked.leads.order, LeadAccess)
        page = lead_page(asked.leads, size=size, cursor=place, backwards=backwards)
        pages.append(references(page.rows))
    return pages[::-1] if backwards else pages


@pytest.mark.parametrize("direction", ["", "-"])
@pytest.mark.parametrize("word", [sort.word for sort in SORTS])
def test_each_sort_in_both_directions_from_both_ends(cast, shelf, word, direction):
    expected = told_in_order(shelf, direction + word)
    pages = walk(f"sort={direction}{word}", cast.olga)
    assert [one for page in pages for one in page] == expected
    assert {len(page) for page in pages[:-1]} == {7}
    backwards = walk(f"sort={direction}{word}", cast.olga, backwards=True)
    assert [one for page in backwards for one in page] == expected


@pytest.mark.parametrize(
    "query",
    ["kind=service&progress=new&progress=delivered", "q=example", "attribute=tools&value=Mail"],
)
@pytest.mark.parametrize("sort", ["-created", "company", "-score", "status"])
def test_filters_and_searches_are_sorted_alike(cast, shelf, query, sort):
    found = {one for page in walk(query, cast.olga) for one in page}
    expected = [one for one in told_in_order(shelf, sort) if one in found]
    assert len(expected) > 4
    assert [
        one for page in walk(f"{query}&sort={sort}", cast.olga, size=2) for one in page
    ] == expected
    backwards = walk(f"{query}&sort={sort}", cast.olga, size=2, backwards=True)
    assert [one for page in backwards for one in page] == expected


def test_a_place_is_the_same_however_the_rows_are_found(cast, shelf):
    asked = Asked(QueryDict("kind=service&sort=company"), cast.olga)
    sorted_first, walked = (
        LeadList(asked.filters.qs, asked.leads.order, suits_index=suits) for suits in (False, True)
    )
    for size in (1, 5, 50):
        one, other = lead_page(sorted_first, size=size), lead_page(walked, size=size)
        assert (references(one.rows), one.next) == (references(other.rows), other.next)


def test_positions_and_totals(cast, shelf):
    asked = Asked(QueryDict(), cast.olga)
    first = lead_page(asked.leads, size=20)
    assert (first.start, first.count.number, first.previous) == (1, len(shelf.those()), "")
    second = lead_page(
        asked.leads, size=20, cursor=Cursor.read(first.next, asked.leads.order, LeadAccess)
    )
    assert second.start == 21
    back = lead_page(
        asked.leads,
        size=20,
        cursor=Cursor.read(second.previous, asked.leads.order, LeadAccess),
        backwards=True,
    )
    assert (references(back.rows), back.start, back.previous) == (references(first.rows), 1, "")


def test_new_and_lost_leads_shift_nothing(cast, shelf):
    asked = Asked(QueryDict(), cast.olga)
    first = lead_page(asked.leads, size=10)
    expected = told_in_order(shelf, "-created")[10:20]
    with clock.at(NOW + timedelta(hours=1)):
        make_lead(cast.northgate)
    LeadAccess.objects.filter(lead_id=first.rows[-1].lead_id).delete()
    again = Asked(QueryDict(f"after={first.next}"), cast.olga)
    cursor, backwards = again.place
    assert (
        references(lead_page(again.leads, size=10, cursor=cursor, backwards=backwards).rows)
        == expected
    )


def test_where_nothing_is_left_behind_a_place_the_first_page_comes_back(cast, shelf):
    asked = Asked(QueryDict(), cast.olga)
    last = lead_page(asked.leads, size=1000).rows[-1]
    page = lead_page(asked.leads, size=10, cursor=Cursor(last.key, 999))
    assert references(page.rows) == told_in_order(shelf, "-created")[:10]
    assert page.start == 1


@pytest.mark.parametrize("word", ["after", "before"])
@pytest.mark.parametrize(
    "text",
    ["x", "a.b", "é", "\ud800", "WzEsMl0.", "A" * 2000, "eyJhIjoxfQ.AAAA", "null", "%00"],
)
def test_a_bad_place_is_the_first_page_with_a_sentence(cast, shelf, word, text):
    query = QueryDict(mutable=True)
    query[word] = text
    asked = Asked(query, cast.olga)
    assert asked.place == (None, False)
    assert asked.notices == ["That place in the list is no longer there. This is the first page."]


def test_a_place_of_another_order_is_a_bad_one(cast, shelf):
    page = lead_page(Asked(QueryDict("sort=company"), cast.olga).leads, size=5)
    for query in ("sort=-company", "sort=score", ""):
        asked = Asked(QueryDict(f"{query}&after={page.next}"), cast.olga)
        assert asked.place == (None, False)
        assert asked.notices


def test_jump_to_a_date(cast, shelf):
    newest = told_in_order(shelf, "-created")
    day = "2025-09-20"
    for sort, expected in [
        ("-created", [one for one in newest if _day(shelf, one) <= day]),
        ("created", [one for one in reversed(newest) if _day(shelf, one) >= day]),
    ]:
        asked = Asked(QueryDict(f"sort={sort}&date={day}"), cast.olga)
        cursor, backwards = asked.place
        page = lead_page(asked.leads, size=5, cursor=cursor, backwards=backwards)
        found = references(page.rows)
        assert {_day(shelf, one) for one in found} == {_day(shelf, one) for one in expected[:5]}
        assert (page.start, bool(page.previous)) == (None, True)
    for query, sentence in [
        ("date=2025-02-30", "Enter a date between"),
        ("date=0001-01-01", "Enter a date between"),
        ("sort=company&date=2025-09-20", "Sort by created or updated"),
    ]:
        asked = Asked(QueryDict(query), cast.olga)
        assert asked.place == (None, False)
        assert sentence in asked.notices[0]


def _day(shelf, reference: str) -> str:
    [told] = [one for one in shelf.told if one.reference == reference]
    return told.lead.created_at.date().isoformat()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    scores=st.lists(st.integers(-3, 3), min_size=1, max_size=12),
    size=st.integers(1, 5),
    descending=st.booleans(),
)
def test_ties_never_repeat_or_skip_a_lead(cast, scores, size, descending):
    LeadAccess.objects.all().delete()
    for score in scores:
        make_lead(cast.northgate, score=score)
    sort = "-score" if descending else "score"
    pages = walk(f"sort={sort}", cast.olga, size=size)
    found = [one for page in pages for one in page]
    assert len(found) == len(set(found)) == len(scores)
    assert [
        one for page in walk(f"sort={sort}", cast.olga, size=size, backwards=True) for one in page
    ] == found
