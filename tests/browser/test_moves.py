"""Moves of a lead beside the main road, each by the person whose move it is."""

from playwright.sync_api import expect

from accounts.enums import Role
from leads.enums import Qualification, Status
from leads.models import Lead
from tests.browser.given import assigned_lead, new_lead
from tests.factories import make_company, make_person


def stored(lead: Lead) -> Lead:
    """Read the lead again."""
    return Lead.objects.get(pk=lead.pk)


def test_vendor_qualifies_and_marks_invalid(visit, cast):
    good, bad = new_lead(cast), new_lead(cast, company="Fabrikam", email="fay@fabrikam.example")
    vera = visit(cast.vera)
    vera.visit("leads:detail", good.reference)
    vera.follow("Qualified")
    vera.press("Mark as qualified")
    vera.is_told("Lead marked as qualified.")
    vera.has_status("Submitted")
    assert not {"qualify", "invalid"} & vera.actions()
    assert vera.history()[-1] == "Lead marked as qualified"

    vera.visit("leads:detail", bad.reference)
    vera.follow("Invalid")
    vera.press("Mark as invalid")
    vera.is_told("Lead marked as invalid. Its status is now Disqualified.")
    vera.has_status("Disqualified")
    assert vera.history()[-1] == "Lead marked as invalid"

    assert stored(good).qualification == Qualification.QUALIFIED
    assert (stored(bad).qualification, stored(bad).status) == (
        Qualification.INVALID,
        Status.DISQUALIFIED,
    )


def test_reseller_who_declines_loses_the_lead(visit, cast):
    lead = assigned_lead(cast)
    ann = visit(cast.ann)
    ann.visit("leads:detail", lead.reference)
    ann.manage("Decline")
    ann.press("Decline")
    expect(ann.dialog).to_contain_text("Enter a reason for declining this lead")
    ann.fill("Reason", "No capacity until March")
    ann.press("Decline")
    ann.is_told("Lead declined. Northgate holds it again.")
    ann.does_not_read("Northwind")

    answer = ann.visit("leads:detail", lead.reference)
    assert answer.status == 404
    ann.is_at("We cannot find that lead")
    ann.reads(
        "It may have been reassigned or deleted. Ask the person who sent you the link, or go to Leads."
    )
    lost = ann.main.inner_text()
    assert ann.visit("leads:detail", "LD-00000000").status == 404
    assert ann.main.inner_text() == lost  # the same page as for a number that does not exist
    ann.follow("Go to Leads")
    ann.is_at("Leads")

    rita = visit(cast.rita)
    rita.visit("leads:detail", lead.reference)
    rita.has_status("Submitted")
    rita.reads("Lead declined by Alpha", "No capacity until March")
    vera = visit(cast.vera)
    vera.visit("leads:detail", lead.reference)
    vera.does_not_read("No capacity until March")


def test_disqualify_asks_for_a_reason_only(visit, cast):
    lead = new_lead(cast)
    rita = visit(cast.rita)
    rita.visit("leads:action", lead.reference, "disqualify")  # the page, not the dialog
    rita.press("Disqualify")
    sentence = "Choose a reason for disqualifying this lead"
    assert rita.page.title().startswith("Error:")
    summary = rita.main.get_by_role("group", name="There is a problem")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=sentence).click()
    expect(rita.field("Spam or test")).to_be_focused()
    expect(rita.main.get_by_text(sentence)).to_have_count(2)  # in the summary and at the field
    assert stored(lead).status == Status.SUBMITTED

    rita.choose("Spam or test")
    rita.press("Disqualify")
    rita.is_told("Lead disqualified.")
    rita.has_status("Disqualified")
    rita.reads("Reason: Spam or test")
    assert rita.history()[-1] == "Lead disqualified: Spam or test"
    assert stored(lead).status == Status.DISQUALIFIED


def test_association_is_made_by_complete_email_and_lost_on_edit(visit, cast):
    lead = new_lead(cast)
    fabrikam = make_company("Fabrikam")
    make_person(
        fabrikam, Role.USER, email="fay@fabrikam.example", first_name="Fay", last_name="Fox"
    )
    rita = visit(cast.rita)
    rita.visit("leads:detail", lead.reference)
    rita.manage("Associate Company")
    rita.fill("Email of a person in that company", "fay@fabrikam")
    rita.press("Find person")
    expect(rita.dialog).to_contain_text("There is a problem")
    expect(rita.dialog).not_to_contain_text("Fabrikam")
    rita.fill("Email of a person in that company", "fay@fabrikam.example")
    rita.press("Find person")
    expect(rita.dialog).to_contain_text("Fay Fox")
    rita.choose("Fabrikam")
    rita.press("Associate Company")
    rita.is_told("Lead associated with Fabrikam.")
    rita.reads("Associated company", "Fay Fox")

    rita.follow("Edit")
    rita.reads("Saving these changes removes the link to Fabrikam.")
    rita.fill("Phone", "+351 912 345 678")
    rita.press("Save and remove link to Fabrikam")
    rita.is_told("Changes saved.")
    rita.does_not_read("Associated company")
    assert rita.history()[-3:] == [
        "Company association created: Fabrikam",
        "Lead updated",
        "Company association removed: Fabrikam",
    ]
    assert stored(lead).associated_company is None


def test_deleted_lead_is_restored(visit, cast):
    lead = assigned_lead(cast)
    olga = visit(cast.olga)
    olga.visit("leads:detail", lead.reference)
    olga.follow("Delete Lead")
    expect(olga.page.get_by_role("link", name="Keep lead")).to_be_focused()
    olga.press("Delete Lead")
    olga.is_told("Lead deleted.")
    olga.has_status("Deleted")
    assert stored(lead).status == Status.DELETED
    olga.go_to("Leads")
    olga.does_not_read("Northwind")

    olga.visit("leads:detail", lead.reference)
    olga.follow("Restore lead")
    olga.press("Restore lead")
    olga.is_told("Lead restored.")
    olga.has_status("Assigned")
    assert olga.history()[-2:] == ["Lead deleted", "Lead restored"]
    olga.go_to("Leads")
    olga.reads("Northwind")
