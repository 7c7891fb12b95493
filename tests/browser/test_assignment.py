"""Assignment rules in the browser: built by keyboard without code, tried, published; ux.md check 37."""

import re

from playwright.sync_api import expect

from accounts.services.jobs import do_due_jobs
from leads.enums import Status
from leads.models import Lead, RoutingDecision, RoutingTurn
from tests.factories import make_lead
from tests.routing import set_up_routing


def test_37_a_dry_run_changes_nothing_and_is_what_happens_after_publishing(visit, cast):
    set_up_routing(cast)
    for country in ("PT", "ES", "FR", "PT", "PT", "DE", "ES"):
        make_lead(cast.northgate, country=country)
    before = list(Lead.objects.order_by("pk").values())
    turns = list(RoutingTurn.objects.values())
    olga = visit(cast.olga)
    olga.open("/assignment/test/?what=waiting")
    olga.reads("Nothing has been changed.")
    shown = {
        row.get_by_role("rowheader").inner_text(): row.get_by_role("cell").nth(1).inner_text()
        for row in olga.page.locator("#trial tbody tr").all()
    }
    assert len(shown) == 7
    assert list(Lead.objects.order_by("pk").values()) == before
    assert list(RoutingTurn.objects.values()) == turns
    assert not RoutingDecision.objects.exists()

    olga.visit("leads:assignment_publish")
    olga.page.get_by_label("Give the leads that wait already, too").check()
    olga.press("Publish version 2")
    olga.reads("Version 2 is published.")
    do_due_jobs()
    real = {one.reference: one.recipient_label for one in Lead.objects.select_related("holder")}
    assert real == shown
    assert set(shown.values()) == {"Alpha", "Northgate Sales"}


def test_a_rule_is_built_by_keyboard_without_code(visit, cast):
    olga = visit(cast.olga)
    page = olga.page
    olga.visit("leads:assignment")

    def type_into(label: str, text: str) -> None:
        page.get_by_label(label, exact=True).focus()
        page.keyboard.type(text)

    page.get_by_role("link", name="Add rule").focus()
    page.keyboard.press("Enter")
    type_into("Name", "Portugal")
    page.keyboard.press("Enter")
    page.get_by_label("Add a condition about").focus()
    page.keyboard.type("Cou")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    type_into("Any of these", "Portugal")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("If Country is Portugal,")
    page.get_by_role("link", name="Change recipient").focus()
    page.keyboard.press("Enter")
    page.get_by_label("all the sales support representatives").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("combobox", name="Company").focus()
    page.keyboard.type("Alpha")
    page.get_by_role("button", name="Save recipient").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("the lead is for Alpha")
    olga.visit("leads:assignment_publish")
    page.get_by_role("button", name="Publish version 1").focus()
    page.keyboard.press("Enter")
    olga.reads("Version 1 is published.")
    lead = make_lead(cast.northgate, country="PT")
    olga.open(f"/assignment/test/?what=lead&lead={lead.reference}")
    expect(page.locator("#trial")).to_contain_text("Alpha gets the lead.")


def test_rules_move_by_buttons_and_by_dragging_and_the_focus_stays(visit, cast):
    set_up_routing(cast)
    olga = visit(cast.olga)
    page = olga.page
    olga.visit("leads:assignment")
    olga.reads("This rule can never match: “Iberia in turn” takes all its leads.")
    button = page.get_by_role("button", name="Move Portugal to Beta up")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#rules ol > li").first).to_contain_text("Portugal to Beta")
    expect(page.get_by_role("button", name="Move Portugal to Beta up")).to_be_focused()
    expect(page.get_by_text(re.compile("can never match"))).to_have_count(0)
    handle = page.locator("#rules ol > li").first.locator(".rows-handle")
    box, last = handle.bounding_box(), page.locator("#rules ol > li").last.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, last["y"] + last["height"] - 2, steps=5)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.mouse.up()
    expect(page.locator("#rules ol > li").last).to_contain_text("Portugal to Beta")
    olga.visit("leads:assignment")
    expect(page.locator("#rules ol > li").last).to_contain_text("Portugal to Beta")


def test_without_javascript_rules_move_and_conditions_are_added(visit, cast):
    set_up_routing(cast)
    olga = visit(cast.olga, java_script_enabled=False)
    page = olga.page
    olga.visit("leads:assignment")
    page.get_by_role("button", name="Move Portugal to Beta up").click()
    expect(page.locator("#rules ol > li").first).to_contain_text("Portugal to Beta")
    page.get_by_role("link", name="Portugal to Beta", exact=True).click()
    page.get_by_label("Add a condition about").select_option(label="Score")
    page.get_by_role("button", name="Add condition").click()
    page.get_by_label("Number").fill("60")
    page.get_by_role("button", name="Save condition").click()
    expect(page.get_by_role("main")).to_contain_text("Score is at least 60")


def test_history_says_why_a_lead_was_assigned(visit, cast):
    from leads.services.routing import route_leads

    set_up_routing(cast)
    lead = make_lead(cast.northgate, country="ES")
    assert route_leads([lead])
    assert Lead.objects.get(pk=lead.pk).status == Status.ASSIGNED
    olga = visit(cast.olga)
    olga.visit("leads:history", lead.reference)
    olga.reads("Assignment rule “Iberia in turn” matched")
    olga.reads("Alpha gets the lead.")
    olga.reads("Skipped: Beta (is away until")


def test_the_rule_that_would_choose_differently_is_suggested(visit, cast):
    set_up_routing(cast)
    lead = make_lead(cast.northgate, country="PT")
    olga = visit(cast.olga)
    olga.open(f"/leads/{lead.reference}/assign/")
    olga.reads("Rule “Iberia in turn” suggests Alpha.")
    olga.follow("Use suggestion")
    expect(olga.page.get_by_label("Assign lead to a company")).to_be_checked()
    olga.press("Assign")
    olga.reads("Lead assigned to Alpha.")
    # What a person decided by hand took nobody's turn, and rules are not what gave it.
    assert not RoutingDecision.objects.exists()
