"""A note for the own company stays there."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from leadportal.common import clock
from tests.browser.checks import axe_violations
from tests.browser.given import assigned_lead
from tests.factories import PASSWORD

SECRET = "They would pay twice as much"
SHARED = "Call after ten"


def test_note_survives_the_end_of_the_session(visit, cast):
    """ux.md G13, D7."""
    lead = assigned_lead(cast)
    ann = visit(cast.ann)
    ann.visit("leads:detail", lead.reference)
    ann.fill("Note", SHARED)
    ann.choose("Everybody on this lead: Northgate, Alpha and Vertex read it")
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    ann.press("Add Note")
    ann.is_told(
        "You were signed out after 8 hours without activity. Sign in to continue."
        " Your note has been kept."
    )
    ann.fill("Email", "ann@example.com")
    ann.fill("Password", PASSWORD)
    ann.press("Sign in")
    ann.is_at("Add Note")
    ann.reads("What you had typed is in the form again.")
    expect(ann.field("Note")).to_have_value(SHARED)
    assert axe_violations(ann.page) == []
    ann.press("Add Note")
    ann.is_told("Note added.")
    ann.reads(SHARED, "Visible to Northgate, Alpha and Vertex")


@pytest.mark.journey
def test_note_of_a_company_never_reaches_another(visit, cast):
    lead = assigned_lead(cast)
    ann = visit(cast.ann)
    ann.visit("leads:detail", lead.reference)
    for text, audience in (
        (SHARED, "Everybody on this lead: Northgate, Alpha and Vertex read it"),
        (SECRET, "My company: only Alpha reads it"),
    ):
        ann.fill("Note", text)
        ann.choose(audience)
        ann.press("Add Note")
        ann.is_told("Note added.")
    ann.reads(SECRET, "Visible to Alpha", SHARED, "Visible to Northgate, Alpha and Vertex")
    note = ann.page.get_by_role("region", name="Notes").get_by_role("listitem").first
    for text in (SECRET, "Ann Abe", "Alpha"):
        expect(note).to_contain_text(text)
    expect(note.locator("time[datetime]")).to_have_text(re.compile(r"\d{4}, \d\d:\d\d UTC$"))

    for who in (cast.rita, cast.vera, cast.olga, cast.ann):
        reader = visit(who)
        is_own = who == cast.ann
        reader.visit("leads:detail", lead.reference)
        reader.reads(SHARED)
        assert (SECRET in reader.page.content()) is is_own
        reader.visit("leads:history", lead.reference)
        assert is_own or SECRET not in reader.page.content()
        added = reader.main.locator(".line-text", has_text="Note added")
        expect(added).to_have_count(2 if is_own else 1)

        reader.visit("leads:list")
        reader.fill("Search leads", "twice as much")
        reader.press("Search")
        reader.reads("No leads match this search.")
        reader.visit("leads:list")
        reader.follow("Download CSV")
        with reader.page.expect_download() as download:
            reader.press("Download leads")
        text = download.value.path().read_text("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [(row["Lead ID"], row["Last note"]) for row in rows] == [
            (lead.reference, SECRET if is_own else SHARED)
        ]
