"""One XLSX writer and one reader. A text is a text there, never a formula (ux.md L34; security.md R23)."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext
from openpyxl import load_workbook
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from leadportal.common.csv import UnreadableError

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


# A small file can unpack to any size (security.md section 4, "sizes"); what an honest one of 50 MB comes to.
UNPACKED_MOST = 600 * 1024 * 1024


def check_unpacked(path: Path) -> None:
    """Raise UnreadableError for a file that is no workbook, or would unpack to more than UNPACKED_MOST.

    The sizes that the archive names are enough: what an entry holds beyond its own is never unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            is_workbook = "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        is_workbook, unpacked = False, 0
    if not is_workbook:
        raise UnreadableError(
            gettext("This is not a workbook that we can read. Save it as XLSX or CSV again.")
        )
    if unpacked > UNPACKED_MOST:
        raise UnreadableError(
            gettext("This workbook unpacks to %(size)s MB. The limit is %(most)s MB. Split it.")
            % {"size": f"{unpacked // 1024**2:,}", "most": f"{UNPACKED_MOST // 1024**2:,}"}
        )


def sheet_names(path: Path) -> list[str]:
    """Return the names of the sheets. Raises UnreadableError."""
    with _opened(path) as book:
        return [sheet.title for sheet in book.worksheets]


def read_xlsx(path: Path, *, sheet: str = "") -> Iterator[list[str]]:
    """Read a sheet row by row as texts: the values that were stored, no formula is computed.

    The first sheet, unless `sheet` names another. Raises UnreadableError.
    """
    with _opened(path) as book:
        try:
            chosen = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
            for row in chosen.iter_rows(values_only=True):
                yield [_read(value) for value in row]
        except Exception as error:
            # The library lets every fault of a file out as whatever it ran into.
            raise UnreadableError(_broken()) from error


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    check_unpacked(path)
    # The library leaves a file open that it fails to read: so it is opened here.
    with path.open("rb") as file:
        try:
            # XML is parsed by defusedxml, which openpyxl takes by itself where it is installed.
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except Exception as error:
            raise UnreadableError(_broken()) from error
        try:
            yield book
        finally:
            book.close()


def _broken() -> str:
    return gettext("This workbook is damaged. Open it in a spreadsheet and save it again.")


def _read(value: Any) -> str:
    """Return a stored value as the text that a CSV file would have."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        is_day = not (value.hour or value.minute or value.second)
        return value.date().isoformat() if is_day else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
