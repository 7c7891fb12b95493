"""How many leads have come since a page of the list was made (ux.md L40)."""

from datetime import datetime

from leadportal.common.pagination import Count, bounded_count
from leads.selectors.leads import NEWEST, find_hits
from leads.selectors.search import Rows, Sought

TOLD_MOST = 100


def newer_count(rows: Rows, sought: Sought, since: datetime) -> Count:
    """Count those of `rows` whose leads were made after `since`, and match what is sought.

    One query, over at most 101 entries at the end of an index; a search takes two or three, bounded too.
    """
    newer = rows.filter(created_at__gt=since)
    if sought:
        return find_hits(newer, sought, ["lead_id"], small=NEWEST).count
    return bounded_count(newer, TOLD_MOST)
