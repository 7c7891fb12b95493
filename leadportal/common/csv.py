"""One CSV writer, one reader, and the guard against cells that a spreadsheet would run (ux.md L34; security.md R23)."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import IO, Any

from django.utils.translation import gettext

from leadportal.common.errors import Refused

BOM = "\ufeff"
PIECE = 64 * 1024

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
# A phone number as it is dialled, and a number: spreadsheets show both and run neither.
_HARMLESS = re.compile(r"\+[\d ]*\d[\d ]*|[+-]?\d+([.,]\d+)?", re.ASCII)


def guard(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula: with an apostrophe before it.

    A text that looks guarded already gets one more, so that `unguard` gives back exactly what was there.
    """
    return f"'{text}" if _is_dangerous(text.lstrip("'")) else text


def unguard(text: str) -> str:
    """Return what `guard` was given; a text that it never makes stays as it is."""
    return text[1:] if text.startswith("'") and _is_dangerous(text.lstrip("'")) else text


def _is_dangerous(text: str) -> bool:
    return text.startswith(_DANGEROUS) and not _HARMLESS.fullmatch(text)


def csv_pieces(
    header: Iterable[str], rows: Iterable[Iterable[Any]], zone: tzinfo
) -> Iterator[bytes]:
    """Return a file in pieces: UTF-8 with BOM, CRLF, quotes where needed (RFC 4180).

    Texts are guarded, moments are written in `zone` with their offset (ISO 8601), None as an empty cell.
    """
    text = io.StringIO(newline="")
    write = csv.writer(text, lineterminator="\r\n").writerow
    text.write(BOM)
    write([guard(name) for name in header])
    for row in rows:
        write([_cell(value, zone) for value in row])
        if text.tell() > PIECE:
            yield text.getvalue().encode("utf-8", "replace")
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def _cell(value: Any, zone: tzinfo) -> Any:
    if isinstance(value, str):
        return guard(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return value


class UnreadableError(Refused):
    """A file, or the rest of one, cannot be read. `sentence` says where and what to do."""


def read_csv(file: IO[bytes], *, encoding: str, separator: str) -> Iterator[list[str]]:
    """Read a file row by row, in constant memory and without our guard; an empty line is an empty row.

    Raises UnreadableError where the bytes are not in `encoding`, a quotation mark is out of place or never
    closed, or a cell is longer than the library takes: everything after that would be guessed.
    """
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    reader = csv.reader(text, delimiter=separator, strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            yield [unguard(cell) for cell in row]
    except UnicodeError:
        raise UnreadableError(
            gettext("The text after row %(row)s is not in this encoding. Choose another one.")
            % {"row": f"{number:,}"}
        ) from None
    except csv.Error:
        raise UnreadableError(
            gettext(
                "Row %(row)s cannot be read: a quotation mark is missing or not doubled, or a cell is too long."
            )
            % {"row": f"{number + 1:,}"}
        ) from None
    finally:
        text.detach()  # the file is its owner's to close
