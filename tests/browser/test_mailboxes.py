"""A mailbox from its first mail to a lead: a person maps a label that nobody knew."""

import pytest

from leads.models import Lead, Source
from leads.services.mails import take_mail
from tests.leads.intake.letters import mail

TYPED = mail(
    "From: nobody", "Subject: Anfrage", body="Rückruf: +351 912 345 678\nWer: Maya Okafor\n"
)


@pytest.mark.parametrize("java_script_enabled", [True, False])
def test_a_mailbox_is_made_and_its_mail_mapped(visit, cast, settings, java_script_enabled):
    settings.INTAKE_MAIL = "leads@in.example.com"
    olga = visit(cast.olga, java_script_enabled=java_script_enabled)
    olga.go_to("Mailboxes")
    olga.follow("Add mailbox")
    olga.fill("Name", "sales@northgate.example")
    olga.page.get_by_label("The leads are for").select_option("Acme Backup in Northgate Store")
    olga.press("Add mailbox")
    olga.is_told("Write a mail to it")
    source = Source.objects.get()
    olga.reads(source.mail_address, "No mails yet")
    take_mail(source, TYPED, size=len(TYPED))

    olga.follow("Map fields")
    olga.page.get_by_label("Rückruf").select_option("Phone")
    olga.page.get_by_label("Wer").select_option("Whole name")
    olga.press("Save mapping")
    olga.is_told("The mapping is saved.")
    olga.page.get_by_role("rowheader").get_by_role("link").first.click()
    olga.reads("Needs attention", "Map one.", "+351 912 345 678")
    olga.press("Replay")
    lead = Lead.objects.get()
    olga.is_told(f"The mail is lead {lead.reference} now.")
    olga.follow(lead.reference)
    olga.reads("Maya", "Okafor", "sales@northgate.example")
