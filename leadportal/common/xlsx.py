"""The XLSX writer. A text is a text there, never a formula (ux.md L34; security.md R23)."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_ROWS = 1_000_000  # without the head; the format ends at 1,048,576
CELL_LENGTH = 32_767  # of the format; the library leaves out what is longer

# No cell of ours is guessed at: texts that look like formulas, links or numbers stay texts.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MOMENT = {"num_format": "yyyy-mm-dd hh:mm:ss"}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_xlsx(
    to: Path | IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]], zone: tzinfo
) -> int:
    """Write a workbook and return the number of its rows; above SHEET_ROWS they go on in further sheets.

    Moments become dates in `zone`, which spreadsheets can sort and reckon with; None an empty cell.
    """
    count = 0
    with Workbook(to, _OPTIONS) as book:
        form = book.add_format(_MOMENT)
        sheet = _sheet(book, header)
        for row in rows:
            if count and count % SHEET_ROWS == 0:
                sheet = _sheet(book, header)
            line = count % SHEET_ROWS + 1
            for place, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, place, _text(value))
                elif isinstance(value, datetime):
                    sheet.write_datetime(line, place, _moment(value, zone), form)
                elif value is not None:
                    sheet.write_number(line, place, value)
            count += 1
    return count


def _sheet(book: Workbook, header: Sequence[str]) -> Worksheet:
    """Add a sheet with its head, which stays in sight."""
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(header):
        sheet.write_string(0, place, _text(name))
    return sheet


def _moment(value: datetime, zone: tzinfo) -> datetime:
    return value.astimezone(zone).replace(microsecond=0, tzinfo=None)


def _text(text: str) -> str:
    """Return a text as the format can hold it."""
    return _NOT_IN_XML.sub("", text)[:CELL_LENGTH]
