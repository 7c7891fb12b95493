"""From a draft to a published version, and on to the next one."""

from playwright.sync_api import expect

from leads.models import Lead
from templates_app.models import LeadTemplate
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
    """Return the labels of the builder's fields in their order."""
    fields = vera.page.get_by_role("region", name="Fields")
    return fields.locator(".rows-main b").all_inner_texts()


def fill_in(prospect, path: str, **answers: str) -> None:
    """Answer a public form."""
    prospect.open(path)
    for label, text in answers.items():
        prospect.fill(label, text)
    prospect.page.wait_for_timeout(2_100)
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
    add_field(vera, "Number", "Budget")
    first, count = labels(vera)[0], len(labels(vera))
    live = vera.page.locator("#live")
    for position in range(2, count + 1):
        button = vera.page.get_by_role("button", name=f"Move {first} down")
        button.press("Enter")
        expect(live).to_have_text(f"{first}, now {position} of {count}")
        expect(button).to_be_focused()
    assert labels(vera)[-1] == first
    preview = vera.page.get_by_role("region", name="Preview")
    assert preview.locator("label").all_inner_texts()[-1].startswith(first)
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
