"""The lead list: which rows, in which order, from where.

A `LeadList` is what an address asks for. Everything that shows a list reads it: the page, its counts,
the CSV file. Rows that only access columns narrow are walked in index order; where the sort does not
match the filter, a few hits are sorted and many are walked. A search looks at the newest rows first and
asks the index when it is rare there (access.md section 4).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, Subquery, Value
from django.db.models.functions import Coalesce

from leadportal.common import clock
from leadportal.common.pagination import (
    MOST,
    Count,
    Cursor,
    Found,
    Key,
    Known,
    Order,
    Page,
    bounded_count,
    page_at,
)
from leads.selectors.rows import LeadRow, read_rows
from leads.selectors.search import Rows, Sought, indexed_keys, probed, with_stored

# Up to so many hits of a filter are sorted; more are met soon enough by a walk along the sort's index.
SORTED_MOST = 3_000
# Of a search at a large desk the newest rows are looked at first: with so many hits it is common, and a
# walk meets a page of them soon; with fewer it is rare enough for the index.
NEWEST = 1_000
COMMON = 5


@dataclass(frozen=True)
class Hits:
    """What a search found: the chosen columns of each hit; `count` says whether these are all."""

    keys: list[Key]
    count: Count


def find_hits(
    rows: Rows,
    sought: Sought,
    fields: Sequence[str],
    *,
    small: int = MOST,
    newest: int = NEWEST,
) -> Hits:
    """Return `fields` of the rows whose leads match.

    All of them where there are up to `small` rows or the search is rare; else those among the `newest`
    rows, with a count that says "more than". One or two queries.
    """
    is_large = Exists(rows.order_by()[small : small + 1])
    edge = rows.filter(is_large).order_by("-created_at").values("created_at")[newest : newest + 1]
    recent = rows.filter(created_at__gte=Coalesce(Subquery(edge), Value(clock.LONG_AGO)))
    order = ("-created_at", "-lead_id")
    looked_at = probed(recent, sought).annotate(is_large=is_large).order_by(*order)
    hits = list(looked_at.values_list(*fields, "is_large"))
    keys: list[Key] = [tuple(key) for *key, _is_large in hits]
    if hits and not hits[0][-1]:
        return Hits(keys, Count(len(keys), MOST))
    if len(keys) >= COMMON and (more := Count.more_than(len(keys))):
        return Hits(keys, more)
    keys = indexed_keys(rows, sought, fields, MOST + 1)
    return Hits(keys, Count(len(keys), MOST))


@dataclass(frozen=True)
class LeadList:
    """What is asked for: scoped and filtered access rows, an order, and what is sought on the leads.

    `suits_index` says that one index answers filter and order together, `more` what is read of each row
    beside its usual columns.
    """

    rows: Rows
    order: Order
    suits_index: bool = True
    sought: Sought = field(default_factory=Sought)
    more: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def found(self) -> Found:
        """How the rows are found, decided once: costs the count, or the hits of a search."""
        if not self.sought:
            count = bounded_count(self.rows)
            is_sorted = not self.suits_index and count.number <= SORTED_MOST
            return Walk(self.rows, self.order, self.more, count, keeps_index_out=is_sorted)
        hits = find_hits(self.rows, self.sought, self.order.fields)
        if hits.count.is_exact:
            return Fetched(self.rows, self.order, self.more, hits.keys)
        return Walk(probed(self.rows, self.sought), self.order, self.more, hits.count)

    @cached_property
    def first(self) -> LeadRow | None:
        """The lead whose complete Lead ID was searched for: it comes first, whatever the order (ux.md L9)."""
        term = self.sought.term
        if term is None or not term.reference:
            return None
        rows = with_stored(self.rows, self.sought.stored).filter(lead__reference=term.reference)
        found = read_rows(rows, self.order, self.more)
        return found[0] if found else None

    def exact_count(self) -> int:
        """Return the number of rows without a bound: for a file, never for a page."""
        if not self.sought:
            return self.rows.order_by().count()
        if self.found.count.is_exact:
            return self.found.count.number
        return probed(self.rows, self.sought).order_by().count()

    def all_rows(self) -> Rows:
        """Return every row in order, ready to be read as a stream."""
        rows = self.rows
        if isinstance(self.found, Fetched):
            rows = rows.filter(lead__in=[key[-1] for key in self.found.keys])
        elif self.sought:
            rows = probed(rows, self.sought)
        return self.order.apply(rows)


class Walk(Found):
    """Rows that the database finds along an index, or sorts when they are few."""

    def __init__(
        self,
        rows: Rows,
        order: Order,
        more: Mapping[str, Any],
        count: Count,
        *,
        keeps_index_out: bool = False,
    ) -> None:
        self.rows, self.order, self.more, self.count = rows, order, more, count
        self.keeps_index_out = keeps_index_out

    def take(self, key: Key | None, most: int, *, backwards: bool = False) -> list[LeadRow]:
        """See `Found`."""
        rows = self.rows if key is None else self.order.beyond(self.rows, key, backwards=backwards)
        if self.keeps_index_out:
            ordered = rows.order_by(*self._expressions(backwards=backwards))
        else:
            ordered = self.order.apply(rows, backwards=backwards)
        taken = read_rows(ordered[:most], self.order, self.more)
        return taken[::-1] if backwards else taken

    def _expressions(self, *, backwards: bool) -> list[Any]:
        # No index is made of this: the planner starts at the filter instead of walking in hope.
        columns = [Coalesce(F(field), F(field)) for field in self.order.fields]
        is_descending = self.order.is_descending != backwards
        return [column.desc() if is_descending else column.asc() for column in columns]


class Fetched(Known):
    """Rows whose keys are all known."""

    def __init__(
        self, rows: Rows, order: Order, more: Mapping[str, Any], keys: Sequence[Key]
    ) -> None:
        super().__init__(keys, order)
        self.rows, self.more = rows, more

    def read(self, keys: Sequence[Key]) -> list[LeadRow]:
        """See `Known`."""
        wanted = self.rows.filter(lead__in=[one[-1] for one in keys]).order_by()
        rows = {row.lead_id: row for row in read_rows(wanted, self.order, self.more)}
        return [rows[one[-1]] for one in keys if one[-1] in rows]


def lead_page(
    wanted: LeadList, *, size: int, cursor: Cursor | None = None, backwards: bool = False
) -> Page:
    """Return the `size` leads behind `cursor`, or before it; the first ones without a cursor (`page_at`)."""
    return page_at(wanted.found, size=size, cursor=cursor, backwards=backwards, first=wanted.first)
