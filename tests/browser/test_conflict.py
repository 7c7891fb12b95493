"""Two people edit one lead at once (check 31)."""

from playwright.sync_api import expect

from leads.models import Lead
from tests.browser.checks import NARROW, WIDE, axe_violations, sideways_scroll
from tests.browser.given import accepted_lead

EDIT = "leads:action"


def stored(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def test_different_fields_both_save_and_the_same_field_is_a_choice(visit, cast):
    lead = accepted_lead(cast)
    ann, olga = visit(cast.ann), visit(cast.olga)
    ann.visit(EDIT, lead.reference, "edit")
    olga.visit(EDIT, lead.reference, "edit")
    olga.fill("Town", "Porto")
    olga.press("Save")
    olga.is_told("Changes saved.")
    ann.fill("Job title", "Head of buying")
    ann.press("Save")
    ann.is_told("Changes saved.")
    assert (stored(lead).city, stored(lead).job_title) == ("Porto", "Head of buying")

    ann.visit(EDIT, lead.reference, "edit")
    olga.visit(EDIT, lead.reference, "edit")
    olga.fill("Town", "Lisbon")
    olga.press("Save")
    olga.is_told("Changes saved.")
    ann.fill("Town", "Braga")
    ann.press("Save")
    ann.is_at("Choose what to keep")
    assert ann.page.title().startswith("Error:")
    summary = ann.main.get_by_role("group", name="There is a problem")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(
        "Olga Orr changed “Town” while you were editing. Choose which one to keep."
    )
    town = ann.main.get_by_role("group", name="Town")
    expect(town).to_contain_text("Yours: Braga")
    expect(town).to_contain_text("Theirs: Lisbon Olga Orr, Northgate")
    expect(town).to_contain_text("Original: Porto")
    expect(town.locator("time[datetime]")).to_have_count(1)
    assert stored(lead).city == "Lisbon"
    assert axe_violations(ann.page) == []
    ann.page.set_viewport_size(NARROW)
    assert sideways_scroll(ann.page) == []
    ann.page.set_viewport_size(WIDE)
    town.get_by_label("Original: Porto").check()
    ann.press("Save")
    ann.is_told("Changes saved.")
    assert stored(lead).city == "Porto"


def test_saving_twice_alone_shows_no_conflict(visit, cast):
    lead = accepted_lead(cast)
    ann = visit(cast.ann)
    ann.visit(EDIT, lead.reference, "edit")
    ann.fill("Town", "Porto")
    ann.press("Save")
    ann.is_told("Changes saved.")
    ann.page.go_back()
    ann.fill("Town", "Braga")
    ann.press("Save")
    ann.is_told("Changes saved.")
    assert stored(lead).city == "Braga"


def test_the_small_forms_compare_too(visit, cast):
    lead = accepted_lead(cast)
    ann, olga = visit(cast.ann), visit(cast.olga)
    for one in (ann, olga):
        one.visit("leads:detail", lead.reference)
    olga.fill("Next step", "Write")
    olga.press("Save next step")
    olga.is_told("Next step saved.")
    ann.fill("Next step", "Call")
    ann.press("Save next step")
    ann.is_at("Choose what to keep")
    ann.page.get_by_label("Theirs: Write").check()
    ann.press("Save")
    ann.is_told("Next step saved.")
    assert stored(lead).next_step == "Write"


def test_an_open_edit_page_says_who_else_is_there(visit, cast):
    lead = accepted_lead(cast)
    olga, ann = visit(cast.olga), visit(cast.ann)
    olga.visit(EDIT, lead.reference, "edit")
    olga.fill("Town", "Porto")
    hint = "Ann Abe, Alpha, has this lead open for editing."
    olga.does_not_read(hint)
    ann.visit(EDIT, lead.reference, "edit")
    olga.page.evaluate("document.querySelector('[data-beat]').dispatchEvent(new Event('beat'))")
    expect(olga.page.get_by_role("status").filter(has_text=hint)).to_be_visible()
    expect(olga.field("Town")).to_have_value("Porto")
    assert axe_violations(olga.page) == []


def test_the_page_of_a_lead_says_who_edits_it(visit, cast):
    lead = accepted_lead(cast)
    olga, ann = visit(cast.olga), visit(cast.ann)
    olga.visit("leads:detail", lead.reference)
    hint = "Ann Abe, Alpha, has this lead open for editing."
    olga.does_not_read(hint)
    ann.visit(EDIT, lead.reference, "edit")
    olga.page.evaluate("document.querySelector('[data-beat]').dispatchEvent(new Event('beat'))")
    expect(olga.page.get_by_role("status").filter(has_text=hint)).to_be_visible()
    assert axe_violations(olga.page) == []
