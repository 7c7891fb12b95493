"""The guard against formulas, and that import can take away exactly what it added (ux.md L34)."""

import csv
import io
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadportal.common.csv import csv_pieces, guard, unguard


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@cmd", "'@cmd"),
        ("\tcmd", "'\tcmd"),
        ("\rcmd", "'\rcmd"),
        ("+351 912 345 678", "+351 912 345 678"),
        ("+1+1", "'+1+1"),
        ("+", "'+"),
        ("+ ", "'+ "),
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        ("-5-2", "'-5-2"),
        ("'=1", "''=1"),
        ("it's", "it's"),
        ("'s", "'s"),
        ("", ""),
        ("a=1", "a=1"),
        ("＝1", "＝1"),
    ],
)
def test_guard(text, expected):
    assert guard(text) == expected
    assert unguard(expected) == text


@given(st.text() | st.text(alphabet="=+-@\t\r' 019a"))
def test_import_gets_back_what_was_there(text):
    assert unguard(guard(text)) == text


@given(st.text(alphabet="=+-@\t\r' 019a"))
def test_what_is_guarded_never_starts_like_a_formula(text):
    safe = guard(text)
    if safe[:1] in tuple("=+-@\t\r"):
        assert safe.replace(" ", "").lstrip("+-").replace(".", "", 1).isdigit()


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=4))
def test_every_text_survives_the_file(rows):
    clean = [[cell.encode("utf-8", "ignore").decode() for cell in row] for row in rows]
    content = b"".join(csv_pieces(["one", "two"], clean, UTC)).decode("utf-8-sig")
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    assert next(reader) == ["one", "two"]
    assert [[unguard(cell) for cell in row] for row in reader] == clean


def test_a_text_that_cannot_be_written_does_not_break_the_file():
    assert b"?" in b"".join(csv_pieces(["one"], [["\ud800"]], UTC))
