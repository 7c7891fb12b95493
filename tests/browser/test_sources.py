"""A webhook source from its first message to a lead: a person maps what nobody knew."""

import pytest
from playwright.sync_api import expect

from leads.models import Lead, Source
from tests.leads.intake.senders import FORM
from tests.leads.intake.sending import post

TYPED = b"wohin=maya%40fabrikam.example&wer=Maya+Okafor&wieviel=250"


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_mapping_is_made_from_a_message_and_mends_it(visit, cast, client, java_script_enabled):
    olga = visit(cast.olga, java_script_enabled=java_script_enabled)
    olga.go_to("Webhook sources")
    olga.follow("Add source")
    olga.fill("Name", "Shop in Vienna")
    olga.page.get_by_label("The leads are for").select_option("Acme Backup in Northgate Store")
    olga.press("Add source")
    olga.is_told("Copy its address into the settings of the sender")
    source = Source.objects.get()
    olga.reads(source.address, "No deliveries yet")
    assert not post(client, source, TYPED, FORM).json()["ok"]

    olga.follow("Map fields")
    # Click a key, choose a field: the link goes to the choice, which Tab or a click opens.
    olga.page.get_by_role("region", name="Delivery").get_by_role("link", name="wohin").click()
    choice = olga.page.get_by_label("wohin")
    expect(choice).to_be_in_viewport()
    choice.select_option("Email")
    olga.page.get_by_label("wer").select_option("Whole name")
    olga.page.get_by_label("wieviel").select_option("Budget")
    olga.press("Save mapping")
    olga.is_told("The mapping is saved.")

    olga.page.get_by_role("rowheader").get_by_role("link").first.click()
    olga.reads("Needs attention", "Map one.", "maya@fabrikam.example")
    olga.press("Replay")
    lead = Lead.objects.get()
    olga.is_told(f"The delivery is lead {lead.reference} now.")
    olga.follow(lead.reference)
    olga.reads("Maya", "Okafor", "maya@fabrikam.example", "250", "Shop in Vienna")
