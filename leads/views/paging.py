"""What the pages of long lists share: where one is in the list, the way on, and how it can be sorted."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext

from leadportal.common.pagination import BadCursorError, Count, Cursor, Order, Page
from leadportal.common.tables import Column, Head, Sort, Sorting, heads
from leads.filters.asked import SIZES


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere; `is_current` where one is there already."""

    label: str
    url: str
    is_current: bool = False


class Asking(Protocol):
    """What an address asks of a list."""

    sorting: Sorting
    size: int

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the table."""

    def address(self, name: str = ..., **changes: Any) -> str:
        """Return the address of the list, or of a page about it, with `changes`."""

    def hidden(self, *left_out: str) -> list[tuple[str, str]]:
        """Return what a form about the list carries along."""


class Pages:
    """A list in pages. A subclass says which rows, how they can be sorted, and the sentences about them."""

    asked: Asking
    ways: Sequence[Sort]
    dated: frozenset[Sort] = frozenset()
    one: Any
    part: Any
    span: Any

    @cached_property
    def page(self) -> Page:
        """The rows, with the places before and behind them."""
        raise NotImplementedError

    @property
    def home_url(self) -> str:
        """The list as the menu opens it: where forms about it go."""
        return self.asked.address().partition("?")[0]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not self.page.rows

    @property
    def heads(self) -> list[Head]:
        """The heads of the table."""
        return heads(
            self.asked.columns, self.asked.sorting, lambda word: self.asked.address(sort=word)
        )

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Every order for the select: word, label, and whether it is the present one."""
        found = [
            Sorting(sort, down)
            for sort in self.ways
            for down in (sort.is_down_first, not sort.is_down_first)
        ]
        return [(way.word, way.label, way == self.asked.sorting) for way in found]

    @property
    def kept_by_search(self) -> list[tuple[str, str]]:
        """What the search box carries along."""
        return self.asked.hidden("q")

    @property
    def kept_by_sort(self) -> list[tuple[str, str]]:
        """What the choice of an order carries along."""
        return self.asked.hidden("sort")

    @property
    def sizes(self) -> list[Link]:
        """How many rows a page can have."""
        return [
            Link(str(size), self.asked.address(size=str(size)), size == self.asked.size)
            for size in SIZES
        ]

    @property
    def start_link(self) -> Link | None:
        """The way back to the first page, or None on it."""
        if not self.page.previous:
            return None
        label = gettext("Newest") if self.is_newest_first else gettext("First")
        return Link(label, self.asked.address())

    @property
    def previous_url(self) -> str:
        """The page before, if there is one."""
        return self.page.previous and self.asked.address(before=self.page.previous)

    @property
    def next_url(self) -> str:
        """The page behind, if there is one."""
        return self.page.next and self.asked.address(after=self.page.next)

    @property
    def is_newest_first(self) -> bool:
        """Whether the list starts today."""
        return self.is_by_date and self.asked.sorting.is_descending

    @property
    def is_by_date(self) -> bool:
        """Whether one can jump to a date."""
        return self.asked.sorting.sort in self.dated

    @cached_property
    def count(self) -> Count:
        """How many rows there are: exact as soon as the last page is reached."""
        page, count = self.page, self.page.count
        if count.is_exact or page.start is None:
            return count
        last = page.start + len(page.rows) - 1
        return (
            Count(max(count.number, last + 1), max(count.most, last))
            if page.next
            else Count(last, last)
        )

    @property
    def summary(self) -> str:
        """The place of the page in the list: "Showing 26 to 50 of 2,160 leads"."""
        page, words = self.page, self.count.words
        if self.count.is_exact and self.count.number == 1:
            return str(self.one)
        if page.start is None:
            return str(self.part) % {"shown": len(page.rows), "count": words}
        return str(self.span) % {
            "first": f"{page.start:,}",
            "last": f"{page.start + len(page.rows) - 1:,}",
            "count": words,
        }


def cursor_after(request: HttpRequest, order: Order, model: type[Model]) -> Cursor | None:
    """Return the place behind which a page begins; None for the first, and for a cursor that is none."""
    try:
        return Cursor.read(request.GET.get("after", ""), order, model)
    except BadCursorError:
        return None
