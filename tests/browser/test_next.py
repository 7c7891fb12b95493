"""Working through a list: Next and Previous on the lead's page, by mouse, by key, after a deed (check 29)."""

import re

from playwright.sync_api import expect

from leads.models import Lead
from tests.browser.checks import NARROW, WIDE, axe_violations, sideways_scroll
from tests.browser.given import new_lead
from tests.browser.visitor import Visitor


def five(cast) -> list[Lead]:
    """Five leads that wait for somebody, in the order of the list: the newest first."""
    return [new_lead(cast, company=f"Company {number}") for number in range(5, 0, -1)][::-1]


def is_at_lead(visitor: Visitor, number: int) -> None:
    visitor.is_at(f"Company {number}")


def disqualify(visitor: Visitor) -> None:
    visitor.manage("Disqualify")
    visitor.choose("Spam or test")
    visitor.press("Disqualify")
    visitor.is_told("Lead disqualified.")
    visitor.has_status("Disqualified")


def test_next_after_a_deed_is_the_lead_that_stood_behind(visit, cast):
    five(cast)
    rita = visit(cast.rita)
    rita.open("/leads/?view=pending")
    rita.follow("Company 3")
    is_at_lead(rita, 3)
    rita.follow("Next in Pending Leads")
    is_at_lead(rita, 4)
    assert axe_violations(rita.page) == []
    rita.page.set_viewport_size(NARROW)
    assert sideways_scroll(rita.page) == []
    rita.page.set_viewport_size(WIDE)
    disqualify(rita)  # it leaves the view
    is_at_lead(rita, 4)
    rita.follow("Next in Pending Leads")
    is_at_lead(rita, 5)
    rita.reads("Last in Pending Leads")
    rita.follow("Previous")
    is_at_lead(rita, 3)
    rita.page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Leads").click()
    expect(rita.page).to_have_url(re.compile(r"/leads/\?view=pending$"))


def test_keys_walk_the_list_and_not_the_text(visit, cast):
    leads = five(cast)
    rita = visit(cast.rita)
    rita.open("/leads/?sort=company")
    rita.follow("Company 2")
    is_at_lead(rita, 2)
    rita.page.keyboard.press("]")
    is_at_lead(rita, 3)
    rita.page.keyboard.press("[")
    is_at_lead(rita, 2)

    rita.field("Note").press("]")
    expect(rita.field("Note")).to_have_value("]")
    is_at_lead(rita, 2)
    rita.field("Note").fill("")

    rita.page.locator("h1").click()
    rita.page.evaluate("document.body.dataset.shortcuts = 'off'")
    rita.page.keyboard.press("]")
    is_at_lead(rita, 2)
    rita.page.evaluate("delete document.body.dataset.shortcuts")
    rita.page.keyboard.press("]")  # a control: it was the switch
    is_at_lead(rita, 3)
    kept = "JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])"
    stored = rita.page.evaluate(kept)
    assert not [lead for lead in leads if lead.company in stored or lead.email in stored]


def test_next_without_javascript_from_cards_and_after_a_note(visit, cast):
    five(cast)
    rita = visit(cast.rita, java_script_enabled=False)
    rita.open("/leads/?layout=cards&sort=company")
    rita.follow("Company 1")
    is_at_lead(rita, 1)
    rita.reads("First in All leads")
    rita.fill("Note", "Asked for a call")
    rita.press("Add Note")
    rita.is_told("Note added.")
    rita.follow("Next in All leads")
    is_at_lead(rita, 2)
    disqualify(rita)
    rita.follow("Next in All leads")
    is_at_lead(rita, 3)
