"""Everything that is a page works without JavaScript (ux.md G1)."""

import re

from playwright.sync_api import expect

from leads.enums import Status
from leads.models import Lead
from tests.browser.given import accepted_lead, let_convert, new_lead


def test_leads_are_worked_on_without_javascript(visit, cast):
    let_convert(cast.alpha)
    for number in range(30):
        new_lead(cast, company=f"Northwind {number:02}", email=f"ana{number}@northwind.example")
    won = accepted_lead(cast, company="Fabrikam", email="fay@fabrikam.example")

    rita = visit(cast.rita, java_script_enabled=False)
    rita.go_to("Leads")
    rita.reads("Fabrikam")
    rita.follow(re.compile("^Submitted"))
    rita.does_not_read("Fabrikam")
    rita.reads("Northwind 29")
    rita.follow("Company")  # the head of the column sorts
    rita.reads("Northwind 00")
    rita.does_not_read("Northwind 29")
    rita.follow("Next")
    rita.reads("Northwind 29")
    rita.does_not_read("Northwind 00", "Fabrikam")

    rita.press("Filters (1)")
    rita.choose("Contacted")
    rita.press("Apply filters")
    rita.reads("No leads match these filters.", "Progress is Contacted")
    rita.page.go_back()

    rita.follow("Northwind 29")
    rita.fill("Note", "Call after ten")
    rita.press("Add Note")
    rita.is_told("Note added.")
    rita.reads("Call after ten")
    rita.follow("Assign")
    rita.press("Assign")
    assert rita.page.title().startswith("Error:")
    rita.choose("Assign lead to a company")
    rita.choose("Assign Lead To", re.compile("^Alpha"))
    rita.press("Assign")
    rita.is_told("Lead assigned to Alpha.")
    assert Lead.objects.get(company="Northwind 29").holder == cast.alpha

    ann = visit(cast.ann, java_script_enabled=False)
    ann.go_to("Leads")
    ann.follow("Fabrikam")
    ann.follow("Convert to Customer")
    ann.press("Convert to Customer")
    ann.has_status("Converted")
    assert Lead.objects.get(pk=won.pk).status == Status.CONVERTED


def test_public_form_works_without_javascript(visit, cast):
    prospect = visit(java_script_enabled=False)
    prospect.open(cast.listing.form_path)
    prospect.press("Send your answers")
    assert prospect.page.title().startswith("Error:")
    prospect.reads("There is a problem")
    prospect.fill("First name", "Ana")
    prospect.fill("Last name", "Sousa")
    prospect.fill("Work email", "ana@northwind.example")
    prospect.page.wait_for_timeout(2_100)
    prospect.press("Send your answers")
    prospect.is_at("Thank you, Ana")
    expect(prospect.page.locator(".receipt")).to_have_text(Lead.objects.get().reference)
