"""From a draft to a published version, and on to the next one."""

import re

from playwright.sync_api import expect

from leads.models import Lead
from templates_app.enums import FieldKind
from templates_app.models import LeadTemplate
from templates_app.rules.fields import FieldSpec
from templates_app.selectors.lead_templates import specs_of
from templates_app.services.fields import add_field as add_another
from templates_app.services.lead_templates import start_draft
from tests.browser.checks import NARROW
from tests.factories import make_product


def add_field(vera, kind: str, label: str, **settings: str) -> None:
    """Add a field of a type to the draft."""
    vera.page.get_by_role("link", name="Add field").first.click()
    vera.choose(kind)
    vera.press("Continue")
    vera.fill("Label", label)
    for name, option in settings.items():
        vera.choose(name, option)
    vera.press("Add field")
    vera.is_told(f"{label} is added as number")


def labels(vera) -> list[str]:
    """Return the labels of the builder's fields in their order, once the whole page is there."""
    vera.page.wait_for_load_state()
    fields = vera.page.get_by_role("region", name="Fields")
    return fields.locator(".rows-main b").all_inner_texts()


def fill_in(prospect, path: str, **answers: str) -> None:
    """Answer a public form."""
    prospect.open(path)
    for label, text in answers.items():
        prospect.fill(label, text)
    prospect.page.wait_for_timeout(2_100)
    if prospect.page.get_by_role("button", name="Check your answers").count():  # a long form
        prospect.press("Check your answers")
    prospect.press("Send your answers")
    prospect.page.locator(".receipt").wait_for()


def test_lead_keeps_the_version_it_came_with(visit, cast):
    product = make_product(cast.vertex, "Acme Mail")
    vera = visit(cast.vera)
    vera.go_to("Templates")
    vera.follow("Make a template")
    vera.fill("Name", "Ask about mail")
    vera.choose("Product", "Acme Mail")
    vera.choose("Start with name, email and company")
    vera.press("Make template")
    add_field(vera, "Number", "Seats")
    add_field(vera, "Short text", "Fax")
    vera.page.get_by_role("link", name="Publish").first.click()
    vera.press("Publish version 1")
    vera.is_told("Version 1 of Ask about mail is live.")

    vera.visit("templates:product", product.pk)
    vera.follow("List in a marketplace")
    vera.choose("Marketplace", "Northgate Store")
    vera.choose("Lead template", "Ask about mail, version 1")
    vera.press("List product")
    vera.is_told("Acme Mail is listed in Northgate Store. Its form is open.")
    template = LeadTemplate.objects.get(name="Ask about mail")
    listing = template.versions.get().listings.get()

    prospect = visit()
    ana = {"First name": "Ana", "Last name": "Sousa", "Work email": "ana@northwind.example"}
    old = {**ana, "Seats": "25", "Fax": "4711"}
    fill_in(prospect, listing.form_path, **old)

    # Version 2: Fax goes, Budget comes, the first field becomes the last.
    vera.visit("templates:detail", template.pk)
    vera.press("Start a new draft")
    vera.follow("Remove Fax")
    vera.press("Remove field")
    vera.is_told("Fax is removed from the draft.")
    for label in ("Sites", "Start", "Wish"):
        add_another(
            template, FieldSpec(key="", label=label, kind=FieldKind.SHORT_TEXT), actor=cast.vera
        )
    add_field(vera, "Number", "Budget")
    first, count = labels(vera)[0], len(labels(vera))
    assert count == 9
    live = vera.page.locator("#live")
    for position in range(2, count + 1):
        button = vera.page.get_by_role("button", name=f"Move {first} down")
        button.press("Enter")
        expect(live).to_have_text(f"{first}, now {position} of {count}")
        expect(button).to_be_focused()
    assert labels(vera)[-1] == first
    asked = vera.page.frame_locator("#preview").locator("label")
    expect(asked.last).to_have_text(re.compile(rf"^{first}"))
    assert [label.split(" (")[0] for label in asked.all_inner_texts()] == labels(vera)
    vera.page.get_by_role("link", name="Publish").first.click()
    vera.reads("Added", "Budget", "Removed", "Fax", "Leads already captured keep version 1.")
    vera.press("Publish version 2")
    vera.is_told("Version 2 of Ask about mail is live.")

    fay = {"First name": "Fay", "Last name": "Fox", "Work email": "fay@fabrikam.example"}
    prospect.open(listing.form_path)
    prospect.does_not_read("Fax")
    new = {**fay, "Seats": "3", "Budget": "900"}
    fill_in(prospect, listing.form_path, **new)

    for email, shown, hidden, number in (
        ("ana@northwind.example", "Fax", "Budget", 1),
        ("fay@fabrikam.example", "Budget", "Fax", 2),
    ):
        lead = Lead.objects.get(email=email)
        vera.visit("leads:detail", lead.reference)
        answers = vera.page.get_by_role("region", name="Opportunity Details")
        expect(answers).to_contain_text(f"Ask about mail, version {number}")
        expect(answers).to_contain_text(shown)
        expect(answers).not_to_contain_text(hidden)


def test_draft_saves_itself_and_its_last_change_is_undone(visit, cast):
    draft = start_draft(cast.listing.version.template, actor=cast.vera)
    vera = visit(cast.vera, forgives="ERR_INTERNET_DISCONNECTED")
    page = vera.page
    shown = page.frame_locator("#preview")
    vera.visit("templates:builder", draft.template_id)

    # Dragged by its handle, the first field becomes the last; undone, it is back; once more, it is not.
    was = labels(vera)
    rows = page.locator("#builder .rows > li")
    handle, last = rows.first.locator(".rows-handle"), rows.last.bounding_box()
    handle.hover()
    page.mouse.down()
    page.mouse.move(last["x"] + 10, last["y"] + last["height"] - 2, steps=8)
    page.mouse.up()
    expect(page.locator("#live")).to_have_text(f"{was[0]}, now 5 of 5")
    assert labels(vera) == [*was[1:], was[0]]
    expect(shown.locator("label").last).to_contain_text(was[0])
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.locator("#live")).to_have_text(f"Undone: {was[0]} moved")
    assert labels(vera) == was
    expect(page.locator("#undo")).to_be_focused()
    expect(page.locator("#undo")).to_contain_text("Redo")

    # Typing saves, and shows in the preview; what cannot be saved says why, and the rest stays as it was.
    vera.follow("Edit Budget")
    page.get_by_label("Label").fill("Money to spend")
    expect(page.locator("#saved")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    expect(shown.get_by_text("Money to spend")).to_be_visible()
    page.get_by_label("Label").fill("")
    expect(page.locator("#saved")).to_have_text("Not saved yet: Enter a label")
    assert specs_of(draft)[-1].label == "Money to spend"

    # What could not be reached is not called saved; a key later it is.
    page.context.set_offline(True)
    page.get_by_label("Label").fill("Money")
    expect(page.locator("#saved")).to_have_text(re.compile("^Not saved. Press the button"))
    page.context.set_offline(False)
    page.get_by_label("Label").fill("Money to spend")
    expect(page.locator("#saved")).to_have_text(re.compile("^Saved"))

    # Leaving in the middle of a word loses nothing.
    page.get_by_label("Label").fill("Budget for this year")
    vera.follow("Back to the draft")
    vera.reads("Budget for this year changed")
    vera.press(re.compile("^Undo"))
    expect(page.locator("#live")).to_have_text("Undone: Budget for this year changed")
    assert labels(vera) == was

    # Another width, another theme; on a narrow screen fields and preview are tabs.
    vera.press("Phone")
    assert page.locator("#preview").bounding_box()["width"] == 390
    vera.press("Dark")
    expect(shown.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.get_by_role("button", name="Dark", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.set_viewport_size(NARROW)
    vera.follow("Preview")
    expect(page.locator("#preview")).to_be_visible()
    expect(page.locator("#builder")).to_be_hidden()
    vera.follow("Fields")
    expect(page.locator("#builder")).to_be_visible()


def test_a_field_that_saves_itself_is_added_once(visit, cast):
    draft = start_draft(cast.listing.version.template, actor=cast.vera)
    vera = visit(cast.vera)
    page = vera.page
    vera.visit("templates:builder", draft.template_id)
    was = labels(vera)

    def begin(label: str) -> None:
        page.get_by_role("link", name="Add field").first.click()
        vera.choose("Short text")
        vera.press("Continue")
        vera.fill("Label", label)

    # The button is pressed while what was typed is on its way.
    with page.expect_request(lambda asked: asked.method == "POST"):
        begin("Fax")
    vera.press("Add field")
    page.wait_for_url("**/builder/*")
    assert labels(vera) == [*was, "Fax"]

    # The button is pressed twice before anything was saved.
    begin("Telex")
    page.get_by_role("button", name="Add field").dblclick()
    page.wait_for_url("**/builder/*")
    assert labels(vera) == [*was, "Fax", "Telex"]
    assert [spec.label for spec in specs_of(draft)][-2:] == ["Fax", "Telex"]
