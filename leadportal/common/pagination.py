"""Keyset paging: a page starts behind a row, not at a number, so that page 4,000 costs what page 1 costs.

Tuple comparisons are no documented API of Django: this module alone uses them, and tests assert the
index conditions they end in on both databases (access.md sections 3 and 6).
"""

import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext

MOST = 10_000
CURSOR_LENGTH = 600

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
        values = [value.isoformat() if hasattr(value, "isoformat") else value for value in self.key]
        return _signer(order).sign_object([self.position, *values])

    @classmethod
    def read(cls, text: str, order: Order, model: type[Model]) -> Self:
        """Return the cursor that `write` made; raises BadCursorError for everything else."""
        if len(text) > CURSOR_LENGTH:
            raise BadCursorError
        try:
            position, *values = _signer(order).unsign_object(text)
            fields: list[Any] = [model._meta.get_field(name) for name in order.fields]
            key = tuple(field.to_python(value) for field, value in zip(fields, values, strict=True))
        except (signing.BadSignature, ValueError, TypeError, ValidationError, binascii.Error):
            raise BadCursorError from None
        return cls(key, position)


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
