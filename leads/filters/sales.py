"""What an address of a list of deals, quotes or orders asks for, and the addresses that its links lead to."""

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common.forms import PortalForm, SeveralOf
from leadportal.common.pagination import (
    BadCursorError,
    Cursor,
    Found,
    Key,
    Order,
    bounded_count,
)
from leadportal.common.tables import Sorting
from leadportal.common.text import clean_line
from leads.filters.asked import NO_SUCH_PLACE, SIZES, place_of
from leads.filters.parameters import Parameters, carried, given
from leads.filters.sale_kinds import NEWEST_FIRST, Kind, SaleColumn
from leads.filters.tags import Tag, choice_tags

LONGEST = 100
BOARD = "board"


class SaleFilterForm(PortalForm):
    """The panel: nothing in it is required."""

    is_filter = True


class SaleFilters:
    """What a list is narrowed to, for one actor."""

    def __init__(self, kind: Kind, query: QueryDict, actor: Person) -> None:
        self.filters, self.actor = kind.narrowings, actor
        self.form = SaleFilterForm(query)
        for name, one in kind.narrowings.items():
            self.form.fields[name] = SeveralOf(
                label=one.label,
                choices=one.choices(actor),
                required=False,
                enter=_("Choose from the list"),
            )

    @cached_property
    def values(self) -> dict[str, list[str]]:
        """What can be used of what was asked for."""
        self.form.full_clean()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    def narrow(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Return the rows that the usable filters leave."""
        for name, words in self.values.items():
            rows = rows.filter(self.filters[name].condition(words, self.actor))
        return rows


class SaleWalk(Found):
    """The rows of a list in an order, from any place."""

    def __init__(self, rows: "QuerySet[Any]", kind: Kind, order: Order) -> None:
        self.rows, self.order = rows.annotate(**kind.order_columns), order
        self.count = bounded_count(rows)

    def take(self, key: Key | None, most: int, *, backwards: bool = False) -> list[Any]:
        """See `Found`."""
        rows = self.rows if key is None else self.order.beyond(self.rows, key, backwards=backwards)
        taken = list(self.order.apply(rows, backwards=backwards)[:most])
        if backwards:
            taken.reverse()
        for row in taken:
            row.key = tuple(getattr(row, name) for name in self.order.fields)
        return taken


class AskedSales:
    """What an address asks for. What cannot be used stands in `notices` or in the form."""

    def __init__(self, kind: Kind, query: QueryDict, actor: Person) -> None:
        self.kind, self.query, self.actor = kind, query, actor
        self.notices: list[str] = []
        self.words = clean_line(query.get("q", "")[: 4 * LONGEST])[:LONGEST]
        self.size = next((size for size in SIZES if str(size) == query.get("size")), SIZES[0])
        self.layout = BOARD if query.get("layout") == BOARD else ""
        self.filters = SaleFilters(kind, query, actor)
        self.sorting = self._sorting()

    @property
    def word(self) -> str:
        """The list's word in addresses."""
        return self.kind.word

    @property
    def narrowings(self) -> tuple[str, ...]:
        """The parameters that it can be narrowed by."""
        return tuple(self.kind.narrowings)

    @property
    def columns(self) -> tuple[SaleColumn, ...]:
        """See `Asking`."""
        return self.kind.columns

    @cached_property
    def rows(self) -> "QuerySet[Any]":
        """What is asked for, in no order."""
        rows = self.filters.narrow(self.kind.rows(self.actor))
        found: QuerySet[Any] = rows.matching(self.words) if self.words else rows  # type: ignore[attr-defined]
        return found

    @cached_property
    def found(self) -> SaleWalk:
        """The list."""
        return SaleWalk(self.rows, self.kind, self.sorting.order("id"))

    @cached_property
    def place(self) -> tuple[Cursor | None, bool]:
        """Where the page begins, and whether it ends there instead."""
        try:
            return place_of(self.query, self.found.order, self.kind.model, self.kind.computed)
        except BadCursorError:
            self.notices.append(str(NO_SUCH_PLACE))
            return None, False

    @property
    def tags(self) -> list[Tag]:
        """A removable tag for every value in force."""
        return [tag for name in self.kind.narrowings for tag in choice_tags(self, name)]

    def address(self, name: str = "", **changes: Any) -> str:
        """Return the address of a page about this list with `changes`; None and [] take a parameter away."""
        home = reverse(name or f"leads:{self.kind.word}")
        query = urlencode(self._parameters(**changes), doseq=True)
        return f"{home}?{query}" if query else home

    def hidden(self, *left_out: str) -> list[tuple[str, str]]:
        """Return what a form about the list carries along, as pairs of name and value."""
        return carried(self._parameters(), left_out)

    def _parameters(self, **changes: Any) -> Parameters:
        values: dict[str, Any] = {
            "q": self.words,
            **{name: self.filters.values.get(name, []) for name in self.kind.narrowings},
            "sort": "" if self.sorting == NEWEST_FIRST else self.sorting.word,
            "size": "" if self.size == SIZES[0] else str(self.size),
            "layout": self.layout,
            **changes,
        }
        return given(values)

    def _sorting(self) -> Sorting:
        word = self.query.get("sort", "")
        found = Sorting.read(word, self.kind.sorts)
        if word and found is None:
            self.notices.append(gettext("This list cannot be sorted like that. It is by date."))
        return found or NEWEST_FIRST
