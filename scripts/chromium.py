"""Where Chromium is: one answer for the tests, the pictures and the test run's last line."""

import os
import shutil
from pathlib import Path

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
]


def find_chromium() -> str | None:
    """Return the path of $CHROMIUM, /usr/bin/chromium or the chromium on PATH; None without one.

    A CHROMIUM that names no file counts as missing: whoever sets it wants that one.
    """
    if wanted := os.environ.get("CHROMIUM"):
        return wanted if Path(wanted).is_file() else None
    if Path("/usr/bin/chromium").is_file():
        return "/usr/bin/chromium"
    return shutil.which("chromium")
