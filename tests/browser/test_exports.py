"""Download the leads of a list as a file (ux.md acceptance check 20)."""

import re

import pytest
from playwright.sync_api import expect

from accounts.services.jobs import do_due_jobs
from leads.enums import Status
from leads.models import Lead
from leads.rules import exports as rules
from tests.browser.f1 import FORMULA
from tests.browser.visitor import Visitor
from tests.factories import make_lead
from tests.leads.sheets import csv_rows, xlsx_rows

ASSIGNED = 34


@pytest.fixture
def leads(cast):
    """Assigned leads, one called like a formula, and others."""
    for _number in range(ASSIGNED - 1):
        make_lead(cast.northgate, Status.ASSIGNED)
    make_lead(cast.northgate, Status.ASSIGNED, company="=1+1")
    for _number in range(5):
        make_lead(cast.northgate)


def download(visitor: Visitor) -> tuple[bytes, str]:
    """Press the button of the page or dialog; return the file and its name."""
    with visitor.page.expect_download() as waiting:
        visitor.press("Download leads")
    path = waiting.value.path()
    return path.read_bytes(), waiting.value.suggested_filename


def companies(visitor: Visitor) -> list[str]:
    return visitor.main.locator("tbody .row-main").all_inner_texts()


def test_20_file_has_the_leads_of_the_list_in_its_order(visit, cast, f1):
    olga = visit(cast.olga)
    olga.open("/leads/?sort=company")
    olga.main.locator("#chip-assigned").click()
    olga.reads("of 342 leads")
    shown = companies(olga)
    olga.follow("Download CSV")
    expect(olga.dialog).to_contain_text("The file will have 342 leads")
    expect(olga.dialog).to_contain_text("Status is Assigned")
    data, name = download(olga)
    assert re.fullmatch(r"leads_all_\d{4}-\d\d-\d\d_\d{4}\.csv", name)
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv_rows(data)
    assert len(rows) == 342
    assert {row[head.index("Status")] for row in rows} == {"Assigned"}
    named = [row[head.index("Company")] for row in rows]
    in_order = Lead.objects.filter(status=Status.ASSIGNED, access__desk=cast.olga.desk_id)
    stored = in_order.order_by("access__company", "pk").values_list("company", flat=True)
    assert [one.removeprefix("'") for one in named] == list(stored)
    assert shown == list(stored[: len(shown)])
    assert FORMULA in stored
    assert not any(one.startswith("=") for one in named)
    expect(olga.dialog).to_be_hidden()
    assert "status=assigned" in olga.page.url, "the list is still there"


def test_large_workbook_is_followed_to_its_end(visit, cast, leads, monkeypatch):
    monkeypatch.setattr(rules, "XLSX_AT_ONCE", 20)
    olga = visit(cast.olga)
    olga.go_to("Leads")
    olga.follow("Download CSV")
    olga.choose("XLSX: for spreadsheets")
    olga.choose("Visible columns")
    olga.press("Download leads")
    olga.is_at("Exports")
    olga.reads("Waiting to be made")
    assert do_due_jobs() == 1
    olga.reads(f"Your file has {ASSIGNED + 5} leads and is ready until")
    expect(olga.page.locator("#live")).to_contain_text("none is being made")
    with olga.page.expect_download() as waiting:
        olga.follow(re.compile("^Download"))
    rows = xlsx_rows(waiting.value.path().read_bytes())
    assert len(rows) == ASSIGNED + 5 + 1
    assert waiting.value.suggested_filename.endswith(".xlsx")


def test_selection_is_downloaded_without_javascript(visit, cast, leads):
    olga = visit(cast.olga, java_script_enabled=False)
    olga.go_to("Leads")
    olga.page.locator("tbody input").first.check()
    olga.press("Export selected")
    olga.is_at("Download leads")
    olga.reads("The file will have the 1 lead that you selected.")
    olga.choose("XLSX: for spreadsheets")
    data, name = download(olga)
    assert name.endswith(".xlsx")
    assert len(xlsx_rows(data)) == 2
