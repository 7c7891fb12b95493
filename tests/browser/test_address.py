"""The address is the list: it can be passed on, gone back to and asked for plainly (ux.md checks 3 to 6)."""

import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import expect

from leads.enums import Status
from leads.models import Lead
from tests.browser.given import new_lead
from tests.browser.visitor import Visitor

VARY = {"HX-Request", "HX-History-Restore-Request"}
KEPT = "JSON.stringify([{...localStorage}, {...sessionStorage}])"


def seen(visitor: Visitor) -> dict[str, Any]:
    """Return what the list shows: its leads in their order, filters, search, sort and layout."""
    expect(visitor.main.locator("#results [data-announce]").last).to_be_attached()
    return {
        "leads": visitor.main.locator("tbody tr, .lead-card").evaluate_all(
            "all => all.map(one => one.id)"
        ),
        "tags": visitor.main.locator(".tag-remove").all_inner_texts(),
        "words": visitor.field("Search leads").input_value(),
        "sort": visitor.field("Sort by").input_value(),
        "layout": visitor.main.locator(".layouts [aria-pressed=true]").inner_text(),
    }


def test_03_address_shows_the_same_in_another_window(visit, cast, f1):
    olga = visit(cast.olga)
    olga.open("/leads/")
    olga.main.locator("#chip-converted").click()
    olga.press(re.compile("^Filters"))
    olga.choose("Product", f1.mail.name)
    olga.press("Apply filters")
    expect(olga.main.locator(".tag-remove")).to_have_count(2)
    olga.fill("Search leads", "logistics")
    olga.field("Search leads").press("Enter")
    olga.page.wait_for_url(re.compile("q=logistics"))
    olga.choose("Sort by", "Company, A to Z")
    olga.main.locator(".sort-by").get_by_role("button", name="Sort").click()
    olga.press("Cards")
    expect(olga.page.get_by_role("button", name="Cards")).to_have_attribute("aria-pressed", "true")
    here = seen(olga)
    assert (here["words"], here["sort"], here["layout"]) == ("logistics", "company", "Cards")
    assert len(here["tags"]) == 2
    found = Lead.objects.filter(
        status=Status.CONVERTED, product=f1.mail, company__contains="Logistics"
    )
    by_company = found.order_by("company").values_list("reference", flat=True)
    assert here["leads"] == list(by_company[:25])

    other = visit(cast.olga)
    other.page.goto(olga.page.url)
    assert seen(other) == here


def test_04_and_06_back_shows_what_the_address_says(visit, cast, f1):
    olga = visit(cast.olga)
    answer = olga.open("/leads/?size=100")
    assert {word.strip() for word in answer.headers["vary"].split(",")} >= VARY
    addresses = [olga.page.url]
    narrowed = [
        ("status", "Status is Converted", {"status": Status.CONVERTED}),
        ("product", f"Product is {f1.mail.name}", {"product": f1.mail}),
        ("recipient", "Recipient is Alpha", {"holder": cast.alpha}),
    ]

    def shows_only(number: int) -> None:
        expect(olga.page.locator("nav[aria-label=Main]")).to_be_visible()
        tags = [words for _name, words, _wanted in narrowed[:number]]
        expect(olga.main.locator(".tag-remove")).to_have_count(number)
        for words in tags:
            expect(olga.main.locator(".tag-remove", has_text=words)).to_have_count(1)
        asked = parse_qsl(urlsplit(olga.page.url).query)
        names = [name for name, _value in asked if name in {"status", "product", "recipient"}]
        assert sorted(names) == sorted(name for name, *_rest in narrowed[:number])
        wanted = {name: one for *_rest, each in narrowed[:number] for name, one in each.items()}
        matching = Lead.objects.filter(**wanted).order_by("-created_at")
        found = list(matching.values_list("reference", flat=True)[:100])
        assert seen(olga)["leads"] == found

    olga.main.locator("#chip-converted").click()
    shows_only(1)
    addresses.append(olga.page.url)
    olga.press(re.compile("^Filters"))
    olga.choose("Product", f1.mail.name)
    olga.press("Apply filters")
    shows_only(2)
    addresses.append(olga.page.url)
    olga.choose("Recipient", "Alpha")
    olga.press("Apply filters")
    shows_only(3)
    addresses.append(olga.page.url)
    box = olga.main.locator(".table-box")
    box.evaluate("box => { box.scrollTop = 1500; }")
    place = box.evaluate("box => box.scrollTop")
    assert place > 0
    row = olga.main.locator("tbody tr").nth(40)
    company = row.locator("a.row-main").inner_text()
    row.locator("a.row-main").click()
    olga.is_at(company)
    addresses.append(olga.page.url)

    olga.page.go_back()
    expect(olga.page.locator("tr.is-visited")).to_contain_text(company)
    shows_only(3)
    assert abs(box.evaluate("box => box.scrollTop") - place) <= 50
    for number in (2, 1):
        olga.page.go_back()
        shows_only(number)

    for address in addresses:
        plain = olga.page.request.get(address)
        assert plain.ok
        assert "<html" in plain.text()
        assert 'aria-label="Main"' in plain.text()


def test_05_nothing_of_a_lead_stays_in_the_browser(visit, cast):
    lead = new_lead(cast)
    olga = visit(cast.olga)
    olga.open("/leads/")
    olga.fill("Search leads", "northwind")
    expect(olga.page).to_have_url(re.compile("q=northwind"))
    olga.main.get_by_role("link", name=lead.company, exact=True).click()
    olga.is_at(lead.company)
    olga.reads(lead.email)
    olga.page.go_back()
    olga.is_at("Leads")
    for visited in (olga.page.evaluate(KEPT), cookies(olga)):
        assert lead.email not in visited
        assert lead.company.lower() not in visited.lower()


def cookies(visitor: Visitor) -> str:
    """Return what the portal's cookies say."""
    return str([cookie["value"] for cookie in visitor.page.context.cookies()])
