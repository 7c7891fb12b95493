"""The bell and what is behind it: with a script and without, by keyboard, to the very change."""

import re

import pytest
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.models import Company
from tests.browser.given import assigned_lead
from tests.factories import make_company, make_person


def test_the_bell_counts_and_an_item_leads_to_its_change(visit, cast):
    lead = assigned_lead(cast)
    ann = visit(cast.ann)
    ann.visit("home")
    bell = ann.page.get_by_role("link", name=re.compile("Notifications"))
    expect(bell).to_have_text(re.compile(r"unread:\s*1\s*$"))
    bell.focus()
    ann.page.keyboard.press("Enter")
    ann.is_at("Notifications")
    ann.reads("Lead assigned to Alpha", "Rita Rey, Northgate")
    ann.follow("Lead assigned to Alpha")
    ann.is_at("History")
    expect(ann.page.locator("li:target")).to_contain_text("Lead assigned to Alpha")
    expect(ann.page.locator("#unread")).to_have_text("")
    assert lead.reference in ann.page.url


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_all_is_marked_as_read(visit, cast, java_script_enabled):
    assigned_lead(cast, company="Adatum")
    assigned_lead(cast, company="Fabrikam")
    ann = visit(cast.ann, java_script_enabled=java_script_enabled)
    ann.visit("home")
    ann.follow(re.compile("Notifications"))
    ann.press("Mark as read Adatum")
    expect(ann.page.get_by_role("region", name="Unread")).not_to_contain_text("Adatum")
    ann.press("Mark all as read")
    ann.reads("Nothing is unread.", "Adatum", "Fabrikam")


def test_two_entries_of_a_customer_become_one(visit, cast):
    kept = make_company("Adatum", registered_by=cast.northgate)
    gone = make_company("ADATUM", registered_by=cast.northgate, city="Porto")
    make_person(gone, Role.USER, first_name="Luis", last_name="Lima")
    olga = visit(cast.olga)
    olga.go_to("Companies")
    olga.follow("Adatum")
    olga.reads("Possible duplicates", "The name is the same.")
    olga.follow("Merge ADATUM")
    olga.reads("Luis Lima")
    olga.press("Continue")
    olga.is_at("Merge ADATUM into Adatum?")
    olga.reads("This cannot be undone.", "Porto")
    olga.press("Merge companies")
    olga.is_told("ADATUM is merged into Adatum.")
    olga.reads("Luis Lima", "Porto")
    olga.does_not_read("Possible duplicates")
    assert Company.objects.get(pk=gone.pk).merged_into == kept
