"""What can be taken back, and for how long (domain.md section 2, "undo")."""

from datetime import datetime, timedelta

from leads.enums import EventKind

UNDO_WITHIN = timedelta(minutes=2)
BULK_UNDO_WITHIN = timedelta(minutes=10)
UNDOABLE = frozenset(
    {
        EventKind.ASSIGNED,
        EventKind.DISQUALIFIED,
        EventKind.DELETED,
        EventKind.PROGRESS_CHANGED,
        EventKind.PRODUCT_ADDED,
        EventKind.PRODUCT_REMOVED,
        EventKind.NOTE_DELETED,
    }
)


def is_undoable(kind: str, at: datetime, now: datetime, within: timedelta = UNDO_WITHIN) -> bool:
    """Say whether a history line of `kind`, written at `at`, can still be taken back at `now`."""
    return kind in UNDOABLE and now - at <= within
