"""Keyset paging: a page starts behind a row, not at a number, so that page 4,000 costs what page 1 costs.

Tuple comparisons are no documented API of Django: this module alone uses them, and tests assert the
index conditions they end in on both databases (access.md sections 3 and 6).
"""

import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext

MOST = 10_000
# Of the longest key: a text of 80 letters (models/access.py) that JSON spells out, twelve bytes each at most.
CURSOR_LENGTH = 1_500

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Order:
    """How rows are sorted: by `fields`, all in one direction; the last field is unique."""

    fields: tuple[str, ...]
    is_descending: bool

    def apply(self, rows: "QuerySet[Any]", *, backwards: bool = False) -> "QuerySet[Any]":
        """Return `rows` in this order, or the other way round."""
        sign = "-" if self.is_descending != backwards else ""
        return rows.order_by(*(f"{sign}{field}" for field in self.fields))

    def beyond(
        self, rows: "QuerySet[Any]", key: Key, *, backwards: bool = False
    ) -> "QuerySet[Any]":
        """Return those of `rows` that come after `key`, or before it.

        SQLite has no tuple comparison and would walk from the start: the comparison of the first
        column beside it makes the index range.
        """
        is_less = self.is_descending != backwards
        beside = Q(**{f"{self.fields[0]}__{'lte' if is_less else 'gte'}": key[0]})
        compare = TupleLessThan if is_less else TupleGreaterThan
        return rows.filter(beside, compare(tuple(F(field) for field in self.fields), key))

    def comes_after(self, one: Key, other: Key) -> bool:
        """Say whether `one` stands behind `other`; texts compare by code point, as both databases do."""
        return one < other if self.is_descending else one > other


class BadCursorError(ValueError):
    """A cursor that we did not write for this list and order."""


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: beside the row with `key`; `position` rows stand before it, if known."""

    key: Key
    position: int | None = None

    def write(self, order: Order) -> str:
        """Return the cursor for an address: signed, good for this order only."""
        values = [_plain(value) for value in self.key]
        return _signer(order).sign_object([self.position, *values])

    @classmethod
    def read(
        cls,
        text: str,
        order: Order,
        model: type[Model],
        computed: "Mapping[str, Field[Any, Any]] | None" = None,
    ) -> Self:
        """Return the cursor that `write` made; raises BadCursorError for everything else.

        `computed` says what the columns are that the model does not have.
        """
        if len(text) > CURSOR_LENGTH:
            raise BadCursorError
        try:
            position, *values = _signer(order).unsign_object(text)
            known = computed or {}
            fields: list[Any] = [
                known.get(name) or model._meta.get_field(name) for name in order.fields
            ]
            key = tuple(field.to_python(value) for field, value in zip(fields, values, strict=True))
        except (signing.BadSignature, ValueError, TypeError, ValidationError, binascii.Error):
            raise BadCursorError from None
        return cls(key, position)


def _plain(value: Any) -> Any:
    """Return a value as JSON keeps it without loss."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _signer(order: Order) -> signing.Signer:
    # With the direction: a position counts from the other end when the list is turned round.
    return signing.Signer(sep=".", salt=f"cursor:{order.is_descending}:{','.join(order.fields)}")


@dataclass(frozen=True)
class Count:
    """How many rows there are, looked at up to `most`: an exact number, or "more than 10,000"."""

    number: int
    most: int = MOST

    @classmethod
    def more_than(cls, known: int) -> Self | None:
        """Return the count of something of which `known` were met and more may be: "400+" for 431."""
        if known < 2:
            return None
        unit = 10 ** (len(str(known - 1)) - 1)
        return cls(known, (known - 1) // unit * unit)

    @property
    def is_exact(self) -> bool:
        """Whether the rows ended before the bound."""
        return self.number <= self.most

    @property
    def short(self) -> str:
        """The number for a chip: "2,160" or "10,000+"."""
        return f"{self.number:,}" if self.is_exact else f"{self.most:,}+"

    @property
    def words(self) -> str:
        """The number for a sentence: "2,160" or "more than 10,000"."""
        if self.is_exact:
            return f"{self.number:,}"
        # Translators: stands in "Showing 1 to 25 of more than 10,000 leads".
        return gettext("more than %(most)s") % {"most": f"{self.most:,}"}


def bounded_count(rows: "QuerySet[Any]", most: int = MOST) -> Count:
    """Count `rows`, but never further than one beyond `most`."""
    return Count(rows.order_by()[: most + 1].count(), most)


@dataclass(frozen=True)
class Page:
    """Some rows of a list and the way on. `start` is the place of the first row from 1, if known."""

    rows: Sequence[Any]
    count: Count
    start: int | None = None
    previous: str = ""
    next: str = ""


class Found:
    """Rows of a list, each with its `key`, that can be read from any place, in both directions."""

    order: Order
    count: Count

    def take(self, key: Key | None, most: int, *, backwards: bool = False) -> list[Any]:
        """Return up to `most` rows beyond `key`, in reading direction; from the start without a key."""
        raise NotImplementedError

    def position(self, key: Key) -> int | None:
        """Return how many rows stand before or at `key`, if that is known."""
        return None


class Known(Found):
    """Rows whose keys are all known; `read` fetches some of them."""

    def __init__(self, keys: Sequence[Key], order: Order) -> None:
        self.order = order
        self.keys = sorted(keys, reverse=order.is_descending)
        self.count = Count(len(self.keys), max(MOST, len(self.keys)))

    def read(self, keys: Sequence[Key]) -> list[Any]:
        """Return the rows with `keys`, in that order; what is gone meanwhile is left out."""
        raise NotImplementedError

    def take(self, key: Key | None, most: int, *, backwards: bool = False) -> list[Any]:
        """See `Found`."""
        if key is None:
            keys = self.keys[-most:] if backwards else self.keys[:most]
        elif backwards:
            keys = [one for one in self.keys if self.order.comes_after(key, one)][-most:]
        else:
            keys = [one for one in self.keys if self.order.comes_after(one, key)][:most]
        return self.read(keys)

    def position(self, key: Key) -> int | None:
        """See `Found`."""
        return sum(1 for one in self.keys if not self.order.comes_after(one, key))


def page_at(
    found: Found,
    *,
    size: int,
    cursor: Cursor | None = None,
    backwards: bool = False,
    first: Any = None,
) -> Page:
    """Return the `size` rows behind `cursor`, or before it; the first ones without a cursor.

    A cursor is a place, not a row: what joined or left the list since does not matter. Where nothing is
    left beyond it, the first page comes back. `first` is a row that stands before all others.
    """
    rows = found.take(cursor.key if cursor else None, size + 2, backwards=backwards)
    if first is not None:
        rows = [row for row in rows if row.key[-1] != first.key[-1]]
    if cursor is None:
        if first is not None:
            rows.insert(0, first)
        return _page(found, rows[:size], start=1, has_next=len(rows) > size)
    if not rows:
        return page_at(found, size=size, first=first)
    known = cursor.position
    if not backwards:
        start = None if known is None else known + 1
        return _page(found, rows[:size], start=start, has_next=len(rows) > size)
    if len(rows) <= size:  # the beginning is reached
        if first is not None:
            rows.insert(0, first)
        return _page(found, rows, start=1, has_next=True)
    start = None if known is None else max(2, known - size + 1)
    return _page(found, rows[-size:], start=start, has_next=True)


def _page(found: Found, rows: list[Any], *, start: int | None, has_next: bool) -> Page:
    """Put the cursors beside the first and the last row of a page."""

    def beside(row: Any, before: int | None) -> str:
        return Cursor(row.key, before).write(found.order)

    return Page(
        rows=rows,
        count=found.count,
        start=start,
        previous=beside(rows[0], start and start - 1) if rows and start != 1 else "",
        next=beside(rows[-1], start and start + len(rows) - 1) if has_next else "",
    )


def every_row(found: Found, size: int = 500) -> Iterator[Any]:
    """Read a list to its end, piece by piece."""
    rows = found.take(None, size)
    while rows:
        yield from rows
        rows = found.take(rows[-1].key, size)
