"""A page becomes a dialog: where the focus is, what a mistake does, and the way back."""

from playwright.sync_api import expect

from leads.enums import Status
from leads.models import Lead
from leads.services.lifecycle import assign_lead
from tests.browser.given import new_lead

HAS_FOCUS = "box => box.contains(document.activeElement)"


def test_link_opens_a_dialog_and_gets_the_focus_back(visit, cast):
    lead = new_lead(cast)
    rita = visit(cast.rita)
    rita.visit("leads:detail", lead.reference)
    here = rita.page.url
    link = rita.main.get_by_role("link", name="Assign", exact=True)
    link.press("Enter")
    expect(rita.dialog).to_be_visible()
    expect(rita.page.get_by_role("dialog", name="Assign a Lead")).to_be_visible()
    for _step in range(12):  # the focus goes round inside, however often Tab is pressed
        assert rita.dialog.evaluate(HAS_FOCUS) or rita.page.evaluate("!document.hasFocus()")
        rita.page.keyboard.press("Tab")
    rita.page.keyboard.press("Escape")
    expect(rita.dialog).to_have_count(0)
    expect(link).to_be_focused()
    assert rita.page.url == here

    # From the menu, whose item is hidden again, the focus returns to the menu.
    rita.manage("Disqualify")
    rita.press("Close")
    expect(rita.main.locator("summary", has_text="Manage")).to_be_focused()


def test_mistake_stays_in_the_dialog_with_what_was_typed(visit, cast):
    lead = new_lead(cast)
    rita = visit(cast.rita)
    rita.visit("leads:detail", lead.reference)
    here = rita.page.url
    rita.follow("Assign")
    rita.choose("Assign lead to a company")
    rita.fill("Message", "Speaks Portuguese")
    with rita.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
        rita.press("Assign")
    assert answer.value.status == 422
    summary = rita.dialog.get_by_role("group", name="There is a problem")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Choose a company").click()
    expect(rita.field("Assign Lead To")).to_be_focused()
    expect(rita.field("Message")).to_have_value("Speaks Portuguese")
    expect(rita.field("Assign lead to a company")).to_be_checked()
    assert rita.page.url == here
    assert Lead.objects.get(pk=lead.pk).status == Status.SUBMITTED


def test_dialog_of_a_lead_that_moved_on_says_what_happened(visit, cast):
    lead = new_lead(cast)
    rita = visit(cast.rita)
    rita.visit("leads:detail", lead.reference)
    rita.manage("Disqualify")
    rita.choose("Spam or test")
    assign_lead(lead, to=cast.alpha, actor=cast.olga)
    lead.refresh_from_db()
    olga = visit(cast.olga)
    olga.visit("leads:action", lead.reference, "disqualify")
    olga.choose("Spam or test")
    olga.press("Disqualify")
    olga.is_told("Lead disqualified.")
    rita.press("Disqualify")
    expect(rita.dialog).to_contain_text("This lead was disqualified by Olga Orr")
    expect(rita.dialog).to_contain_text("Nothing has been changed.")
