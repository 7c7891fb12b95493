"""Where Dovecot is: one answer for the tests that fetch mails and the test run's last line."""

import os
import shutil
from pathlib import Path

MISSING = "no Dovecot: apt-get install --no-install-recommends dovecot-imapd, or set DOVECOT"


def find_dovecot() -> str | None:
    """Return the path of $DOVECOT, or of dovecot on PATH or in /usr/sbin; None without one.

    A DOVECOT that names no file counts as missing: whoever sets it wants that one.
    """
    if wanted := os.environ.get("DOVECOT"):
        return wanted if Path(wanted).is_file() else None
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
