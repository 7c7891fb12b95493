"""How often somebody may do something: counted in the database, so that callers at once are all counted."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime

from leadportal.common import clock
from leads.models import RateLimit

KEPT = timedelta(days=1)

# One statement, so that racing posts cannot read the same count (security.md M9). Both databases know it.
_COUNT = """
INSERT INTO leads_ratelimit AS known (key, window_start, count) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN known.window_start <= %s THEN 1 ELSE known.count + 1 END,
    window_start = CASE WHEN known.window_start <= %s THEN excluded.window_start ELSE known.window_start END
RETURNING count, window_start
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there have been of at most `most`, and in how many seconds counting begins anew."""

    number: int
    most: int
    seconds: int

    @property
    def left(self) -> int:
        """How many more there may be."""
        return max(0, self.most - self.number)

    @property
    def wait(self) -> int:
        """The seconds to wait where this was one too many, else 0."""
        return self.seconds if self.number > self.most else 0


def count_within(key: str, *, most: int, window: timedelta) -> Counted:
    """Count one more under `key`, a keyed hash, within `window` from the first one."""
    moment = clock.now()
    now, begun = (
        connection.ops.adapt_datetimefield_value(value) for value in (moment, moment - window)
    )
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, now, begun, begun])
        number, started = cursor.fetchone()
    if number == 1:
        _forget_old_counts()
    left = (_aware(started) + window - moment).total_seconds()
    return Counted(number, most, max(1, int(left)))


def _aware(value: datetime | str) -> datetime:
    """Return a moment as the database gives it to a plain cursor."""
    found = parse_datetime(value) if isinstance(value, str) else value
    assert found is not None  # noqa: S101  (written by the statement above)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@transaction.atomic
def _forget_old_counts() -> None:
    """Drop counts of yesterday; those that another post drops at this moment are left to it."""
    old = RateLimit.objects.filter(window_start__lt=clock.now() - KEPT)
    keys = list(old.select_for_update(skip_locked=True).values_list("key", flat=True)[:1000])
    if keys:
        RateLimit.objects.filter(key__in=keys).delete()
