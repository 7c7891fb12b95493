"""A note for the own company stays there."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.browser.given import assigned_lead

SECRET = "They would pay twice as much"
SHARED = "Call after ten"


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
