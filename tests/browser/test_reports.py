"""Reports: a number is followed to its leads, and the table is reached by keyboard."""

import re

from playwright.sync_api import expect

from tests.browser.given import accepted_lead, new_lead


def test_a_number_leads_to_as_many_leads_and_the_table_opens_by_keyboard(cast, visit):
    for company in ("Northwind", "Contoso", "Tailspin"):
        new_lead(cast, company=company)
    accepted_lead(cast, company="Litware")
    olga = visit(cast.olga)
    olga.go_to("Reports")
    olga.is_at("Reports")
    olga.follow("Sources")
    olga.is_at("Sources")
    summary = olga.page.locator(".as-table > summary")
    table = olga.page.get_by_role("table", name="Leads by source")
    expect(table).to_be_hidden()
    summary.focus()
    olga.page.keyboard.press("Enter")
    expect(table).to_be_visible()
    olga.page.keyboard.press("Tab")  # the box that scrolls
    olga.page.keyboard.press("Tab")
    focused = olga.page.locator(":focus")
    expect(focused).to_have_text("4")
    olga.page.keyboard.press("Enter")
    olga.is_at("Leads")
    expect(olga.main).to_contain_text("Showing 1 to 4 of 4 leads")
    olga.page.go_back()
    olga.is_at("Sources")
    olga.follow("Funnel")
    olga.page.locator(".bars a.figure").last.click()
    olga.is_at("Leads")
    expect(olga.page).to_have_url(re.compile("status=converted"))
    expect(olga.main).to_contain_text("No leads match")
