"""Files that the portal keeps for one person: made or sent, and removed when they expire."""

from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

from leadportal.common import clock

FORGOTTEN_AFTER = timedelta(days=1)


def sweep_folder(folder: Path, kept: Collection[str]) -> int:
    """Remove what lies in `folder` under another name than those `kept`, and is a day old; return how many.

    A day is longer than any file takes to be made or sent: what is older was left by who died or went away.
    """
    old = (clock.now() - FORGOTTEN_AFTER).timestamp()
    gone = [
        path for path in folder.glob("*") if path.name not in kept and path.stat().st_mtime < old
    ]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
