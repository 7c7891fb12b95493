"""The XLSX reader: sheets row by row as texts, in constant memory whatever a file holds (security.md R23, section 4).

openpyxl reads; what it would keep whole, or believe, is replaced here.
"""

import io
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet._read_only import ReadOnlyWorksheet
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from leadportal.common.csv import UnreadableError

MB = 1024 * 1024
# A small file can unpack to any size (security.md section 4, "sizes"); what an honest one of 50 MB comes to.
UNPACKED_MOST = 600 * MB
# What is kept in memory at a time: a part beside sheets and texts, a row, a text of several cells.
PART_MOST, ROW_MOST = 32 * MB, 16 * MB
# The format ends there; a row may claim any number.
LAST_ROW = 1_048_576
_KEPT_TEXTS = 10_000
_TEXT = f"{{{SHEET_MAIN_NS}}}si"


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
            % {"size": f"{unpacked // MB:,}", "most": f"{UNPACKED_MOST // MB:,}"}
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
        chosen = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
        for number, row in enumerate(chosen.iter_rows(values_only=True), start=1):
            if number > LAST_ROW:
                raise UnreadableError(_broken())
            yield [_read(value) for value in row]


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Open a workbook; every fault of the file, also while it is read, is an UnreadableError."""
    check_unpacked(path)
    # The library leaves a file open that it fails to read: so it is opened here.
    with path.open("rb") as file:
        try:
            reader = _Reader(file)
            reader.read()
            yield reader.wb
        except UnreadableError:
            raise
        except Exception as error:
            # The library lets every fault of a file out as whatever it ran into.
            raise UnreadableError(_broken()) from error


class _Reader(ExcelReader):
    """Opens a workbook without its looks. XML is parsed by defusedxml, which the library takes by itself."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file, read_only=True, data_only=True, keep_links=False)
        self.archive = _Archive(file)

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            self.shared_strings = _Texts(self.archive.open(part.PartName[1:]))

    def read_properties(self) -> None:
        """Nobody asks for them; nor for the two below."""

    read_custom = read_theme = read_properties

    def read_worksheets(self) -> None:
        for sheet, link in self.parser.find_sheets():
            if link.target in self.valid_files and "chartsheet" not in link.Type:
                page = _Sheet(self.wb, sheet.name, link.target, self.shared_strings)
                self.wb._sheets.append(page)  # noqa: SLF001  (as the class that this one extends)


class _Archive(zipfile.ZipFile):
    """The parts of a workbook; those that are read whole have an end."""

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        if self.getinfo(name).file_size > PART_MOST:
            raise UnreadableError(_broken())
        return super().read(name, pwd)


class _Sheet(ReadOnlyWorksheet):
    """The rows that are there: how many and how wide a sheet says that they are is not believed."""

    def _get_size(self) -> None:
        """Leave it open."""

    def _get_source(self) -> "_Watched":
        return _Watched(super()._get_source(), "row")


class _Watched(io.RawIOBase):
    """A part of a workbook as it is read, element by element: none of them may fill the memory.

    Comments and sections of characters, behind which one could hide, are in no file of a spreadsheet.
    """

    def __init__(self, part: IO[bytes], element: str) -> None:
        super().__init__()
        self._part, self._element = part, re.compile(rf"<(?:\w+:)?{element}[\s/>]".encode())
        self._end, self._length = b"", 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return the next piece. Raises UnreadableError."""
        piece = self._part.read(size)
        seen = self._end + piece
        if b"<!" in seen:
            raise UnreadableError(_broken())
        self._length += len(piece)
        for found in self._element.finditer(seen):
            self._length = len(seen) - found.end()
        self._end = seen[-50:]
        if self._length > ROW_MOST:
            sentence = gettext(
                "A row or a text of this workbook is larger than %(most)s MB. Shorten it, or save it as CSV."
            )
            raise UnreadableError(sentence % {"most": f"{ROW_MOST // MB:,}"})
        return piece

    def close(self) -> None:
        self._part.close()
        super().close()


class _Texts:
    """The texts that cells share, by number: on disk, and read no further than somebody asked. They may be millions."""

    def __init__(self, part: IO[bytes]) -> None:
        self._unread = self._texts(_Watched(part, "si"))
        self._disk = sqlite3.connect("", isolation_level=None)
        self._disk.execute("CREATE TABLE texts (number INTEGER PRIMARY KEY, text TEXT)")
        self._disk.execute("BEGIN")
        self.count = 0
        self._known = lru_cache(_KEPT_TEXTS)(self._stored)

    def __getitem__(self, number: int) -> str:
        while number >= self.count and self._read_on():
            pass
        return self._known(number)

    def _stored(self, number: int) -> str:
        found = self._disk.execute("SELECT text FROM texts WHERE number = ?", [number]).fetchone()
        if found is None:
            raise IndexError(number)
        return str(found[0])

    def _read_on(self) -> bool:
        """Store some more; say whether there were any."""
        texts = list(enumerate(islice(self._unread, 1000), start=self.count))
        self._disk.executemany("INSERT INTO texts VALUES (?, ?)", texts)
        self.count += len(texts)
        return bool(texts)

    @staticmethod
    def _texts(part: _Watched) -> Iterator[str]:
        with part:
            events = iterparse(part, ("start", "end"))
            _event, root = next(events)
            for event, node in events:
                if event == "end" and node.tag == _TEXT:
                    yield Text.from_tree(node).content.replace("x005F_", "")
                    root.clear()


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
