"""Working time: people of the demo work from Monday to Friday, forms come in at any hour."""

from datetime import UTC, datetime, timedelta
from random import Random

OPENS, CLOSES = timedelta(hours=8, minutes=15), timedelta(hours=17, minutes=45)
SATURDAY = 5


def midnight(moment: datetime) -> datetime:
    """Return the start of the day of `moment`."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def at_work(moment: datetime) -> datetime:
    """Return `moment`, or the next opening when nobody works then."""
    day = midnight(moment)
    if moment >= day + CLOSES:
        day, moment = day + timedelta(days=1), day + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day, moment = day + timedelta(days=1), day + timedelta(days=1)
    return max(moment, day + OPENS)


def after(moment: datetime, worked: timedelta) -> datetime:
    """Return the moment when people have worked for so long since `moment`."""
    moment = at_work(moment)
    while (closing := midnight(moment) + CLOSES) < moment + worked:
        worked -= closing - moment
        moment = at_work(closing)
    return moment + worked


def some_time(luck: Random, typical: timedelta) -> timedelta:
    """Return a wait that is mostly around `typical`, sometimes much longer, as with people."""
    return typical * luck.lognormvariate(0, 0.65)


def arrivals(luck: Random, count: int, *, since: datetime, until: datetime) -> list[datetime]:
    """Return `count` moments in order: more on working days and by day, slowly more as time goes on."""
    days = (midnight(until) - midnight(since)).days + 1
    first = midnight(since)
    weights = []
    for day in range(days):
        is_weekend = (first + timedelta(days=day)).weekday() >= SATURDAY
        weights.append((0.25 if is_weekend else 1.0) * (0.75 + 0.5 * day / days))
    chosen = luck.choices(range(days), weights, k=count)
    moments = [first + timedelta(days=day, hours=_hour(luck)) for day in chosen]
    span = (until - since).total_seconds()
    return sorted(
        moment if since <= moment <= until else since + timedelta(seconds=luck.random() * span)
        for moment in moments
    )


def _hour(luck: Random) -> float:
    return min(max(luck.gauss(13, 4), 0.1), 23.9)
