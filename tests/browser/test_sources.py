"""A webhook source from its first message to a lead: a person maps what nobody knew."""

import pytest
from playwright.sync_api import expect

from leads.models import Lead, Note, Source, Submission
from tests.leads.intake.senders import FORM
from tests.leads.intake.sending import make_source, path_of, post

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


# As WordPress writes a form of Contact Form 7 into a page; `action` is where we let it post to.
WORDPRESS = """<!doctype html><html lang="en-US"><head><meta charset="UTF-8"><title>Contact – Fabrikam</title>
<link rel="icon" href="data:,"></head><body class="wp-singular page wp-theme-twentytwentyfive">
<main class="wp-block-group"><h1 class="wp-block-post-title">Contact</h1>
<div class="wpcf7 js" id="wpcf7-f123-p2-o1" lang="en-US" dir="ltr" data-wpcf7-id="123">
<form action="{action}" method="post" class="wpcf7-form init" aria-label="Contact form" novalidate="novalidate"
 data-status="init">
<fieldset class="hidden-fields-container"><input type="hidden" name="_wpcf7" value="123" /><input type="hidden"
 name="_wpcf7_version" value="6.0.1" /><input type="hidden" name="_wpcf7_locale" value="en_US" /><input type="hidden"
 name="_wpcf7_unit_tag" value="wpcf7-f123-p2-o1" /><input type="hidden" name="_wpcf7_container_post" value="2" />
<input type="hidden" name="_wpcf7_posted_data_hash" value="" /></fieldset>
<p><label> Your name<br /><span class="wpcf7-form-control-wrap" data-name="your-name"><input size="40" maxlength="400"
 class="wpcf7-form-control wpcf7-text wpcf7-validates-as-required" autocomplete="name" aria-required="true" value=""
 type="text" name="your-name" /></span> </label></p>
<p><label> Your email<br /><span class="wpcf7-form-control-wrap" data-name="your-email"><input size="40"
 maxlength="400" class="wpcf7-form-control wpcf7-email wpcf7-validates-as-email" autocomplete="email"
 aria-required="true" value="" type="email" name="your-email" /></span> </label></p>
<p><label> Your message (optional)<br /><span class="wpcf7-form-control-wrap" data-name="your-message"><textarea
 cols="40" rows="10" maxlength="2000" class="wpcf7-form-control wpcf7-textarea" name="your-message"></textarea></span>
 </label></p>
<p><input class="wpcf7-form-control wpcf7-submit has-spinner" type="submit" value="Submit" /></p>
<div class="wpcf7-response-output" aria-hidden="true"></div></form></div></main></body></html>"""


def test_a_form_of_wordpress_posts_from_another_origin(visit, cast, sites):
    source = make_source(cast.olga, f"listing-{cast.listing.pk}")
    prospect = visit()
    site = sites[0]
    site.page = WORDPRESS.format(action=prospect.address + path_of(source))
    for _time in range(2):  # Back and once more is the same message
        prospect.page.goto(f"{site.origin}/contact/")
        prospect.page.get_by_label("Your name").fill("Jürgen Groß")
        prospect.page.get_by_label("Your email").fill("jg@fabrikam.example")
        prospect.page.get_by_label("Your message").fill("Bitte rückrufen\nab 10 Uhr")
        prospect.page.get_by_role("button", name="Submit").click()
        expect(prospect.page.get_by_role("heading", level=1)).to_have_text("Thank you")
    lead = Lead.objects.get()
    assert (lead.first_name, lead.last_name) == ("Jürgen", "Groß")
    assert (lead.email, lead.listing) == ("jg@fabrikam.example", cast.listing)
    assert Note.objects.get().body == "Bitte rückrufen\nab 10 Uhr"
    assert Submission.objects.count() == 1
    assert prospect.page.context.cookies() == []
