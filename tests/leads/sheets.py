"""Read the files of leads as a spreadsheet reads them."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Model
from openpyxl import load_workbook

from leadportal.common.csv import unguard
from leads.models import Lead, LeadAccess

UTC = ZoneInfo("UTC")


def content(answer: Any) -> bytes:
    """Return a streamed answer as a whole."""
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def csv_rows(data: bytes) -> list[list[str]]:
    """Return every line of a CSV file, the head too."""
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def xlsx_cells(data: bytes) -> Iterator[Iterable[Any]]:
    """Return every line of every sheet of a workbook, as cells."""
    book = load_workbook(io.BytesIO(data), read_only=True)
    for sheet in book.worksheets:
        yield from sheet.iter_rows()
    book.close()


def xlsx_rows(data: bytes) -> list[list[Any]]:
    """Return every line of every sheet as values, as long as the head; an empty cell is an empty text."""
    rows = [
        ["" if cell.value is None else cell.value for cell in line] for line in xlsx_cells(data)
    ]
    return [row + [""] * (len(rows[0]) - len(row)) for row in rows]


def as_in_csv(value: Any, zone: ZoneInfo = UTC) -> str:
    """Return a workbook's value as the CSV file writes it, without its guard."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=zone).isoformat(timespec="seconds")
    return str(value)


def plain(rows: list[list[Any]]) -> list[list[str]]:
    """Take the guard away from every cell."""
    return [[unguard(str(cell)) for cell in row] for row in rows]


def multiply(lead: Lead, *, desk: int, total: int) -> None:
    """Make it `total` leads that the desk sees: copies that the database makes by itself, for large files."""
    last = Lead.objects.order_by("-pk").values_list("pk", flat=True)[0]
    reference = "'LD-' || (10000000 + n)"
    made = {"id": f"{last} + n", "reference": reference, "search": "''"}
    _copy(Lead, f"id = {lead.pk}", made, total - 1)
    _copy(
        LeadAccess, f"lead_id = {lead.pk} AND desk_id = {desk}", {"lead_id": made["id"]}, total - 1
    )


def _copy(model: type[Model], where: str, made: dict[str, str], times: int) -> None:
    columns = [field.column for field in model._meta.local_concrete_fields if field.column]
    names = ", ".join(columns)
    values = ", ".join(made.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({names})"
            f" WITH RECURSIVE many(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < {times})"
            f" SELECT {values} FROM {model._meta.db_table}, many WHERE {where}"
        )
