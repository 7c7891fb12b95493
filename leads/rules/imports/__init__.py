"""What a file of leads may be, and what its columns are likely to be (ux.md 2.11)."""

from datetime import timedelta

from leads.rules.imports.columns import (
    ANSWER,
    ATTRIBUTE,
    FIELDS,
    Guess,
    Sureness,
    error_lines,
    guess_columns,
    left_out,
)
from leads.rules.imports.makes import key_of, source_of

ROWS_MOST = 1_000_000
CSV_MOST = 200 * 1024 * 1024
XLSX_MOST = 50 * 1024 * 1024
COLUMNS_MOST = 200
UNDO_WITHIN = timedelta(hours=24)
# The file is kept for those who leave and return, and afterwards for the file of its errors.
KEPT_FOR = timedelta(days=7)

__all__ = [
    "ANSWER",
    "ATTRIBUTE",
    "COLUMNS_MOST",
    "CSV_MOST",
    "FIELDS",
    "KEPT_FOR",
    "ROWS_MOST",
    "UNDO_WITHIN",
    "XLSX_MOST",
    "Guess",
    "Sureness",
    "error_lines",
    "guess_columns",
    "key_of",
    "left_out",
    "source_of",
]
