"""What an address of the lead list asks for, and the addresses that its links lead to."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from accounts.actors import Person
from leadportal.common.pagination import BadCursorError, Cursor, Order
from leadportal.common.tables import Sorting
from leadportal.common.text import clean_line
from leadportal.common.values import BadValueError, read_date
from leads.enums import Status
from leads.filters.leads import LeadFilterSet, midnight
from leads.filters.parameters import Parameters, carried
from leads.filters.ranges import BETWEEN, joined
from leads.filters.views import EVERYTHING, View, Views
from leads.models import LeadAccess
from leads.selectors.columns import more_of
from leads.selectors.leads import LeadList
from leads.selectors.options import Options
from leads.selectors.search import LONGEST, Sought, Term
from leads.services.views import Content
from leads.tables import BY_DATE, DEFAULT, NEWEST_FIRST, SORTS, LeadColumn, columns_called

SIZES = (25, 50, 100)
LAYOUTS = ("list", "cards", "board")
# Lines of two controls: a key and its value stand at the same place of two lists.
PAIRS = {"attribute": "value", "question": "answer"}
FILTERS = (*LeadFilterSet.base_filters, *PAIRS.values())
# What a view stands for (ux.md L19), and what an address keeps beside it when something in it changes.
# Places in the list are not kept: it starts anew.
PARTS = (*FILTERS, "sort", "column")
KEPT = ("q", *PARTS, "size", "layout")
ORDERED = frozenset({"column", *PAIRS, *PAIRS.values()})
PLACES = ("after", "before", "date")
# Of one filter of a saved view.
VALUES_MOST = 50

NO_SUCH_PLACE = gettext_lazy("That place in the list is no longer there. This is the first page.")


def place_of(
    query: QueryDict, order: Order, model: type[Model], computed: Mapping[str, Any] | None = None
) -> tuple[Cursor | None, bool]:
    """Return where the page of an address begins, and whether it ends there instead; BadCursorError."""
    for word in ("after", "before"):
        if text := query.get(word):
            return Cursor.read(text, order, model, computed), word == "before"
    return None, False


class Asked:
    """What an address asks for, for one actor. What cannot be used stands in `notices` or in the form.

    `remembered` is the layout that the person chose last; it counts where the address names none.
    """

    def __init__(self, query: QueryDict, actor: Person, remembered: str = "") -> None:
        self.query, self.actor = _with_ranges(query), actor
        self.notices: list[str] = []
        self.views = Views(actor)
        self.view = self._view()
        self.sorting = self._sorting()
        self.layout = self._layout(remembered)
        self.size = next((size for size in SIZES if str(size) == query.get("size")), SIZES[0])
        self.words = clean_line(query.get("q", "")[: 4 * LONGEST])
        self.options = Options(actor)

    @cached_property
    def filters(self) -> LeadFilterSet:
        """The filters, with what was typed in them; those of the view where nothing was.

        What a view asks for and the actor cannot use, or may not know of, is left out of it unnamed.
        """
        found = self._read_filters()
        lost = {name for name in found.form.errors if name not in self.query}
        lost |= {PAIRS[name] for name in lost & PAIRS.keys()}
        if lost & self.view.query.keys():
            self.view = self.view.without(lost)
            self.notices.append(gettext("Part of this view cannot be used here and is left out."))
            found = self._read_filters()
        return found

    @cached_property
    def columns(self) -> list[LeadColumn]:
        """The columns of the table: those of the address, of the view, or what the actor has chosen last."""
        words = self._given("column")
        if words is self._usual("column"):
            return self._usual_columns
        found = columns_called(words, self.actor)
        if "column" not in self.query:
            self.view = self.view.with_columns([column.word for column in found])
        elif set(words) - {column.word for column in found}:
            self.notices.append(gettext("Some columns are not there for you and are left out."))
        return found

    @cached_property
    def sought(self) -> Sought:
        """What is sought on the leads: the words of the box, attributes, answers."""
        return Sought(Term.read(self.words), self.filters.stored)

    @cached_property
    def leads(self) -> LeadList:
        """The list that is asked for."""
        order = self.sorting.order("lead_id")
        more = more_of((name for column in self.columns for name in column.reads), self.actor)
        return LeadList(self.filters.qs, order, self.filters.suits_index(order), self.sought, more)

    def leads_in(self, status: Status) -> LeadList:
        """Return those leads of the list, whatever statuses it names, that are in `status`: a column of the board."""
        order = self.sorting.order("lead_id")
        suits_index = self.filters.suits_index(order, frozenset({"status"}))
        rows = self.filters.in_any_status.filter(status=status)
        return LeadList(rows, order, suits_index, self.sought)

    @property
    def statuses(self) -> list[Status]:
        """The chosen statuses; none for all but the deleted."""
        return list(self.filters.values.get("status", ()))

    @cached_property
    def place(self) -> tuple[Cursor | None, bool]:
        """Where the page begins, and whether it ends there instead."""
        try:
            cursor, backwards = place_of(self.query, self.leads.order, LeadAccess)
        except BadCursorError:
            self.notices.append(str(NO_SUCH_PLACE))
            return None, False
        return (cursor, backwards) if cursor else (self._jump(), False)

    def address(
        self,
        name: str = "leads:list",
        *,
        view: View | None = None,
        **changes: list[str] | str | None,
    ) -> str:
        """Return the address of a page about this list with `changes`; None and [] take a parameter away.

        Another `view` is named instead of the present one, for the same list.
        """
        query = urlencode(self._parameters(view, **changes), doseq=True)
        return f"{reverse(name)}?{query}" if query else reverse(name)

    def hidden(self, *left_out: str) -> list[tuple[str, str]]:
        """Return what a form about the list carries along, as pairs of name and value."""
        return carried(self._parameters(), left_out)

    @property
    def place_named(self) -> dict[str, Any]:
        """The place in the list as the address names it, for pages that lead back to it."""
        return {word: self.query[word] for word in PLACES if self.query.get(word)}

    @property
    def is_edited(self) -> bool:
        """Whether this is no longer the list that the view stands for (ux.md L20)."""
        return bool(self._parameters().keys() & set(PARTS))

    @property
    def content(self) -> Content:
        """What a view of this list would stand for: what is on the page, without filters that have errors."""
        wrong = set(self.filters.form.errors)
        wrong |= {PAIRS[name] for name in wrong & PAIRS.keys()}
        filters = {
            name: [clean_line(value[: 4 * LONGEST])[:LONGEST] for value in values[:VALUES_MOST]]
            for name in FILTERS
            if name not in wrong and (values := self.values[name]) != self._usual(name)
        }
        return Content(filters, self.sorting.word, self.values["column"])

    @cached_property
    def values(self) -> Parameters:
        """What stands behind the page: for every parameter what the address says, else the view."""
        data = self.filters.data  # which may take something away from the view
        filters: Parameters = {name: data.getlist(name) for name in FILTERS}
        return {
            **filters,
            "q": [self.words] if self.words else [],
            "sort": [self.sorting.word],
            "column": [column.word for column in self.columns],
            "size": [str(self.size)],
            "layout": [self.layout] if self.query.get("layout") == self.layout else [],
        }

    @cached_property
    def _usual_columns(self) -> list[LeadColumn]:
        chosen = self.actor.preferences.get("columns")
        return columns_called(chosen, self.actor) if chosen else list(DEFAULT)

    @cached_property
    def _usual_words(self) -> list[str]:
        return [column.word for column in self._usual_columns]

    def _usual(self, key: str) -> list[str]:
        """Return what a parameter means where neither address nor view say anything."""
        match key:
            case "date_axis":
                return ["created"]
            case "sort":
                return [NEWEST_FIRST.word]
            case "column":
                return self._usual_words
            case "size":
                return [str(SIZES[0])]
        return []

    def _given(self, key: str) -> list[str]:
        """Return what the address says, else the view, else what is usual."""
        if key not in self.query:
            return self.view.query.get(key) or self._usual(key)
        values = self.query.getlist(key)
        is_paired = key in PAIRS or key in PAIRS.values()
        kept = [value for value in values if value or (is_paired and any(values))]
        return kept or self._usual(key)

    def _read_filters(self) -> LeadFilterSet:
        data = self.query.copy()
        for name in FILTERS:
            data.setlist(name, self._given(name))
        rows = LeadAccess.objects.visible_to(self.actor)
        return LeadFilterSet(data, rows, actor=self.actor, options=self.options)

    def _parameters(self, view: View | None = None, **changes: Any) -> Parameters:
        """Return the parameters of an address: the view, and only what differs from it."""
        values: Parameters = dict(self.values)
        for key, value in changes.items():
            values[key] = [value] if isinstance(value, str) else list(value or ())
        view = view or self.view
        found = {} if view.word == EVERYTHING.word else {"view": [view.word]}
        for key, wanted in values.items():
            usual = view.query.get(key) or (wanted and self._usual(key)) or []
            is_same = wanted == usual or (key not in ORDERED and sorted(wanted) == sorted(usual))
            if not is_same:
                found[key] = wanted or [""]
        return {key: found[key] for key in ("view", *KEPT, *found) if key in found}

    def _view(self) -> View:
        word = self.query.get("view", "")
        found = self.views.find(word) if word else EVERYTHING
        if found is None:
            self.notices.append(gettext("There is no such view. These are all leads."))
        return found or EVERYTHING

    def _sorting(self) -> Sorting:
        [word] = self._given("sort")[-1:]
        sorting = Sorting.read(word, SORTS)
        if word and sorting is None:
            self.notices.append(gettext("Leads cannot be sorted like that. The newest come first."))
        return sorting or NEWEST_FIRST

    def _layout(self, remembered: str) -> str:
        word = self.query.get("layout", "")
        if word and word not in LAYOUTS:
            self.notices.append(gettext("There is no such layout. These are your leads as a list."))
            return LAYOUTS[0]
        return next((one for one in (word, remembered) if one in LAYOUTS), LAYOUTS[0])

    def _jump(self) -> Cursor | None:
        """Return the place where a day begins in a list by date, or None."""
        text = self.query.get("date", "")
        if not text:
            return None
        if self.sorting.sort not in BY_DATE:
            self.notices.append(
                gettext("Sort by created or updated to jump to a date. This is the first page.")
            )
            return None
        try:
            day = read_date(text)
        except BadValueError as bad:
            self.notices.append(bad.sentence)
            return None
        if day is None:
            return None
        edge = midnight(day + timedelta(days=1) if self.sorting.is_descending else day)
        return Cursor((edge, 0))


def _with_ranges(query: QueryDict) -> QueryDict:
    """Return the address with the ranges of the panel as one value each."""
    names = [name for name in PAIRS.values() if BETWEEN in query.getlist(name)]
    if not names:
        return query
    query = query.copy()
    for name in names:
        query.setlist(name, joined(query.getlist(name)))
    return query
