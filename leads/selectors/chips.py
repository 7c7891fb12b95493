"""How many leads stand in each status: the numbers on the chips above the list (ux.md L17, L18)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from leadportal.common.pagination import MOST, Count, bounded_count
from leads.enums import Status
from leads.selectors.leads import find_hits
from leads.selectors.search import Rows, Sought


@dataclass(frozen=True)
class StatusCounts:
    """A count for each status, and for all but the deleted. None: not known without looking at too much."""

    by_status: dict[Status, Count | None]
    everything: Count | None


def status_counts(rows: Rows, sought: Sought, statuses: Iterable[Status]) -> StatusCounts:
    """Count `rows`, which no status narrows, in each of `statuses`, bounded.

    One query for each status; a search takes two or three for all of them.
    """
    if not sought:
        counts = {status: bounded_count(rows.filter(status=status)) for status in statuses}
        total = sum(count.number for status, count in counts.items() if status != Status.DELETED)
        return StatusCounts(dict(counts), Count(total, MOST))
    hits = find_hits(rows, sought, ["status"], newest=MOST)
    found = Counter(status for (status,) in hits.keys)
    total = len(hits.keys) - found[Status.DELETED]
    make = _exactly if hits.count.is_exact else Count.more_than
    return StatusCounts({status: make(found[status]) for status in statuses}, make(total))


def _exactly(number: int) -> Count | None:
    return Count(number, MOST)
