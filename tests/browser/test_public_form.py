"""The published form in a browser: autofill, mistakes, the check step, and a second click (ux.md 2.4)."""

from playwright.sync_api import expect

from leads.models import Lead
from templates_app.enums import FieldKind, MapsTo
from tests.browser.checks import axe_violations
from tests.factories import make_listing, make_product
from tests.leads.intake.visitor import make_form

# What a browser may fill in for the visitor (ux.md F2), by the part of the lead that a question fills.
TOKENS = {
    MapsTo.FIRST_NAME: (FieldKind.SHORT_TEXT, "given-name", "Ana"),
    MapsTo.LAST_NAME: (FieldKind.SHORT_TEXT, "family-name", "Sousa"),
    MapsTo.EMAIL: (FieldKind.EMAIL, "email", "ana@northwind.example"),
    MapsTo.PHONE: (FieldKind.PHONE, "tel", "+351 912 345 678"),
    MapsTo.JOB_TITLE: (FieldKind.SHORT_TEXT, "organization-title", "Buyer"),
    MapsTo.COMPANY: (FieldKind.SHORT_TEXT, "organization", "Northwind"),
    MapsTo.WEBSITE: (FieldKind.SHORT_TEXT, "url", "northwind.example"),
    MapsTo.STREET: (FieldKind.SHORT_TEXT, "address-line1", "Rua Nova 1"),
    MapsTo.POSTCODE: (FieldKind.SHORT_TEXT, "postal-code", "4000-123"),
    MapsTo.CITY: (FieldKind.SHORT_TEXT, "address-level2", "Porto"),
    MapsTo.REGION: (FieldKind.SHORT_TEXT, "address-level1", "Norte"),
    MapsTo.COUNTRY: (FieldKind.COUNTRY, "country", "Portugal"),
}


def test_second_click_makes_one_lead(visit, cast):
    prospect = visit()
    page = prospect.page
    posts = []
    page.on("request", lambda request: posts.extend([request] * (request.method == "POST")))
    prospect.open(cast.listing.form_path)
    prospect.fill("First name", "Ana")
    prospect.fill("Last name", "Sousa")
    prospect.fill("Work email", "ana@northwind")
    page.wait_for_timeout(2_100)
    prospect.press("Send your answers")
    assert page.title().startswith("Error:")
    expect(prospect.main.get_by_role("group", name="There is a problem")).to_be_focused()
    prospect.follow("Enter an email address in the format name@example.com")
    expect(prospect.field("Work email")).to_be_focused()
    expect(prospect.field("First name")).to_have_value("Ana")
    prospect.fill("Work email", "ana@northwind.example")

    del posts[:]
    page.get_by_role("button", name="Send your answers").dblclick()
    prospect.is_at("Thank you, Ana")
    thanks = page.url
    assert len(posts) == 1  # once.js
    answer = page.request.post(
        posts[0].url,
        headers={"Content-Type": posts[0].headers["content-type"]},
        data=posts[0].post_data_buffer,
    )
    assert (answer.status, answer.url) == (200, thanks)  # the same receipt
    assert Lead.objects.count() == 1
    assert page.context.cookies() == []


def test_browser_fills_in_and_a_long_form_is_checked_before_it_is_sent(visit, cast):
    questions = [
        {"label": part.label, "kind": kind, "maps_to": part}
        for part, (kind, _token, _answer) in TOKENS.items()
    ]
    product = make_product(cast.vertex)
    listing = make_listing(product, cast.marketplace, make_form(cast.vertex, *questions))
    prospect = visit()
    prospect.open(listing.form_path)
    for part, (kind, token, answer) in TOKENS.items():
        expect(prospect.field(str(part.label))).to_have_attribute("autocomplete", token)
        type_in = prospect.choose if kind == FieldKind.COUNTRY else prospect.fill
        type_in(str(part.label), answer)
    assert axe_violations(prospect.page) == []  # autocomplete-valid among its rules
    prospect.page.wait_for_timeout(2_100)
    prospect.press("Check your answers")
    prospect.is_at("Check your answers")
    prospect.reads(*(answer for _kind, _token, answer in TOKENS.values()))
    prospect.press("Change your answers")
    for part, (kind, _token, answer) in TOKENS.items():
        chosen = "PT" if kind == FieldKind.COUNTRY else answer
        expect(prospect.field(str(part.label))).to_have_value(chosen)
    prospect.fill("Last name", "Souza")
    prospect.press("Check your answers")
    prospect.press("Send your answers")
    prospect.is_at("Thank you, Ana")
    lead = Lead.objects.get()
    assert (lead.last_name, lead.city, lead.phone) == ("Souza", "Porto", "+351 912 345 678")
    assert lead.country == "PT"


def test_form_is_sent_without_javascript(visit, cast):
    prospect = visit(java_script_enabled=False)
    prospect.open(f"{cast.listing.form_path}?utm_source=poster")
    prospect.fill("First name", "Ana")
    prospect.fill("Last name", "Sousa")
    prospect.fill("Work email", "ana@northwind")
    prospect.page.wait_for_timeout(2_100)
    prospect.press("Send your answers")
    prospect.reads("There is a problem")
    prospect.fill("Work email", "ana@northwind.example")
    prospect.press("Send your answers")
    prospect.is_at("Thank you, Ana")
    assert Lead.objects.get().submission.payload["form.campaign"] == {"utm_source": "poster"}
