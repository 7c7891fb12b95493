"""What an address of the lead list asks for, and the addresses that its links lead to."""

from datetime import timedelta
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext

from accounts.actors import Person
from leadportal.common.pagination import BadCursorError, Cursor
from leadportal.common.tables import Sorting
from leadportal.common.text import clean_line
from leadportal.common.values import BadValueError, read_date
from leads.enums import Status
from leads.filters.leads import LeadFilterSet, midnight
from leads.filters.presets import EVERYTHING, Preset, presets_of
from leads.models import LeadAccess
from leads.selectors.leads import LeadList
from leads.selectors.options import Options
from leads.selectors.search import LONGEST, Sought, Term
from leads.tables import BY_DATE, NEWEST_FIRST, SORTS

SIZES = (25, 50, 100)
LAYOUTS = ("list", "cards", "board")
# Lines of two controls: a key and its value stand at the same place of two lists.
PAIRS = {"attribute": "value", "question": "answer"}
# What an address keeps when something in it changes. Places in the list are not kept: it starts anew.
KEPT = ("view", "q", *LeadFilterSet.base_filters, *PAIRS.values(), "sort", "size", "layout")

Parameters = dict[str, list[str]]


class Asked:
    """What an address asks for, for one actor. What cannot be used stands in `notices` or in the form.

    `remembered` is the layout that the person chose last; it counts where the address names none.
    """

    def __init__(self, query: QueryDict, actor: Person, remembered: str = "") -> None:
        self.query, self.actor = query, actor
        self.notices: list[str] = []
        self.preset = self._preset()
        self.sorting = self._sorting()
        self.layout = self._layout(remembered)
        self.size = next((size for size in SIZES if str(size) == query.get("size")), SIZES[0])
        self.words = clean_line(query.get("q", "")[: 4 * LONGEST])
        self.options = Options(actor)

    @cached_property
    def filters(self) -> LeadFilterSet:
        """The filters, with what was typed in them; those of the view where nothing was."""
        data = self.query.copy()
        for name, values in self.preset.query.items():
            if name not in data:
                data.setlist(name, values)
        rows = LeadAccess.objects.visible_to(self.actor)
        return LeadFilterSet(data, rows, actor=self.actor, options=self.options)

    @cached_property
    def sought(self) -> Sought:
        """What is sought on the leads: the words of the box, attributes, answers."""
        return Sought(Term.read(self.words), self.filters.stored)

    @cached_property
    def leads(self) -> LeadList:
        """The list that is asked for."""
        order = self.sorting.order("lead_id")
        return LeadList(self.filters.qs, order, self.filters.suits_index(order), self.sought)

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
        for word in ("after", "before"):
            if text := self.query.get(word):
                try:
                    cursor = Cursor.read(text, self.leads.order, LeadAccess)
                except BadCursorError:
                    self.notices.append(
                        gettext(
                            "That place in the list is no longer there. This is the first page."
                        )
                    )
                    return None, False
                return cursor, word == "before"
        return self._jump(), False

    def address(self, name: str = "leads:list", **changes: list[str] | str | None) -> str:
        """Return the address of a page about this list with `changes`; None and [] take a parameter away."""
        parameters = {**self._parameters(is_spelt_out=bool(changes.keys() & self.preset.query))}
        for key, value in changes.items():
            parameters[key] = [value] if isinstance(value, str) else list(value or ())
        query = urlencode(parameters, doseq=True)
        return f"{reverse(name)}?{query}" if query else reverse(name)

    def hidden(self, *left_out: str) -> list[tuple[str, str]]:
        """Return what a form about the list carries along, as pairs of name and value."""
        return [
            (key, value)
            for key, values in self._parameters().items()
            if key not in left_out
            for value in values
        ]

    @property
    def view(self) -> Preset:
        """The view whose tab is current: once a filter of its own has changed, it is that view no more."""
        return EVERYTHING if self._is_changed else self.preset

    @property
    def _is_changed(self) -> bool:
        return any(name in self.query for name in self.preset.query)

    def _parameters(self, *, is_spelt_out: bool = False) -> Parameters:
        """Return what the address keeps; a view is spelt out as filters once one of its own has changed."""
        is_spelt_out = is_spelt_out or self._is_changed
        source = self.filters.data if is_spelt_out else self.query
        found: Parameters = {}
        for key in KEPT:
            values = source.getlist(key)
            is_paired = key in PAIRS or key in PAIRS.values()
            found[key] = [value for value in values if value or (is_paired and any(values))]
        found["view"] = [] if is_spelt_out or self.preset == EVERYTHING else [self.preset.word]
        found["sort"] = [] if self.sorting == NEWEST_FIRST else [self.sorting.word]
        found["size"] = [] if self.size == SIZES[0] else [str(self.size)]
        found["layout"] = [self.layout] if self.query.get("layout") == self.layout else []
        return {key: values for key, values in found.items() if values}

    def _preset(self) -> Preset:
        word = self.query.get("view", "")
        for preset in presets_of(self.actor):
            if preset.word == word:
                return preset
        if word:
            self.notices.append(gettext("There is no such view. These are all leads."))
        return EVERYTHING

    def _sorting(self) -> Sorting:
        word = self.query.get("sort", "")
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
