"""Back from a lead: the same list, page and place, and the row just visited is marked (ux.md L42)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.given import new_lead

MARKED = re.compile("is-visited")


@pytest.fixture
def many(cast):
    """More leads than two pages hold."""
    return [new_lead(cast, company=f"Northwind {number:02}") for number in range(60)]


def scroll_of(visitor, box: str) -> int:
    return visitor.page.locator(box).first.evaluate("box => Math.round(box.scrollTop)")


def test_back_leads_to_the_same_filter_page_and_row(visit, cast, many):
    olga = visit(cast.olga)
    olga.page.clock.install()
    olga.open("/leads/?status=submitted&sort=company")
    olga.follow("Next")
    olga.reads("Showing 26 to 50 of 60 leads")
    address = olga.page.url
    box = olga.page.locator(".table-box")
    box.evaluate("box => box.scrollTo(0, 400)")
    place = scroll_of(olga, ".table-box")
    assert place > 0
    row = olga.page.locator("tbody tr", has_text="Northwind 40")
    row.locator("a.row-main").click()
    expect(olga.page.locator("h1")).to_contain_text("Northwind 40")
    olga.page.clock.pause_at(olga.page.evaluate("Date.now() + 1000"))
    olga.page.go_back()

    expect(olga.page).to_have_url(address)
    olga.reads("Status is Submitted", "Showing 26 to 50 of 60 leads")
    assert abs(scroll_of(olga, ".table-box") - place) <= 50
    expect(row).to_have_class(MARKED)
    expect(olga.page.locator(".is-visited")).to_have_count(1)
    olga.page.clock.run_for(1_900)
    expect(row).to_have_class(MARKED)
    olga.page.clock.run_for(200)
    expect(row).not_to_have_class(MARKED)


@pytest.mark.parametrize("opens", ["click", "Enter"])
def test_back_to_the_board_finds_the_column_where_it_was(visit, cast, many, opens):
    rita = visit(cast.rita)
    rita.open("/leads/?layout=board&sort=company")
    cards = "#column-submitted .lead-cards"
    card = rita.page.locator(".lead-card", has_text="Northwind 20")
    card.scroll_into_view_if_needed()
    place = scroll_of(rita, cards)
    assert place > 0
    if opens == "click":
        card.locator("a.row-main").click()
    else:
        card.locator("a.row-main").press("Enter")
    expect(rita.page.locator("h1")).to_contain_text("Northwind 20")
    rita.page.go_back()
    expect(card).to_have_class(MARKED)
    assert abs(scroll_of(rita, cards) - place) <= 50


def test_back_to_the_cards_finds_the_page_where_it_was(visit, cast, many):
    rita = visit(cast.rita)
    rita.open("/leads/?layout=cards&sort=company")
    card = rita.page.locator(".lead-card", has_text="Northwind 20")
    card.scroll_into_view_if_needed()
    place = rita.page.evaluate("scrollY")
    assert place > 0
    card.get_by_role("link", name="View Notes").click()
    expect(rita.page.locator("h1")).to_contain_text("Northwind 20")
    rita.page.go_back()
    expect(card).to_have_class(MARKED)
    expect(card).to_be_in_viewport()
    assert abs(rita.page.evaluate("scrollY") - place) <= 50
