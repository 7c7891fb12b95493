"""Many leads at once (ux.md acceptance checks 17, 18 and 19)."""

import re
from typing import Any

from playwright.sync_api import expect

from leads.enums import Status
from leads.models import Event, Lead
from leads.services.lifecycle import delete_lead
from tests.browser.f1 import COUNTS
from tests.browser.given import accepted_lead, new_lead
from tests.factories import make_lead


def stored() -> dict[int, dict[str, Any]]:
    """Return every lead as it stands in the database."""
    rows: Any = Lead.objects.values()
    return {row["id"]: row for row in rows}


def select_page(visitor) -> None:
    visitor.choose("Select all leads on this page")


def test_all_that_match_are_selected_until_the_list_changes(visit, cast, f1):
    """Check 17."""
    olga = visit(cast.olga)
    olga.go_to("Leads")
    top = olga.main.locator(".table-card").bounding_box()["y"]
    select_page(olga)
    olga.reads("25 selected")
    assert olga.main.locator(".table-card").bounding_box()["y"] == top
    expect(olga.page.locator("#live")).to_contain_text("25 selected")
    expect(olga.field("Search leads")).to_be_hidden()
    olga.choose("Select all 2,160 leads that match")
    olga.reads("2,160 selected")
    olga.page.locator("tbody input").first.uncheck()
    olga.reads("24 selected")
    select_page(olga)
    olga.choose("Select all 2,160 leads that match")
    olga.main.locator("#chip-submitted").click()
    ended = olga.page.locator("#selection-ended")
    expect(ended).to_be_visible()  # the text is there before, unseen
    expect(ended).to_have_text("Your selection was cleared, because the list has changed.")
    expect(olga.page.locator("tbody input:checked")).to_have_count(0)
    olga.page.reload()
    expect(ended).to_be_hidden()
    select_page(olga)
    olga.press("Clear")
    expect(olga.page.locator("tbody input:checked")).to_have_count(0)
    expect(olga.field("Search leads")).to_be_visible()


def test_columns_density_and_layout_keep_the_selection(visit, cast):
    """ux.md L23: what shows the same list in another way is no reason to select again."""
    leads = [make_lead(cast.northgate) for _number in range(3)]
    olga = visit(cast.olga)
    olga.visit("leads:list")
    boxes = olga.page.locator("tbody input:checked")
    chosen = {leads[0].reference, leads[2].reference}
    for reference in chosen:
        olga.page.locator(f"tr[id='{reference}'] input").check()

    def is_kept() -> None:
        olga.reads("2 selected")
        assert {box.input_value() for box in boxes.all()} == chosen
        expect(olga.page.locator("#selection-ended")).to_be_hidden()
        assert olga.page.evaluate("sessionStorage.getItem('lp-selection')") is None

    olga.page.locator("#bulk").get_by_role("link", name="Columns").click()
    olga.press("Move Status up")
    expect(olga.page.get_by_role("button", name="Move Status up")).to_be_focused()
    olga.page.get_by_role("checkbox", name="Score").check()
    olga.press("Apply columns")
    expect(olga.page.get_by_role("columnheader", name="Score")).to_be_visible()
    is_kept()
    olga.page.get_by_role("group", name="Layout").get_by_role("button", name="Cards").click()
    expect(olga.page.locator(".lead-card")).to_have_count(3)
    olga.page.get_by_role("group", name="Layout").get_by_role("button", name="List").click()
    is_kept()
    olga.page.locator("header details.menu summary").last.click()
    olga.page.locator("header").get_by_role("button", name="Compact").click()
    expect(olga.page.locator("html")).to_have_attribute("data-density", "compact")
    is_kept()
    # A control: another list ends it.
    olga.main.locator("#chip-submitted").click()
    expect(olga.page.locator("#selection-ended")).to_be_visible()
    olga.reads("Your selection was cleared, because the list has changed.")
    expect(boxes).to_have_count(0)


def test_what_matches_is_counted_again_before_anything_changes(visit, cast, f1):
    """Check 18."""
    count = COUNTS[Status.SUBMITTED]
    matching = set(Lead.objects.filter(status=Status.SUBMITTED).values_list("pk", flat=True))
    olga = visit(cast.olga)
    olga.visit("leads:list")
    olga.main.locator("#chip-submitted").click()

    def confirm_all() -> None:
        select_page(olga)
        olga.choose(f"Select all {count} leads that match")
        olga.press("Assign")
        olga.is_at(f"Assign {count} leads?")
        olga.reads("They match: Status is Submitted.")
        olga.choose("Assign lead to a company")
        olga.choose("Assign Lead To", re.compile("^Alpha"))

    confirm_all()
    new = new_lead(cast)
    before = stored()
    lines = Event.objects.count()
    olga.press(f"Assign {count} leads")
    olga.reads("129 leads now match, not 128. Check the list and select again.")
    assert stored() == before
    assert Event.objects.count() == lines

    delete_lead(new, actor=cast.olga)
    before = stored()
    olga.follow("Go to the list")
    confirm_all()
    olga.press(f"Assign {count} leads")
    olga.is_at(f"{count} leads assigned to Alpha")
    after = stored()
    assert {pk for pk, values in before.items() if after[pk] != values} == matching
    assert all(after[pk]["status"] == Status.ASSIGNED for pk in matching)
    untouched = [values for pk, values in after.items() if pk not in matching]
    assert sum(values["status"] != Status.DELETED for values in untouched) == 2032
    events = Event.objects.filter(lead__in=matching).values_list("lead", flat=True)
    assert sorted(events) == sorted(matching)  # one line of history for each


def test_skipped_leads_say_why_and_each_changed_one_has_one_line(visit, cast):
    """Check 19, and Undo."""
    changed = [make_lead(cast.northgate) for _number in range(7)]
    closed = [make_lead(cast.northgate, Status.CONVERTED) for _number in range(5)]
    rita = visit(cast.rita)
    rita.visit("leads:list")
    select_page(rita)
    rita.press("Assign")
    rita.is_at("Assign 7 leads?")
    rita.reads("5 of the 12 selected are Converted and cannot be assigned.")
    expect(rita.page.get_by_role("link", name="Go back")).to_be_focused()
    rita.choose("Assign lead to all the sales support representatives")
    rita.press("Assign 7 leads")
    rita.is_at("7 leads assigned to the sales support representatives")
    rita.follow("Skipped 5")
    rows = rita.main.locator("tbody tr")
    expect(rows).to_have_count(5)
    for row in rows.all():
        expect(row).to_contain_text("so it can no longer be assigned")
    assert [Event.objects.filter(lead=lead).count() for lead in changed] == [1] * 7
    assert not Event.objects.filter(lead__in=closed).exists()
    rita.press("Undo")
    rita.is_told("7 leads undone.")
    assert Lead.objects.filter(status=Status.SUBMITTED).count() == 7


def test_many_leads_are_changed_without_javascript(visit, cast):
    for _number in range(3):
        accepted_lead(cast)
    ann = visit(cast.ann, java_script_enabled=False)
    ann.go_to("Leads")
    ann.page.locator("tbody input").first.check()
    ann.press("Set progress")
    ann.is_at("Set the progress of 1 lead?")
    ann.follow("Go back")
    select_page(ann)
    ann.press("Set progress")
    ann.is_at("Set the progress of 3 leads?")
    ann.choose("Progress", "Contacted")
    ann.press("Set progress of 3 leads")
    ann.is_at("Progress of 3 leads set to Contacted")
    ann.press("Undo")
    ann.is_told("3 leads undone.")
