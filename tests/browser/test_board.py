"""The same leads as list, cards and board; moves by keyboard, by mouse, and none by a swipe (ux.md checks 21 to 23)."""

import re

import pytest
from playwright.sync_api import expect

from leads.enums import Progress, Status
from leads.models import Lead
from leads.services.lifecycle import disqualify_lead
from tests.browser.given import accepted_lead, assigned_lead, new_lead, spam
from tests.browser.visitor import Visitor

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def board(visitor: Visitor, query: str = "") -> None:
    """Open the board."""
    visitor.open(f"/leads/?layout=board{query}")


def card(visitor: Visitor, lead: Lead):
    """Return the card of a lead."""
    return visitor.main.locator(f"#{lead.reference}")


def column(visitor: Visitor, status: Status):
    """Return a column of the board."""
    return visitor.main.locator(f"#column-{status.slug}")


def shown(visitor: Visitor) -> tuple[str | None, list[str]]:
    """Return the total and the filters that the page names."""
    expect(visitor.main.locator("#chip-all .count")).not_to_be_empty()
    total = visitor.main.locator("#results [data-announce]").last.get_attribute("data-announce")
    tags = visitor.main.locator(".tag-remove").all_inner_texts()
    return total, [tag.removeprefix("Remove filter:").strip() for tag in tags]


def drag(visitor: Visitor, lead: Lead, status: Status) -> None:
    """Take a card by its body and hold it over a column."""
    taken = card(visitor, lead).bounding_box()
    mouse = visitor.page.mouse
    mouse.move(taken["x"] + 40, taken["y"] + taken["height"] / 2)
    mouse.down()
    mouse.move(taken["x"] + 60, taken["y"] + taken["height"] / 2 + 10, steps=3)
    target = column(visitor, status).bounding_box()  # now that the others say why
    mouse.move(target["x"] + 30, target["y"] + 15, steps=5)


def test_switching_the_layout_loses_nothing(visit, cast):
    for number in range(3):
        new_lead(cast, company=f"Northwind {number}")
    assigned_lead(cast, company="Northwind A")
    accepted_lead(cast, company="Northwind R")
    disqualify_lead(
        new_lead(cast, company="Northwind D"), reason=spam(cast), text="", actor=cast.rita
    )
    new_lead(cast, company="Fabrikam", email="fay@fabrikam.example")
    rita = visit(cast.rita)
    rita.open("/leads/?product=Acme+Backup&progress=new&sort=company")
    rita.fill("Search leads", "northwind a")  # not sent: it is taken along
    rita.fill("Search leads", "northwind")
    expect(rita.main.locator("[data-announce='6 leads found']")).to_have_count(1)
    found = [shown(rita)]
    for layout in ("Board", "Cards", "List"):
        rita.press(layout)
        expect(rita.page.get_by_role("button", name=layout, exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(rita.field("Search leads")).to_have_value("northwind")
        expect(rita.field("Sort by")).to_have_value("company")
        found.append(shown(rita))
        if layout == "Board":
            chips = rita.main.locator("#chips a:not(#chip-all) .count").all_inner_texts()
            heads = rita.main.locator(".board-head .count").all_inner_texts()
            assert heads == chips
    tags = ["Progress is New", "Product is Acme Backup"]
    assert [sorted(names) for _total, names in found] == [sorted(tags)] * 4
    assert [total for total, _names in found] == ["6 leads found"] * 4
    assert rita.page.url.endswith("layout=list")
    rita.go_to("Leads")
    expect(rita.page.get_by_role("button", name="List", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_card_is_moved_by_keyboard_and_only_where_one_may(visit, cast):
    lead = new_lead(cast)
    rita = visit(cast.rita)
    board(rita)
    menu = card(rita, lead).locator("summary")
    menu.focus()
    rita.page.keyboard.press("Enter")
    choices = card(rita, lead).locator("[data-to]")
    assert choices.evaluate_all("all => all.map(one => one.dataset.to)") == [
        "assigned",
        "disqualified",
    ]
    rita.page.keyboard.press("Tab")
    expect(choices.first).to_be_focused()
    rita.page.keyboard.press("Enter")
    expect(rita.dialog).to_be_visible()
    rita.page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    menu.press("Enter")
    choices.first.press("Enter")
    rita.field("Assign lead to a company").press("Space")
    rita.choose("Assign Lead To", re.compile("^Alpha"))
    rita.dialog.get_by_role("button", name="Assign", exact=True).press("Enter")
    rita.is_told("Lead assigned to Alpha.")
    assert "layout=board" in rita.page.url
    expect(column(rita, Status.ASSIGNED).locator(f"#{lead.reference}")).to_be_visible()
    assert Lead.objects.get(pk=lead.pk).status == Status.ASSIGNED


def test_dropped_card_asks_first_and_cancel_leaves_it(visit, cast):
    lead = new_lead(cast)
    rita = visit(cast.rita)
    board(rita)
    drag(rita, lead, Status.REFERRED)
    barred = column(rita, Status.CONVERTED)
    expect(barred).to_have_class(re.compile("is-barred"))
    expect(barred).to_contain_text("Not possible while the lead is Submitted.")
    expect(column(rita, Status.REFERRED)).to_contain_text("Your role does not allow this")
    rita.page.mouse.up()
    expect(rita.main.locator(".is-ghost, .is-barred, .is-lifted")).to_have_count(0)
    expect(rita.page.get_by_role("dialog")).to_have_count(0)

    drag(rita, lead, Status.DISQUALIFIED)
    expect(column(rita, Status.DISQUALIFIED)).to_have_class(re.compile("is-over"))
    rita.page.mouse.up()
    expect(rita.dialog).to_contain_text("Disqualify Northwind?")
    rita.follow("Keep lead")
    expect(rita.page.get_by_role("dialog")).to_have_count(0)
    expect(column(rita, Status.SUBMITTED).locator(f"#{lead.reference}")).to_be_visible()
    assert Lead.objects.get(pk=lead.pk).status == Status.SUBMITTED

    drag(rita, lead, Status.DISQUALIFIED)
    rita.page.mouse.up()
    rita.choose("Spam or test")
    rita.press("Disqualify")
    rita.is_told("Lead disqualified.")
    column(rita, Status.DISQUALIFIED).locator("summary").first.click()
    expect(column(rita, Status.DISQUALIFIED).locator(f"#{lead.reference}")).to_be_visible()
    assert Lead.objects.get(pk=lead.pk).status == Status.DISQUALIFIED


@pytest.mark.parametrize("grip", [".lead-card-line", ".card-handle"])
def test_finger_scrolls_on_a_card_and_drags_by_its_handle(visit, cast, grip):
    leads = [new_lead(cast, company=f"Northwind {number}") for number in range(12)]
    rita = visit(cast.rita, **PHONE)
    board(rita)
    held = card(rita, leads[9])
    held.scroll_into_view_if_needed()
    box = column(rita, Status.SUBMITTED).locator(".lead-cards")
    before = box.evaluate("box => box.scrollTop")
    place = held.locator(grip).bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    devtools = rita.page.context.new_cdp_session(rita.page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for step in range(1, 13):
        touch("touchMove", {"x": x, "y": y - 10 * step})
    is_handle = grip == ".card-handle"
    expect(rita.main.locator(".is-ghost")).to_have_count(1 if is_handle else 0)
    touch("touchEnd")
    expect(rita.main.locator(".is-ghost, .is-lifted")).to_have_count(0)
    after = box.evaluate("box => box.scrollTop")
    assert (after == before) is is_handle
    expect(rita.page.get_by_role("dialog")).to_have_count(0)
    assert not Lead.objects.exclude(status=Status.SUBMITTED).exists()


def test_progress_is_saved_on_the_card(visit, cast):
    lead = accepted_lead(cast)
    ann = visit(cast.ann)
    ann.open("/leads/?layout=cards")
    ann.page.evaluate("window.isSamePage = true")
    card(ann, lead).locator("summary").click()
    ann.press("Contacted")
    expect(card(ann, lead).locator("summary")).to_contain_text("Contacted")
    ann.is_told("Progress saved.")
    assert ann.page.evaluate("window.isSamePage") is True
    assert Lead.objects.get(pk=lead.pk).progress == Progress.CONTACTED


def test_board_works_without_javascript(visit, cast):
    for number in range(27):
        new_lead(cast, company=f"Northwind {number:02}")
    lead = new_lead(cast, company="Fabrikam")
    rita = visit(cast.rita, java_script_enabled=False)
    board(rita, "&sort=company")
    rita.does_not_read("Northwind 26")
    rita.follow("Load 25 more")
    rita.reads("Northwind 26")
    rita.does_not_read("Fabrikam")
    rita.follow("Back to the first leads")
    card(rita, lead).locator("summary").click()
    card(rita, lead).locator("[data-to=disqualified]").click()
    rita.choose("Spam or test")
    rita.press("Disqualify")
    rita.is_told("Lead disqualified.")
    assert "layout=board" in rita.page.url
    column(rita, Status.DISQUALIFIED).locator("summary").first.click()
    rita.follow("Show leads")
    expect(column(rita, Status.DISQUALIFIED)).to_contain_text("Fabrikam")
