"""How workers share a table of things to do: mail and jobs (security.md R15).

All moments are the database's own, so that the clocks of several workers do not matter.
"""

import logging
import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.db import (
    InterfaceError,
    OperationalError,
    close_old_connections,
    transaction,
)
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Now

logger = logging.getLogger(__name__)

PAUSE = 2  # seconds between two looks at an empty table
LONGEST_WAIT = timedelta(hours=6)

Row = TypeVar("Row", bound=Model)


def is_free() -> Q:
    """Return the condition of a row that is due and in no worker's hands."""
    return (Q(leased_until__isnull=True) | Q(leased_until__lt=Now())) & Q(due_at__lte=Now())


def claim(free: "QuerySet[Row]", **lease: Any) -> Row | None:
    """Take the first of the `free` rows, count the try and write the `lease`; None when there is none.

    PostgreSQL skips rows that another worker is claiming; on SQLite the condition on the update decides.
    """
    if not free.exists():  # an idle worker takes no write lock
        return None
    with transaction.atomic():
        row = free.order_by("due_at", "id").select_for_update(skip_locked=True).first()
        if row is None or not free.filter(pk=row.pk).update(tries=F("tries") + 1, **lease):
            return None
        return free.model._default_manager.get(pk=row.pk)


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: four times longer each time, with jitter, 6 hours at most."""
    longest = min(timedelta(minutes=1) * 4 ** (tries - 1), LONGEST_WAIT)
    return longest * random.uniform(0.75, 1)  # noqa: S311  (spreads load, guards nothing)


def repeat_until(stop: threading.Event, work: Callable[[], object]) -> None:
    """Do `work` again and again until `stop` is set. A database that is away is waited for."""
    while not stop.is_set():
        close_old_connections()
        try:
            work()
        except (OperationalError, InterfaceError) as error:
            logger.warning("The database cannot be read: %s", error)
        stop.wait(PAUSE)
