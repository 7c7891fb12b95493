"""The workbook: the cells of the page and of the CSV file, texts as texts, moments as dates."""

import io
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone
from openpyxl import load_workbook

from leadportal.common import clock, xlsx
from leads.enums import Status
from leads.exports.columns import OF_THE_LIST
from leads.filters import Asked
from leads.models import ExportRecord
from leads.selectors.leads import lead_page
from leads.services.lifecycle import assign_lead
from leads.tables import DEFAULT, OPTIONAL
from tests.factories import make_lead
from tests.leads.selectors.shelf import NOW, fill
from tests.leads.sheets import as_in_csv, content, csv_rows, plain, xlsx_cells, xlsx_rows

WORDS = [column.word for column in (*DEFAULT, *OPTIONAL)]
EVERY = "&".join(f"column={word}" for word in (*WORDS, "attribute.budget", "attribute.tools"))
HARMFUL = {
    "company": "=1+1",
    "first_name": "@sum",
    "last_name": "-2+3",
    "phone": "+351 912 345 678",
    "job_title": '=HYPERLINK("https://evil.example","x")',
    "street": "\tx",
    "city": "+1; DROP",
    "region": "#REF!",
    "postcode": "0012",
    "score": -5,
}


@pytest.fixture
def shelf(cast):
    with clock.at(NOW):
        yield fill(cast)


def on_page(row, column) -> str:
    """What the page says in a cell, its moments as in the file."""
    match column.word:
        case "created":
            return timezone.localtime(row.created_at).isoformat(timespec="seconds")
        case "updated":
            return timezone.localtime(row.more["updated_at"]).isoformat(timespec="seconds")
        case "user":
            return row.user_name
        case "source":
            return row.source_label
        case "recipient":
            return row.recipient_label
        case "company":
            return row.company
        case "status":
            return str(Status(row.status).label)
        case "score":
            return str(row.more["score"])
    return str(column.text(row))


@pytest.mark.parametrize("query", ["sort=company", "status=assigned&sort=-score", "q=nov"])
@pytest.mark.parametrize("who", ["olga", "ann"])
def test_file_says_cell_by_cell_what_the_page_says(cast, shelf, sign_in, query, who):
    for one in shelf.told:  # some are past to Alpha
        if one.status == Status.ASSIGNED and one.lead.holder_id == cast.alpha.pk:
            assign_lead(one.lead, to=cast.beta, actor=cast.rita)
    actor, query = getattr(cast, who), f"{query}&{EVERY}"
    asked = Asked(QueryDict(query), actor)
    page = lead_page(asked.leads, size=1000)
    expected = [[str(column.label) for column in asked.columns]]
    expected += [[on_page(row, column) for column in asked.columns] for row in page.rows]
    assert len(expected) > 2
    client = sign_in(actor)
    rows = csv_rows(content(client.get(f"/leads/export.csv?{query}&columns=visible")))
    assert plain(rows) == expected
    rows = xlsx_rows(content(client.get(f"/leads/export.xlsx?{query}&columns=visible")))
    assert [[as_in_csv(value) for value in row] for row in rows] == expected


def test_every_column_of_the_list_is_in_the_file():
    assert set(OF_THE_LIST) == set(WORDS)


def test_all_columns_are_those_of_the_csv_file(cast, shelf, sign_in):
    make_lead(cast.northgate, **HARMFUL)
    client = sign_in(cast.olga)
    rows = csv_rows(content(client.get("/leads/export.csv")))
    book = xlsx_rows(content(client.get("/leads/export.xlsx")))
    assert [[as_in_csv(value) for value in row] for row in book] == plain(rows)
    assert [record.rows for record in ExportRecord.objects.all()] == [len(rows) - 1] * 2


def test_no_cell_is_a_formula_or_an_error(cast, sign_in):
    make_lead(cast.northgate, **HARMFUL)
    answer = sign_in(cast.olga).get("/leads/export.xlsx")
    data = content(answer)
    assert answer["Content-Type"] == xlsx.CONTENT_TYPE
    head, line = xlsx_cells(data)
    cells = dict(
        zip([cell.value for cell in head], line, strict=False)
    )  # empty ones at the end are not there
    assert {cell.data_type for cell in line} <= {"inlineStr", "s", "n", "d"}
    assert cells["Company"].value == "=1+1"
    assert {cells["Company"].data_type, cells["Region"].data_type} <= {"inlineStr", "s"}
    assert cells["Postcode"].value == "0012"
    assert (cells["Score"].value, cells["Score"].data_type) == (-5, "n")
    assert cells["Created"].is_date


def test_control_the_library_by_itself_makes_a_formula():
    from openpyxl import Workbook

    file = io.BytesIO()
    book = Workbook(write_only=True)
    book.create_sheet().append(["=1+1", "#REF!"])
    book.save(file)
    [[formula, error]] = load_workbook(io.BytesIO(file.getvalue())).active.iter_rows()
    assert (formula.data_type, error.data_type) == ("f", "e")


def written(rows: list[list]) -> bytes:
    file = io.BytesIO()
    count = xlsx.write_xlsx(file, ["One"], rows, ZoneInfo("Asia/Tokyo"))
    assert count == len(rows)
    return file.getvalue()


def test_moments_are_dates_of_the_readers_zone():
    moment = datetime(2025, 11, 21, 18, 42, 7, 999_999, tzinfo=UTC)
    [value] = xlsx_rows(written([[moment]]))[1]
    assert value.isoformat() == "2025-11-22T03:42:07"


@pytest.mark.parametrize("text", ["", "\x00\x0b", "\ud800", "x" * 40_000, "a\nb", "<b>&amp;"])
def test_odd_texts_do_not_break_the_file(text):
    [value] = xlsx_rows(written([[text]]))[1:]
    assert len(value[0]) <= 32_767


def test_further_sheets_begin_where_one_is_full(monkeypatch):
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 2)
    for number, sheets in [(0, 1), (2, 1), (3, 2), (4, 2), (5, 3)]:
        book = load_workbook(io.BytesIO(written([[one] for one in range(number)])))
        assert len(book.worksheets) == sheets
        assert all(sheet["A1"].value == "One" for sheet in book.worksheets)
        values = [
            row[0] for sheet in book.worksheets for row in sheet.iter_rows(2, values_only=True)
        ]
        assert values == list(range(number))


def test_a_reseller_without_right_4_has_no_workbook(cast, sign_in):
    cast.alpha.can_export_leads = False
    cast.alpha.save()
    client = sign_in(cast.ann)
    assert client.get("/leads/export.xlsx").status_code == 404
    assert client.get("/exports/").status_code == 404
    assert not ExportRecord.objects.exists()
