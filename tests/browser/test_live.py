"""The live hint in a browser (ux.md L40, section 5, check 25). The page's clock is set forward, nobody waits."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.given import new_lead

HIDE = """state => {
    Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""
WORDS = re.compile(r"^\s*3 new leads since \d\d:\d\d\. Show new leads\s*$")


@pytest.fixture
def watcher(visit, cast):
    """Return a function that opens the list with the page's clock in our hands."""

    def _open(query: str = ""):
        olga = visit(cast.olga)
        olga.page.clock.install()
        olga.asked = []
        olga.page.on("request", lambda one: _note(one.url, olga.asked))
        olga.open(f"/leads/{query}")
        return olga

    return _open


def _note(address: str, asked: list[str]) -> None:
    if urlsplit(address).path == "/leads/newer/":
        asked.append(address)


def let_come(cast, count: int = 3) -> None:
    """Let leads come in."""
    for number in range(count):
        new_lead(cast, company=f"Fabrikam {number}", email=f"f{number}@fabrikam.example")


def wait_for_asking(visitor) -> None:
    """Let half a minute pass, until the page has got its answer."""
    with visitor.page.expect_response("**/leads/newer/**"):
        visitor.page.clock.run_for(35_000)


def first_row(visitor):
    """Return the first row of the table."""
    return visitor.page.locator("tbody tr").first


def test_check_25_newer_leads_are_offered_and_no_row_moves(cast, watcher):
    new_lead(cast)
    olga = watcher()
    expect(first_row(olga)).to_contain_text("Northwind")
    place = first_row(olga).bounding_box()
    let_come(cast)
    bar = olga.page.locator("#newer")
    expect(bar).to_be_hidden()
    olga.page.clock.run_for(35_000)
    expect(bar).to_have_text(WORDS)
    expect(olga.page.locator("#live")).to_contain_text("3 new leads since")
    expect(first_row(olga)).to_contain_text("Northwind")
    assert first_row(olga).bounding_box() == place
    expect(olga.page.locator("tbody tr")).to_have_count(1)

    olga.page.locator("#live").evaluate("live => live.textContent = ''")
    let_come(cast, 1)
    olga.page.clock.run_for(30_000)
    expect(bar).to_contain_text("4 new leads")
    olga.page.clock.run_for(1_000)
    expect(olga.page.locator("#live")).to_be_empty()  # announced once

    olga.follow("Show new leads")
    expect(olga.page.locator("tbody tr")).to_have_count(5)
    expect(first_row(olga)).to_contain_text("Fabrikam")
    expect(bar).to_be_hidden()


def test_check_25_a_hidden_tab_asks_nothing(cast, watcher):
    olga = watcher()
    wait_for_asking(olga)
    olga.page.evaluate(HIDE, "hidden")
    let_come(cast)
    olga.page.clock.run_for(120_000)
    olga.page.wait_for_load_state("networkidle")
    assert len(olga.asked) == 1
    expect(olga.page.locator("#newer")).to_be_hidden()
    olga.page.evaluate(HIDE, "visible")
    olga.page.clock.run_for(1_000)
    expect(olga.page.locator("#newer")).to_have_text(WORDS)
    assert len(olga.asked) == 2


@pytest.mark.parametrize("layout", ["cards", "board"])
def test_cards_and_board_offer_newer_leads_too(cast, watcher, layout):
    new_lead(cast)
    olga = watcher(f"?layout={layout}&q=fabrikam")
    let_come(cast)
    olga.page.clock.run_for(35_000)
    expect(olga.page.locator("#newer")).to_have_text(WORDS)
    expect(olga.page.locator(".lead-card")).to_have_count(0)
    olga.follow("Show new leads")
    expect(olga.page.locator(".lead-card")).to_have_count(3)


def test_another_search_asks_for_its_own_leads(cast, watcher):
    new_lead(cast)
    olga = watcher()
    olga.fill("Search leads", "northwind")
    olga.page.clock.run_for(1_000)
    expect(olga.page).to_have_url(re.compile("q=northwind"))
    let_come(cast)
    wait_for_asking(olga)
    expect(olga.page.locator("#newer")).to_be_hidden()
    assert "q=northwind" in olga.asked[-1]


def test_after_signing_out_nothing_is_asked(cast, watcher):
    olga = watcher()
    olga.page.context.clear_cookies()
    wait_for_asking(olga)
    olga.page.clock.run_for(120_000)
    olga.page.wait_for_load_state("networkidle")
    assert len(olga.asked) == 1
    expect(olga.page.locator("h1")).to_have_text("Leads")
