"""How a file of leads is made (domain.md section 5; ux.md L34)."""

from datetime import timedelta

XLSX_AT_ONCE = 20_000
KEPT_FOR = timedelta(days=7)


def is_made_later(rows: int) -> bool:
    """Say whether a workbook of so many leads is made in the background. CSV never is: it streams at any size."""
    return rows > XLSX_AT_ONCE
