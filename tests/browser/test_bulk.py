"""Many leads at once (ux.md acceptance checks 17, 18 and 19)."""

import re

from playwright.sync_api import expect

from leads.enums import Status
from leads.models import Event, Lead
from leads.services.lifecycle import disqualify_lead
from tests.browser.given import accepted_lead, new_lead, spam
from tests.factories import make_lead


def select_page(visitor) -> None:
    visitor.choose("Select all leads on this page")


def test_all_that_match_are_selected_until_the_list_changes(visit, cast):
    """Check 17, on 60 leads."""
    for _number in range(60):
        make_lead(cast.northgate)
    rita = visit(cast.rita)
    rita.go_to("Leads")
    top = rita.main.locator(".table-card").bounding_box()["y"]
    select_page(rita)
    rita.reads("25 selected")
    assert rita.main.locator(".table-card").bounding_box()["y"] == top
    expect(rita.page.locator("#live")).to_contain_text("25 selected")
    expect(rita.field("Search leads")).to_be_hidden()
    rita.choose("Select all 60 leads that match")
    rita.reads("60 selected")
    rita.page.locator("tbody input").first.uncheck()
    rita.reads("24 selected")
    select_page(rita)
    rita.choose("Select all 60 leads that match")
    rita.follow(re.compile("^Submitted"))
    rita.reads("Your selection was cleared, because the list has changed.")
    expect(rita.page.locator("tbody input:checked")).to_have_count(0)
    rita.page.reload()
    expect(rita.page.locator("#selection-ended")).to_be_hidden()
    select_page(rita)
    rita.press("Clear")
    expect(rita.page.locator("tbody input:checked")).to_have_count(0)
    expect(rita.field("Search leads")).to_be_visible()


def test_what_matches_is_counted_again_before_anything_changes(visit, cast):
    """Check 18."""
    for _number in range(128):
        make_lead(cast.northgate)
    others = [make_lead(cast.northgate, Status.CONVERTED) for _number in range(10)]
    rita = visit(cast.rita)
    rita.visit("leads:list")
    rita.follow(re.compile("^Submitted"))

    def confirm_all(count: int) -> None:
        select_page(rita)
        rita.choose(f"Select all {count} leads that match")
        rita.press("Assign")
        rita.is_at(f"Assign {count} leads?")
        rita.reads("They match: Status is Submitted.")
        rita.choose("Assign lead to a company")
        rita.choose("Assign Lead To", re.compile("^Alpha"))

    confirm_all(128)
    new = new_lead(cast)
    lines = Event.objects.count()
    rita.press("Assign 128 leads")
    rita.reads("129 leads now match, not 128. Check the list and select again.")
    assert Event.objects.count() == lines
    assert not Lead.objects.filter(status=Status.ASSIGNED).exists()

    disqualify_lead(new, reason=spam(cast), actor=cast.rita)
    rita.follow("Go to the list")
    confirm_all(128)
    rita.press("Assign 128 leads")
    rita.is_at("128 leads assigned to Alpha")
    assert Lead.objects.filter(status=Status.ASSIGNED, holder=cast.alpha).count() == 128
    assert Lead.objects.filter(status=Status.CONVERTED).count() == len(others)


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
