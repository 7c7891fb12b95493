"""Single keys (ux.md L27, G7, section 5, check 16)."""

import re

import pytest
from playwright.sync_api import expect

from accounts.services.profile import remember
from leads.enums import Status
from leads.models import Lead
from tests.browser.given import new_lead
from tests.factories import fresh


def keys(visitor, *names: str) -> None:
    """Press one key after the other, without a click before."""
    for name in names:
        visitor.page.keyboard.press(name)


def link(visitor, lead: Lead):
    """Return the link that a row or card is for."""
    return visitor.page.locator(f"#{lead.reference} a.row-main")


def leads_of(cast) -> list[Lead]:
    """Three leads, the newest first."""
    return [new_lead(cast, company=f"Northwind {number}") for number in range(3)][::-1]


def test_check_16_search_rows_and_opening(visit, cast):
    _first, second, _third = leads_of(cast)
    olga = visit(cast.olga)
    olga.open("/leads/")
    keys(olga, "/")
    expect(olga.field("Search leads")).to_be_focused()
    keys(olga, "j", "/")
    expect(olga.field("Search leads")).to_have_value("j/")
    olga.open("/leads/")
    keys(olga, "j", "j")
    expect(link(olga, second)).to_be_focused()
    keys(olga, "Enter")
    expect(olga.page).to_have_url(re.compile(f"/leads/{second.reference}/\\?list="))
    olga.page.locator("textarea").first.press("/")
    expect(olga.page.locator("textarea").first).to_have_value("/")
    expect(olga.page).to_have_url(re.compile(f"/leads/{second.reference}/\\?list="))


def test_check_16_nothing_acts_when_switched_off(visit, cast):
    leads_of(cast)
    olga = visit(cast.olga)
    olga.open("/settings/")
    olga.field("Keyboard shortcuts").uncheck()
    olga.press("Save settings")
    olga.is_told("Your settings are saved.")
    olga.open("/leads/")
    address = olga.page.url
    keys(olga, "/", "j", "j", "x", "f", "n", "?", "a", "g", "l")
    expect(olga.page.locator("body")).to_be_focused()
    expect(olga.page).to_have_url(address)
    expect(olga.page.locator("#filters, dialog[open], tbody input:checked")).to_have_count(0)
    remember(shortcuts="on", actor=fresh(cast.olga))
    olga.page.reload()
    keys(olga, "j", "x")
    expect(olga.page.locator("tbody input:checked")).to_have_count(1)


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_with_a_modifier_belong_to_the_browser(visit, cast, modifier):
    leads_of(cast)
    olga = visit(cast.olga)
    olga.open("/leads/")
    keys(olga, f"{modifier}+j", f"{modifier}+x", f"{modifier}+?")
    expect(olga.page.locator("body")).to_be_focused()
    expect(olga.page.locator("dialog[open]")).to_have_count(0)


def test_rows_are_walked_selected_and_assigned(visit, cast):
    first, second, third = leads_of(cast)
    rita = visit(cast.rita)
    rita.open("/leads/?sort=-created")
    keys(rita, "k")
    expect(link(rita, first)).to_be_focused()
    keys(rita, "j", "j", "j", "j")
    expect(link(rita, third)).to_be_focused()
    keys(rita, "k")
    expect(link(rita, second)).to_be_focused()

    keys(rita, "a")
    expect(rita.dialog).to_contain_text("Assign a Lead")
    keys(rita, "Escape")
    expect(link(rita, second)).to_be_focused()
    keys(rita, "a")
    rita.choose("Assign lead to a company")
    rita.choose("Assign Lead To", re.compile("^Alpha"))
    rita.dialog.get_by_role("button", name="Assign", exact=True).click()
    rita.is_told("Lead assigned to Alpha.")
    expect(rita.page).to_have_url(re.compile(r"/leads/\?"))
    assert Lead.objects.get(pk=second.pk).status == Status.ASSIGNED

    keys(rita, "j", "x", "j", "j", "x")
    expect(rita.page.locator("#bulk-count")).to_have_text("2 selected")
    keys(rita, "x")
    expect(rita.page.locator("#bulk-count")).to_have_text("1 selected")
    keys(rita, "a")
    rita.is_at("Assign 1 lead?")


@pytest.mark.parametrize("layout", ["cards", "board"])
def test_cards_are_walked_too(visit, cast, layout):
    first, second, _third = leads_of(cast)
    rita = visit(cast.rita)
    rita.open(f"/leads/?layout={layout}")
    keys(rita, "j", "j", "k", "j")
    expect(link(rita, second)).to_be_focused()
    keys(rita, "a")
    expect(rita.dialog).to_contain_text("Assign a Lead")
    keys(rita, "Escape")
    expect(rita.dialog).to_have_count(0)
    link(rita, first).focus()
    keys(rita, "Enter")
    expect(rita.page).to_have_url(re.compile(f"/leads/{first.reference}/\\?list="))
    rita.page.wait_for_load_state()
    keys(rita, "a")
    expect(rita.dialog).to_contain_text("Assign a Lead")


def test_keys_lead_to_filters_adding_leads_and_the_list_of_keys(visit, cast):
    leads_of(cast)
    olga = visit(cast.olga)
    olga.open("/leads/")
    keys(olga, "f")
    expect(olga.page.locator("#filters")).to_be_visible()
    keys(olga, "f")
    expect(olga.page.locator("#filters")).to_be_hidden()
    keys(olga, "f")
    expect(olga.page.locator("#filters :focus")).to_have_count(1)

    olga.open("/companies/")
    keys(olga, "g", "l")
    olga.is_at("Leads")
    keys(olga, "j", "?")
    expect(olga.dialog).to_contain_text("Next and previous row or card")
    keys(olga, "j")
    keys(olga, "Escape")
    expect(olga.page.locator("tbody tr a.row-main").first).to_be_focused()
    keys(olga, "n")
    olga.is_at("Add lead")


def test_back_from_a_lead_the_next_row_comes_next(visit, cast):
    _first, second, third = leads_of(cast)
    olga = visit(cast.olga)
    olga.open("/leads/")
    keys(olga, "j", "j", "Enter")
    expect(olga.page).to_have_url(re.compile(f"/leads/{second.reference}/\\?list="))
    olga.page.go_back()
    keys(olga, "j")
    expect(link(olga, third)).to_be_focused()
