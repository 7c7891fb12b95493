"""Mails that are piped to the command: each is stored, made into the right lead once, or waits with a reason."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.actors import SYSTEM
from accounts.services.outbox import store_mail
from leads.enums import (
    AttentionReason,
    ErasureReason,
    EventKind,
    SourceKind,
    Status,
    SubmissionState,
)
from leads.models import Event, Lead, Note, Source, Submission
from leads.rules.mails.message import KEPT_BYTES, MOST_BYTES
from leads.services.attention import retry_submission
from leads.services.mailboxes import MailboxSettings, edit_mailbox
from leads.services.mails import take_mail
from leads.services.privacy import anonymise_lead
from leads.services.sources import switch_source
from tests.leads.intake import letters
from tests.leads.intake.sending import make_mailbox

MANAGE = Path(__file__).resolve().parents[3] / "manage.py"


@pytest.fixture
def mailbox(cast, settings) -> Source:
    """A mailbox of Northgate whose leads are for Acme Backup."""
    settings.INTAKE_MAIL = "leads@in.example.com"
    settings.PORTAL_URL = "https://portal.example"
    settings.DEFAULT_FROM_EMAIL = "Leads <leads@portal.example>"
    return make_mailbox(cast.olga, f"listing-{cast.listing.pk}")


def take(source: Source, raw: bytes) -> Submission:
    return take_mail(source, raw, size=len(raw))


def pipe(address: str, raw: bytes, monkeypatch) -> str:
    """Run the command as a mail server does; return what it prints."""
    said = io.StringIO()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    call_command("receive_mail", address, stdout=said)
    return said.getvalue()


def test_a_mail_becomes_the_lead_that_its_words_say(cast, mailbox):
    letter = letters.BY_PEOPLE["attachments"]
    row = take(mailbox, letter.raw)
    lead = Lead.objects.get()
    assert (row.state, row.lead) == (SubmissionState.MADE, lead)
    assert (lead.email, lead.first_name, lead.last_name, lead.phone) == (
        "maya@fabrikam.example", "Maya", "Okafor", "+351 912 345 678",
    )  # fmt: skip
    assert (lead.source_kind, lead.source_label) == (SourceKind.EMAIL, "Sales mailbox")
    assert (lead.status, lead.product, lead.marketplace) == (
        Status.SUBMITTED, cast.product, cast.marketplace,
    )  # fmt: skip
    assert lead.answers["Attachments (not kept)"][0] == "Anfrage über.pdf"
    assert Note.objects.get(lead=lead).body == "Grüße aus Łódź – 5 €"
    event = Event.objects.get(lead=lead, kind=EventKind.CREATED)
    assert (event.actor_name, event.data["source"]) == ("Sales mailbox", "email")
    assert bytes(row.body) == letter.raw, "as it came"


def test_a_form_of_a_web_site_is_mapped_by_its_labels(cast, mailbox):
    mailbox.mapping = {"Your name": "leave_out", "mail.subject": "answer:budget"}
    mailbox.save()
    take(mailbox, letters.CONTACT_FORM)
    lead = Lead.objects.get()
    assert (lead.email, lead.first_name) == ("maya@fabrikam.example", "Shop")
    assert lead.answers["Subject"] == 'Shop "Backup"', "no number, so it is kept as it came"
    assert Note.objects.get().body.startswith("Please call me.\nAfter five.\n\n")


def test_the_same_mail_is_one_lead_however_often_it_comes(mailbox):
    raw = letters.BY_PEOPLE["base64"].raw
    rows = {take(mailbox, raw).pk, take(mailbox, b"Received: by in.example; today\r\n" + raw).pk}
    assert len(rows) == Lead.objects.count() == 1
    # Another mail under the same Message-ID is no repeat.
    take(mailbox, raw.replace(b"Maya", b"Mia").replace(b"=?utf-8?B?TWF5YSBPa2Fmw7Ny?=", b"Mia"))
    assert Lead.objects.count() == 2


def test_a_mail_whose_data_were_removed_does_not_come_back(mailbox):
    raw = letters.BY_PEOPLE["base64"].raw
    row = take(mailbox, raw)
    anonymise_lead(row.lead, reason=ErasureReason.REQUEST, actor=SYSTEM)
    assert take(mailbox, raw).pk == row.pk
    row.refresh_from_db()
    assert (bytes(row.body), row.payload, Lead.objects.count()) == (b"", {}, 1)


@pytest.mark.parametrize("name", letters.BY_MACHINES)
def test_no_mail_of_a_machine_becomes_a_lead(mailbox, cast, name):
    raw, kind = letters.BY_MACHINES[name]
    row = take(mailbox, raw)
    assert (row.state, row.reason) == (SubmissionState.ATTENTION, AttentionReason.AUTOMATIC)
    assert row.sentence
    assert not Lead.objects.exists()
    # Whoever wants what programs write says so, and retries.
    wish = MailboxSettings(name="Sales mailbox", mails_per_hour=600, takes_programs=True)
    edit_mailbox(mailbox, wish, actor=cast.olga)
    state = retry_submission(row.pk, actor=cast.olga).state
    assert state == (SubmissionState.MADE if kind in {"list", "program"} else SubmissionState.ATTENTION)  # fmt: skip


def test_control_the_same_mail_of_a_person_becomes_one(mailbox):
    raw, _kind = letters.BY_MACHINES["note of absence"]
    assert take(mailbox, raw.replace(b"auto-replied", b"no")).state == SubmissionState.MADE


def test_what_the_portal_sends_comes_back_as_no_lead(mailbox, settings):
    """The Message-ID that the outbox really writes."""
    row = store_mail(to=mailbox.mail_address, subject="Hello", text="Phone: +351 912 345 678", html="")  # fmt: skip
    raw = letters.mail(f"Message-ID: <{row.message_id}@portal.example>", body="Hello")
    assert take(mailbox, raw).reason == AttentionReason.AUTOMATIC
    foreign = letters.mail(f"Message-ID: <{row.message_id}@elsewhere.example>", body="Hello")
    assert take(mailbox, foreign).state == SubmissionState.MADE


def test_a_mail_that_is_too_large_waits_with_its_beginning(mailbox, monkeypatch):
    raw = letters.mail("Subject: big", body=b"Phone: +351 912 345 678\n" + b"x" * MOST_BYTES)
    pipe(mailbox.mail_address, raw, monkeypatch)
    row = Submission.objects.get()
    assert (row.reason, len(row.body)) == (AttentionReason.TOO_LARGE, KEPT_BYTES)
    assert (row.payload["Subject"], row.payload["Bytes"]) == ("big", len(raw))
    small = letters.mail(
        "Subject: big", body=b"Phone: +351 912 345 678\n" + b"x" * (MOST_BYTES // 2)
    )
    pipe(mailbox.mail_address, small, monkeypatch)
    assert Lead.objects.count() == 1  # control
    assert len(Submission.objects.latest("pk").body) == KEPT_BYTES, (
        "the text is kept whole, the bytes are not"
    )


def test_what_cannot_be_read_is_kept_byte_for_byte(mailbox):
    raw = b"\x00\xff no mail at all"
    row = take(mailbox, raw)
    assert (row.reason, bytes(row.body)) == (AttentionReason.UNREADABLE, raw)
    assert take(mailbox, raw).pk == row.pk


def test_a_mail_without_any_address_waits(mailbox):
    row = take(mailbox, letters.mail("From: undisclosed", body="Call me"))
    assert row.reason == AttentionReason.MAPPING


def test_a_paused_mailbox_keeps_what_comes_until_it_is_resumed(mailbox, cast, monkeypatch):
    switch_source(mailbox, is_active=False, actor=cast.olga)
    pipe(mailbox.mail_address, letters.CONTACT_FORM, monkeypatch)
    row = Submission.objects.get()
    assert row.reason == AttentionReason.CLOSED
    switch_source(mailbox, is_active=True, actor=cast.olga)
    assert retry_submission(row.pk, actor=cast.olga).lead == Lead.objects.get()


def test_the_command_says_what_a_mail_server_understands(mailbox, monkeypatch):
    address, raw = mailbox.mail_address, letters.CONTACT_FORM
    said = pipe(address, raw, monkeypatch)
    assert Submission.objects.get().receipt in said
    mailbox.posts_per_hour = 1
    mailbox.save()
    codes = {}
    for to in (address, "leads+nobody@in.example.com", "leads@in.example.com", ""):
        with pytest.raises(CommandError) as refusal:
            pipe(to, raw, monkeypatch)
        codes[to] = refusal.value.returncode
    assert list(codes.values()) == [75, 67, 67, 67]
    monkeypatch.setenv("ORIGINAL_RECIPIENT", address)
    with pytest.raises(CommandError) as refusal:
        pipe("", raw, monkeypatch)
    assert refusal.value.returncode == 75, "the address that Postfix names"


def test_a_mail_that_cannot_be_stored_is_left_to_the_mail_server(mailbox, monkeypatch):
    """Nothing is acknowledged that is not in the database."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE leads_submission RENAME TO leads_gone")
    with pytest.raises(CommandError) as refusal:
        pipe(mailbox.mail_address, letters.CONTACT_FORM, monkeypatch)
    assert refusal.value.returncode == 75


def test_a_mailbox_of_a_reseller_makes_leads_of_its_own(cast, settings):
    cast.alpha.can_create_leads = True
    cast.alpha.save()
    source = make_mailbox(cast.olga, f"company-{cast.alpha.pk}")
    lead = take(source, letters.CONTACT_FORM).lead
    assert (lead.holder, lead.source_label, lead.status) == (cast.alpha, "Sales mailbox", Status.REFERRED)  # fmt: skip


@pytest.mark.slow
def test_the_command_runs_as_a_mail_server_starts_it(tmp_path):
    """A process of its own, with bytes on its standard input; its exit code is what counts."""
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "VAR_DIR": str(tmp_path), "PATH": "/usr/bin:/bin",
    }  # fmt: skip

    def run(*words: str, piped: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, str(MANAGE), *words]
        return subprocess.run(
            command, env=environment, input=piped, capture_output=True, check=False
        )

    assert run("migrate", "-v", "0").returncode == 0
    answer = run("receive_mail", "leads+nobody@in.example.com", piped=letters.CONTACT_FORM)
    assert (answer.returncode, b"No mailbox has this address" in answer.stderr) == (67, True)
