"""The board of offers: every number is the length of the list behind it."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadportal.common import clock
from leads.services.expiring import run_clocks
from leads.services.lifecycle import accept_lead, assign_lead, decline_lead
from tests.factories import make_company, make_lead
from tests.leads.services.house import of_form

FRIDAY = datetime(2026, 11, 27, 10, tzinfo=UTC)


@pytest.fixture
def house(cast):
    """Two leads wait at Alpha, one at Beta, one with sales; Alpha has accepted one; one came back."""
    cast.marketplace.accept_hours = 8
    cast.marketplace.save()
    with clock.at(FRIDAY):
        for company in (cast.alpha, cast.alpha, cast.beta, None):
            assign_lead(of_form(cast), to=company, actor=cast.olga)
        accept_lead(assign_lead(of_form(cast), to=cast.alpha, actor=cast.olga), actor=cast.ann)
        lost = assign_lead(of_form(cast), to=cast.beta, actor=cast.olga)
        decline_lead(lost, reason="No time", actor=cast.ben)
    return SimpleNamespace(
        **{name: getattr(cast, name) for name in cast.__dataclass_fields__}, lost=lost
    )


def numbers(page: str) -> list[tuple[str, int]]:
    """Return the links of a page's numbers, and the numbers."""
    found = re.findall(r'<td role="cell" class="cell-num"[^>]*><a href="([^"]+)">(\d+)', page)
    return [(url.replace("&amp;", "&"), int(number)) for url, number in found]


def test_numbers_are_those_of_the_lists_behind_them(house, sign_in):
    client = sign_in(house.olga)
    found = numbers(client.get("/offers/").content.decode())
    assert sorted(number for _url, number in found) == [1, 1, 1, 2]
    for url, number in found:
        shown = client.get(url).content.decode()
        assert shown.count('class="row-main"') == number, url


def test_says_how_long_and_until_when(house, sign_in):
    page = sign_in(house.rita).get("/offers/").content.decode()
    assert "27 Nov 2026, 10:00" in page
    assert "30 Nov 2026, 10:00" in page  # eight working hours later
    assert "Northgate Sales" not in page  # what the sales desk holds is none of the channel's


def test_what_nobody_took_stands_on_top_until_somebody_has_it(house, sign_in):
    client = sign_in(house.rita)
    page = client.get("/offers/").content.decode()
    assert house.lost.reference in page
    assert "declined by Beta" in page
    assert "1 lead was offered in vain" in client.get("/attention/").content.decode()
    assign_lead(house.lost, to=house.alpha, actor=house.rita)
    assert "Nobody left to ask" not in client.get("/offers/").content.decode()
    assert "in vain" not in client.get("/attention/").content.decode()
    with clock.at(datetime(2027, 1, 1, tzinfo=UTC)):
        run_clocks()
    assert "taken back from Alpha" in client.get("/offers/").content.decode()


def test_nothing_of_another_host(house, sign_in):
    page = sign_in(house.otto).get("/offers/").content.decode()
    assert numbers(page) == []
    assert house.lost.reference not in page


def test_costs_the_same_for_one_recipient_and_for_many(house, sign_in):
    client = sign_in(house.olga)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/offers/")
        return len(queries)

    client.get("/offers/")
    few = cost()
    for number in range(12):
        company = make_company(f"Partner {number}", is_reseller=True, host=house.northgate)
        for _lead in range(3):
            assign_lead(make_lead(house.northgate), to=company, actor=house.olga)
    assert cost() == few
