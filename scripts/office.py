"""Where LibreOffice is: one answer for the tests that open files in a spreadsheet and the test run's last line."""

import os
import shutil
from pathlib import Path

MISSING = "no LibreOffice: apt-get install --no-install-recommends libreoffice-calc, or set SOFFICE"


def find_office() -> str | None:
    """Return the path of $SOFFICE or of the soffice on PATH; None without one.

    A SOFFICE that names no file counts as missing: whoever sets it wants that one.
    """
    if wanted := os.environ.get("SOFFICE"):
        return wanted if Path(wanted).is_file() else None
    return shutil.which("soffice")
