"""Views, columns and density in a browser (ux.md section 5, checks 12 to 14)."""

import re

import pytest
from playwright.sync_api import expect

from leads.models import SavedView
from leads.services.views import Content, add_view, share_view
from tests.browser.given import new_lead

WORDS = ["created", "company", "user", "source", "recipient", "status"]


def rows(visitor) -> list[str]:
    """Lead IDs of the rows on the page."""
    return visitor.page.locator("tbody tr").evaluate_all("all => all.map(one => one.id)")


def test_check_12_a_changed_shared_view_is_kept_apart(visit, cast):
    new_lead(cast)
    content = Content({"status": ["submitted"]}, "-created", WORDS)
    view = add_view(name="Team view", content=content, actor=cast.rita)
    share_view(view, is_shared=True, actor=cast.rita)

    sam = visit(cast.sam)
    sam.open("/leads/?view=team-view")
    expect(sam.page.locator("#edited")).not_to_contain_text("Edited")
    sam.follow(re.compile("^Assigned"))
    expect(sam.page.locator("#edited")).to_contain_text("Edited")
    expect(sam.page.get_by_role("button", name="Save changes")).to_have_count(0)
    sam.follow("Save as new view")
    sam.fill("Name of the view", "My own")
    sam.press("Save view")
    sam.is_told("View “My own” saved.")
    expect(sam.page).to_have_url(re.compile(r"/leads/\?view=my-own$"))
    sam.go_to("Companies")
    sam.is_at("Companies")
    sam.go_to("Leads")
    expect(sam.page.locator(".tabs [aria-current]")).to_have_text("My own")
    sam.open("/leads/")
    sam.page.locator("summary", has_text="More views").click()
    expect(sam.page.locator(".tabs details a")).to_contain_text(["My own", "Manage views"])

    rita = visit(cast.rita)
    rita.open("/leads/?view=team-view")
    expect(rita.page.locator(".tag-remove")).to_have_count(1)
    rita.reads("Status is Submitted")
    assert SavedView.objects.get(pk=view.pk).filters == {"status": ["submitted"]}
    rita.does_not_read("My own")


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_check_13_columns_change_nothing_else(visit, cast, java_script_enabled):
    for number in range(3):
        new_lead(cast, company=f"Northwind {number}", email=f"ana{number}@northwind.example")
    olga = visit(cast.olga, java_script_enabled=java_script_enabled)
    olga.open("/leads/?status=submitted&kind=application&sort=company")
    address, before = olga.page.url, rows(olga)
    tags = olga.page.locator(".tag-remove").all_inner_texts()
    assert (len(before), len(tags)) == (3, 2)
    for is_there in (True, False):
        olga.follow("Columns")
        box = olga.page.get_by_role("checkbox", name="Score")
        box.check() if is_there else box.uncheck()
        if is_there:
            olga.press("Move Score up")
            expect(olga.page.get_by_role("button", name="Move Score up")).to_be_focused()
        olga.press("Apply columns")
        expect(olga.page.get_by_role("columnheader", name="Score")).to_have_count(int(is_there))
        expect(olga.page).to_have_url(address)
        assert rows(olga) == before
        assert olga.page.locator(".tag-remove").all_inner_texts() == tags


def test_columns_are_dragged_by_their_handles_too(visit, cast):
    for number in range(30):
        new_lead(cast, company=f"Northwind {number:02}")
    olga = visit(cast.olga)
    olga.open("/leads/?status=submitted&sort=company&q=northwind")
    olga.follow("Next")
    olga.reads("Showing 26 to 30 of 30 leads")
    address, before = olga.page.url, rows(olga)
    olga.follow("Columns")
    lines = olga.dialog.locator(".rows > li")
    words = lines.locator("input[name=order]")
    grip = lines.filter(has_text="Status").locator(".rows-handle").first.bounding_box()
    olga.page.mouse.move(grip["x"] + 10, grip["y"] + 10)
    olga.page.mouse.down()
    for step in range(1, 21):
        olga.page.mouse.move(grip["x"] + 10, grip["y"] + 10 - 14 * step)
    olga.page.mouse.up()
    order = words.evaluate_all("all => all.map(one => one.value)")[: len(WORDS)]
    assert order != WORDS
    assert sorted(order) == sorted(WORDS)
    olga.press("Move Created down")  # what was dragged counts for the buttons
    expect(olga.dialog.get_by_role("button", name="Move Created down")).to_be_focused()
    expect(olga.dialog.locator(".is-moved")).to_have_count(1)
    order.remove("created")
    moved = words.evaluate_all("all => all.map(one => one.value)")[: len(WORDS)]
    assert [word for word in moved if word != "created"] == order
    olga.press("Apply columns")
    heads = [re.compile(word, re.IGNORECASE) for word in moved]
    expect(olga.page.locator("thead th[role=columnheader]")).to_have_text(heads)
    expect(olga.page).to_have_url(address)
    olga.reads("Showing 26 to 30 of 30 leads", "Status is Submitted")
    assert rows(olga) == before


def test_check_14_rows_are_as_dense_as_chosen(visit, cast):
    for number in range(25):
        new_lead(cast, company=f"Northwind {number}", email=f"ana{number}@northwind.example")
    olga = visit(cast.olga, viewport={"width": 1440, "height": 900})
    olga.open("/leads/?sort=company")
    for density, height, least in (
        ("Default", 44, 12),
        ("Compact", 32, 17),
        ("Comfortable", 56, 8),
    ):
        olga.page.locator("#display summary").click()
        olga.page.locator("#display").get_by_role("button", name=density).click()
        expect(olga.page.locator(f"html[data-density={density.lower()}]")).to_have_count(1)
        expect(olga.page).to_have_url(re.compile(r"sort=company"))
        heights, whole = olga.page.locator("tbody tr").evaluate_all(
            """all => {
              const end = document.querySelector(".table-box").getBoundingClientRect().bottom;
              const boxes = all.map(one => one.getBoundingClientRect());
              return [boxes.map(one => one.height), boxes.filter(one => one.bottom <= end + 1).length];
            }"""
        )
        assert all(abs(one - height) <= 1 for one in heights), (density, heights)
        assert whole >= least, density
        if density == "Compact":
            small = olga.page.locator(
                "a:not(.skip-link), button, input, select, summary"
            ).evaluate_all(
                """all => all.filter(one => one.checkVisibility() && one.type !== "hidden")
                  .map(one => [one.outerHTML, one.getBoundingClientRect()])
                  .filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)"""
            )
            assert not small, small[:3]
