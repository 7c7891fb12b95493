"""Read an imported file: how it is written, and its rows, one after the other."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO

import charset_normalizer
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadportal.common.csv import UnreadableError, read_csv
from leadportal.common.text import clean_line
from leadportal.common.workbooks import read_xlsx, sheet_names
from leads.enums import FileKind
from leads.models import Import
from leads.rules.imports import COLUMNS_MOST, ROWS_MOST

Numbered = tuple[int, list[str]]

# What can be chosen. The codec of UTF-8 drops the byte order mark, the others keep none.
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": gettext_lazy("UTF-16, little endian"),
    "utf-16-be": gettext_lazy("UTF-16, big endian"),
    "cp1252": gettext_lazy("Western European (Windows-1252)"),
    "latin-1": gettext_lazy("Western European (ISO 8859-1)"),
    "iso8859-15": gettext_lazy("Western European (ISO 8859-15)"),
    "mac_roman": gettext_lazy("Western European (Mac)"),
    "cp1250": gettext_lazy("Central European (Windows-1250)"),
    "cp1251": gettext_lazy("Cyrillic (Windows-1251)"),
    "cp1253": gettext_lazy("Greek (Windows-1253)"),
    "cp1254": gettext_lazy("Turkish (Windows-1254)"),
    "shift_jis": gettext_lazy("Japanese (Shift JIS)"),
    "gb18030": gettext_lazy("Chinese (GB 18030)"),
}
SEPARATORS = {
    ",": gettext_lazy("Comma"),
    ";": gettext_lazy("Semicolon"),
    "\t": gettext_lazy("Tab"),
    "|": gettext_lazy("Bar"),
}
# Scripts that a look at the bytes tells apart. Western and Central Europe share nearly all bytes, so that the
# most frequent code page is taken there, and people choose another one where they see wrong letters.
_OTHER_SCRIPTS = ("cp1251", "cp1253", "shift_jis", "gb18030")
_SAMPLE = 64 * 1024
_PIECE = 1024 * 1024
_SHOWN_LENGTH = 200


def kind_of(path: Path) -> FileKind:
    """Return what a file is by its first bytes. Raises UnreadableError for one that we do not read."""
    with path.open("rb") as file:
        begin = file.read(8)
    if begin.startswith(b"PK\x03\x04"):
        return FileKind.XLSX
    if begin == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableError(_("This is an old or locked workbook. Save it as XLSX or CSV."))
    return FileKind.CSV


def encoding_of(path: Path) -> str:
    """Return how the text of a CSV file is most likely encoded: one of ENCODINGS."""
    with path.open("rb") as file:
        begin = file.read(_SAMPLE)
        if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if begin.count(0) > len(begin) // 4:
            return "utf-16-le" if begin[1::2].count(0) > begin[0::2].count(0) else "utf-16-be"
        file.seek(0)
        odd = _first_beyond_utf8(file)
    return _by_bytes(odd) if odd else "utf-8-sig"


def _first_beyond_utf8(file: IO[bytes]) -> bytes:
    """Return the bytes around the first that are not UTF-8; nothing when all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    while piece := file.read(_PIECE):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            return error.object[max(0, error.start - _SAMPLE) : error.start + _SAMPLE]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return error.object
    return b""


def _by_bytes(odd: bytes) -> str:
    best = charset_normalizer.from_bytes(odd, cp_isolation=[*_OTHER_SCRIPTS, "cp1252"]).best()
    if best is not None and best.encoding in _OTHER_SCRIPTS:
        return best.encoding
    try:
        odd.decode("cp1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "cp1252"


def separator_of(path: Path, encoding: str) -> str:
    """Return what most likely stands between the cells: what cuts the first rows into equally many."""
    with path.open("rb") as file:
        text = file.read(_SAMPLE).decode(encoding, "ignore")
    return max(SEPARATORS, key=lambda one: _evenness(text, one))


def _evenness(text: str, separator: str) -> tuple[int, int]:
    """Return how many of the first rows have as many cells as the names above them, if these are several, and how many.

    What texts below have between their words is in no name: it would cut them anywhere.
    """
    rows = islice(csv.reader(text.splitlines(keepends=True), delimiter=separator), 50)
    try:
        lengths = [len(row) for row in rows if row]
    except csv.Error:
        return 0, 0
    cells = lengths[0] if lengths else 0
    return (lengths.count(cells), cells) if cells > 1 else (0, 0)


def sheets_of(source: Import) -> list[str]:
    """Return the names of a workbook's sheets; none of a CSV file."""
    return sheet_names(source.path) if source.kind == FileKind.XLSX else []


class ImportRows:
    """The rows of a file below its header, with their numbers as a spreadsheet shows them; empty ones left out.

    Rows up to number `after` are passed over. `share` says how far the reading has come, in per cent.
    """

    def __init__(self, source: Import, *, after: int = 0) -> None:
        self.source, self.after, self.share = source, after, 0
        self.header: list[str] = []

    def __iter__(self) -> Iterator[Numbered]:
        """Raises UnreadableError, also for more rows or columns than are taken."""
        count = 0
        for number, row in enumerate(self._all(), start=1):
            if not any(cell.strip() for cell in row):
                continue
            if not self.header:
                self.header = _trimmed(row)
                continue
            count += 1
            if count > ROWS_MOST:
                raise UnreadableError(
                    _("The file has more than %(most)s rows. Split it and import each part.")
                    % {"most": f"{ROWS_MOST:,}"}
                )
            if number > self.after:
                yield number, row

    def _all(self) -> Iterator[list[str]]:
        source = self.source
        if source.kind == FileKind.XLSX:
            yield from read_xlsx(source.path, sheet=source.sheet)
            return
        with source.path.open("rb") as file:
            for number, row in enumerate(
                read_csv(file, encoding=source.encoding, separator=source.separator)
            ):
                if number % 1000 == 0:
                    self.share = 100 * file.tell() // max(1, source.size)
                yield row


def _trimmed(row: Sequence[str]) -> list[str]:
    """Return the names of the columns, without empty ones at the end."""
    names = [clean_line(name[:_SHOWN_LENGTH]) for name in row]
    while names and not names[-1]:
        names.pop()
    if len(names) > COLUMNS_MOST:
        raise UnreadableError(
            _("The file has more than %(most)s columns. Delete those that are not needed.")
            % {"most": COLUMNS_MOST}
        )
    return names


def header_and_rows(source: Import, many: int) -> tuple[list[str], list[Numbered]]:
    """Return the header and the first rows below it. Raises UnreadableError, also for a file without any."""
    rows = ImportRows(source)
    try:
        first = list(islice(rows, many))
    except FileNotFoundError:
        raise UnreadableError(
            _("The file is no longer there. Files are kept for 7 days. Choose it again.")
        ) from None
    if not rows.header:
        raise UnreadableError(_("The file is empty. Choose one with a row of column names."))
    return rows.header, first
