"""The list of 2,160 leads in a browser (ux.md acceptance checks 1, 2, 8 to 11, 15 and 26)."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from leads.enums import Status
from leads.models import Lead
from tests.browser.checks import WIDE
from tests.browser.f1 import COUNTS, NOVAK, TOTAL
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.usefixtures("f1")

SHOWN = Lead.objects.exclude(status=Status.DELETED)
LISBON = "Europe/Lisbon"


def total(visitor: Visitor) -> int:
    """Return what stands below the rows: the number in "of 2,160 leads"."""
    foot = visitor.main.get_by_role("navigation", name="Pages")
    expect(foot).to_contain_text(re.compile(r"of [\d,]+ leads?"))
    found = re.search(r"of ([\d,]+) leads?", foot.inner_text())
    assert found
    return int(found[1].replace(",", ""))


def chip(visitor: Visitor, word: str):
    """Return the link of a status above the list."""
    return visitor.main.locator(f"#chip-{word}")


def number_on(visitor: Visitor, word: str) -> int:
    """Return the number on a status, once it has come."""
    count = chip(visitor, word).locator(".count")
    expect(count).to_have_text(re.compile(r"\d"))
    return int(count.inner_text().replace(",", ""))


def tags(visitor: Visitor) -> list[str]:
    """Return the filters in force, in the page's words."""
    texts = visitor.main.locator(".tag-remove").all_inner_texts()
    return [text.removeprefix("Remove filter:").strip() for text in texts]


def rows(visitor: Visitor) -> list[str]:
    """Return the Lead IDs of the rows on the page."""
    return visitor.main.locator("tbody tr").evaluate_all("all => all.map(one => one.id)")


def test_01_heads_order_and_one_click_to_the_oldest(visit, cast):
    olga = visit(cast.olga)
    olga.open("/leads/")
    heads = olga.main.locator("thead").get_by_role("columnheader")
    expect(heads).to_have_text(["Created", "Company", "User", "Source", "Recipient", "Status"])
    sorted_by = olga.main.locator("thead [aria-sort]")
    expect(sorted_by).to_have_text(["Created"])
    expect(sorted_by).to_have_attribute("aria-sort", "descending")
    newest = SHOWN.order_by("-created_at").first()
    oldest = SHOWN.order_by("created_at").first()
    assert rows(olga)[0] == newest.reference
    olga.follow("Created")
    expect(sorted_by).to_have_attribute("aria-sort", "ascending")
    expect(sorted_by).to_have_text(["Created"])
    assert rows(olga)[0] == oldest.reference


def test_02_a_status_shows_as_many_leads_as_it_says(visit, cast):
    olga = visit(cast.olga)
    olga.open("/leads/")
    said = {status: number_on(olga, status.slug) for status in COUNTS}
    assert said == COUNTS
    shown = [number for status, number in said.items() if status != Status.DELETED]
    assert sum(shown) == number_on(olga, "all") == total(olga) == TOTAL
    for status in COUNTS:
        chip(olga, status.slug).click()
        expect(chip(olga, status.slug)).to_have_attribute("aria-current", "true")
        assert total(olga) == number_on(olga, status.slug) == said[status]
        expect(olga.main.locator("tbody .chip").first).to_have_text(str(status.label))
        words = set(olga.main.locator("tbody .chip").all_inner_texts())
        assert words == {
            str(status.label)
        }  # so that the deleted ones stand under their own chip alone
        chip(olga, "all").click()
        expect(chip(olga, "all")).to_have_attribute("aria-current", "true")
    assert total(olga) == TOTAL


def test_08_search_ignores_case_and_accents_and_is_cleared(visit, cast):
    olga = visit(cast.olga)
    olga.open("/leads/")
    box = olga.field("Search leads")
    found = SHOWN.filter(first_name=NOVAK[0], last_name=NOVAK[1]).count()
    assert found > 1
    for typed in ("nOVÁK", "novak"):
        box.fill("")
        expect(olga.main.locator("tbody tr")).to_have_count(25)
        box.press_sequentially(typed)
        expect(olga.main.locator("tbody tr")).to_have_count(found)
        users = olga.main.locator("tbody .cell-line").all_inner_texts()
        assert users == [" ".join(NOVAK)] * found
    olga.press("Clear search")
    expect(olga.main.locator("tbody tr")).to_have_count(25)
    assert total(olga) == TOTAL
    expect(box).to_have_value("")
    expect(box).to_be_focused()


def test_09_attribute_without_a_value_is_named(visit, cast):
    olga = visit(cast.olga)
    olga.open("/leads/")
    before = rows(olga)
    toggle = olga.page.locator("button[aria-controls=filters]")
    for words, is_open in (("Show filters", True), ("Hide filters", False), ("Show filters", True)):
        olga.press(words)
        expect(toggle).to_have_text("Hide filters" if is_open else "Show filters")
        expect(toggle).to_have_attribute("aria-expanded", str(is_open).lower())
        expect(olga.page.locator("#filters")).to_be_visible(visible=is_open)
    olga.page.locator("#attribute-lines select[name=attribute]").select_option(label="Budget")
    budget = olga.page.get_by_role("group", name="Budget")
    expect(budget.get_by_role("spinbutton", name="From")).to_be_focused()
    olga.press("Apply filters")
    sentence = "Enter a value for Budget, or remove this filter"
    olga.reads(sentence)
    assert tags(olga) == []
    assert (rows(olga), total(olga)) == (before, TOTAL)
    budget.get_by_role("spinbutton", name="To").fill("2000")
    olga.press("Apply filters")
    expect(olga.main.locator(".tag-remove")).to_have_text(
        ["Remove filter: Budget is 2,000 or less"]
    )
    expect(budget.get_by_role("spinbutton", name="To")).to_have_value("2000")


def test_10_dates_hold_both_days_and_their_order(visit, cast):
    User.objects.filter(pk=cast.olga.user_id).update(time_zone=LISBON)
    olga = visit(cast.olga)
    olga.open("/leads/?filters=open&size=100")

    def between(start: str, end: str) -> None:
        olga.fill("From", start)
        olga.fill("Until", end)
        olga.press("Apply filters")
        expect(olga.field("From")).to_have_value(start)
        expect(olga.field("Until")).to_have_value(end)

    between("2025-11-10", "2025-11-01")
    summary = olga.main.get_by_role("group", name="There is a problem")
    expect(summary.get_by_role("listitem")).to_have_text(
        ["End date must be the same as or after the start date"]
    )
    assert total(olga) == TOTAL
    # In November Lisbon's clocks show UTC, in July one hour more.
    for day in ("2025-11-10", "2025-07-10"):
        between(day, day)
        expect(olga.main.locator(".tag-remove").first).to_be_visible()
        begin = datetime.combine(datetime.fromisoformat(day), time(), ZoneInfo(LISBON))
        of_the_day = SHOWN.filter(created_at__range=(begin, begin + timedelta(days=1, seconds=-1)))
        newest_first = of_the_day.order_by("-created_at")
        assert rows(olga) == [lead.reference for lead in newest_first]
        hours = olga.main.locator("tbody time").all_inner_texts()
        if day == "2025-11-10":
            assert (hours[0][-5:], hours[-1][-5:]) == ("23:59", "00:00"), hours


def test_11_each_filter_has_one_tag_that_removes_it(visit, cast):
    olga = visit(cast.olga)
    olga.open(
        "/leads/?status=assigned&status=referred&qualification=pending&product=Acme+Mail"
        "&from=2025-02-01&to=2025-12-01&attribute=budget&value=3000"
    )
    found = tags(olga)
    assert found == [
        "Created is 1 Feb 2025 to 1 Dec 2025",
        "Status is Assigned",
        "Status is Referred",
        "Qualification is Pending",
        "Product is Acme Mail",
        "Budget is 3,000",
    ]
    clear = olga.main.get_by_role("link", name="Clear all filters")
    while found:
        expect(clear.first).to_be_visible()
        gone = found.pop()
        olga.main.locator(".tag-remove", has_text=gone).click()
        expect(olga.main.locator(".tag-remove")).to_have_count(len(found))
        assert tags(olga) == found
    assert total(olga) == TOTAL
    expect(clear).to_have_count(0)


def test_15_a_row_is_a_link_and_its_text_can_be_selected(visit, cast):
    olga = visit(cast.olga)
    olga.open("/leads/")
    here = olga.page.url
    row = olga.main.locator("tbody tr").first
    name = row.locator("a.row-main")
    company = name.inner_text()
    for click in ({"modifiers": ["ControlOrMeta"]}, {"button": "middle"}):
        with olga.page.context.expect_page() as opened:
            name.click(**click)
        expect(opened.value.locator("h1")).to_have_text(company)
        opened.value.close()
        assert olga.page.url == here
        expect(row).to_be_visible()

    user = row.locator(".cell-line")
    place = text_box(olga.page, ".cell-line")
    mouse = olga.page.mouse
    mouse.move(place["x"] + 1, place["y"] + place["height"] / 2)
    mouse.down()
    mouse.move(place["x"] + place["width"] - 1, place["y"] + place["height"] / 2, steps=5)
    mouse.up()
    chosen = olga.page.evaluate("String(getSelection())").strip()
    assert chosen
    assert chosen in user.inner_text()
    assert olga.page.url == here
    olga.page.evaluate("getSelection().removeAllRanges()")

    cell = user.bounding_box()
    mouse.click(cell["x"] + cell["width"] - 4, cell["y"] + cell["height"] - 4)
    olga.is_at(company)


def text_box(page: Page, selector: str) -> dict[str, float]:
    """Return the place of a first row's words, without the empty space around them."""
    return page.evaluate(
        """selector => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector(`tbody ${selector}`));
            return range.getBoundingClientRect().toJSON();
        }""",
        selector,
    )


COVERED = """() => {
    const one = document.activeElement;
    if (!one.closest("tbody")) return null;
    const head = document.querySelector(".data-table thead th").getBoundingClientRect();
    return one.getBoundingClientRect().bottom <= head.bottom;
}"""


def test_26_the_head_stays_and_covers_no_focus(visit, cast):
    olga = visit(cast.olga, viewport=WIDE)
    olga.open("/leads/?size=100")
    box = olga.main.locator(".table-box")

    def covered_on_the_way_up() -> list[bool]:
        box.evaluate("box => { box.scrollTop = 2000; }")
        for head in olga.main.locator("thead").get_by_role("columnheader").all():
            expect(head).to_be_in_viewport(ratio=1)
            assert head.evaluate(
                """head => {
                    const {left, top, width, height} = head.getBoundingClientRect();
                    return head.contains(document.elementFromPoint(left + width / 2, top + height / 2));
                }"""
            )
        first = box.evaluate(
            """box => [...box.querySelectorAll("a.row-main")]
                .findIndex(one => one.getBoundingClientRect().top > box.getBoundingClientRect().top + 100)"""
        )
        box.locator("a.row-main").nth(first).focus()
        found = []
        for _step in range(25):
            olga.page.keyboard.press("Shift+Tab")
            found.append(olga.page.evaluate(COVERED))
        return found

    assert covered_on_the_way_up() == [False] * 25
    # The control: without room for the head, some are hidden below it.
    box.evaluate("box => { box.style.scrollPaddingTop = 0; }")
    assert True in covered_on_the_way_up()
