"""Lists as declarations: which columns a list has, how it can be sorted, and what its heads say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from leadportal.common.pagination import Order


@dataclass(frozen=True)
class Sort:
    """A way to sort. `word` stands in the address ("-created" turns it round), `fields` are the columns.

    `up` and `down` say what comes first; `is_down_first` is what the first click on a head gives.
    """

    word: str
    label: Any
    fields: tuple[str, ...]
    up: Any
    down: Any
    is_down_first: bool = False


@dataclass(frozen=True)
class Sorting:
    """The chosen sort and its direction."""

    sort: Sort
    is_descending: bool

    @classmethod
    def read(cls, text: str, sorts: Sequence[Sort]) -> "Sorting | None":
        """Return what the word of an address asks for; None for a word that is none."""
        word = text.removeprefix("-")
        chosen = next((sort for sort in sorts if sort.word == word), None)
        return cls(chosen, text.startswith("-")) if chosen else None

    @property
    def word(self) -> str:
        """The word for an address."""
        return f"-{self.sort.word}" if self.is_descending else self.sort.word

    @property
    def label(self) -> str:
        """The choice in words: "Created, newest first"."""
        end = self.sort.down if self.is_descending else self.sort.up
        return f"{self.sort.label}, {end}"

    def order(self, unique: str) -> Order:
        """Return the order of the rows; `unique` breaks ties."""
        return Order((*self.sort.fields, unique), self.is_descending)


@dataclass(frozen=True)
class Column:
    """A column: its head, the sort that a click on it gives, and the class of its head."""

    label: Any
    sort: Sort | None = None
    css_class: str = ""


@dataclass(frozen=True)
class Head:
    """What one head shows: a link where it can be sorted, and the direction where it is."""

    label: Any
    url: str = ""
    direction: str = ""
    css_class: str = ""


def heads(columns: Sequence[Column], chosen: Sorting, address: Callable[[str], str]) -> list[Head]:
    """Return the heads of a table; `address` makes the link of a sort's word. One click turns it round."""
    found = []
    for column in columns:
        if column.sort is None:
            found.append(Head(column.label, css_class=column.css_class))
            continue
        is_chosen = column.sort == chosen.sort
        next_down = not chosen.is_descending if is_chosen else column.sort.is_down_first
        direction = ("descending" if chosen.is_descending else "ascending") if is_chosen else ""
        url = address(Sorting(column.sort, next_down).word)
        found.append(Head(column.label, url, direction, column.css_class))
    return found
