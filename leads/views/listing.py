"""What the page of the lead list shows: made from what was asked for, ready for the template."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from leadportal.common import clock
from leadportal.common.pagination import Page
from leads.filters import Asked, View
from leads.filters.asked import FILTERS, LAYOUTS
from leads.filters.tags import Tag, tags, without_filters
from leads.filters.views import EVERYTHING
from leads.selectors.leads import lead_page
from leads.tables import BY_DATE, SORTS
from leads.views.chips import Chip, chips
from leads.views.newer import written
from leads.views.paging import Link, Pages
from leads.views.trail import way_from

_LAYOUTS = {
    "list": (gettext_lazy("List"), "list"),
    "cards": (gettext_lazy("Cards"), "layout-grid"),
    "board": (gettext_lazy("Board"), "layout-kanban"),
}


@dataclass(frozen=True)
class Layout:
    """A way to look at the list: its word in addresses, its name, its icon, and whether it is the present one."""

    word: str
    label: Any
    icon: str
    is_current: bool


def view_url(view: View) -> str:
    """Return the address of a view."""
    base = reverse("leads:list")
    return base if view.word == EVERYTHING.word else f"{base}?view={view.word}"


class Listing(Pages):
    """The list with everything around it, for one request. Other layouts: leads/views/layouts.py."""

    template = "leads/_rows.html"
    asked: Asked
    ways, dated = SORTS, BY_DATE
    one = gettext_lazy("Showing 1 lead")
    part = gettext_lazy("Showing %(shown)s of %(count)s leads")
    span = gettext_lazy("Showing %(first)s to %(last)s of %(count)s leads")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.made_at = clock.now()

    @property
    def newer_url(self) -> str:
        """Where the page asks which leads have come since it was made (leads/views/newer.py)."""
        return self.asked.address("leads:newer", since=written(self.made_at))

    @cached_property
    def page(self) -> Page:
        """The rows, with the places before and behind them."""
        cursor, backwards = self.asked.place
        return lead_page(self.asked.leads, size=self.asked.size, cursor=cursor, backwards=backwards)

    @cached_property
    def notices(self) -> list[str]:
        """What in the address could not be used; the page has been read by then."""
        return self.asked.notices if self.page else []

    @property
    def layouts(self) -> list[Layout]:
        """The ways to look at these leads."""
        return [
            Layout(word, *_LAYOUTS[word], is_current=word == self.asked.layout) for word in LAYOUTS
        ]

    @property
    def back(self) -> str:
        """What leads back to this very page after something was done from it (views/pages.py, `way_back`)."""
        query = self.asked.query.copy()
        query["layout"] = self.asked.layout
        query.pop("filters", None)
        return query.urlencode()

    @cached_property
    def way(self) -> str:
        """What the links to these leads add, so that their pages lead on through the list."""
        return way_from(self.asked)

    @property
    def chips(self) -> list[Chip]:
        """The statuses, without their numbers."""
        return chips(self.asked)

    @cached_property
    def tags(self) -> list[Tag]:
        """The filters in force."""
        return tags(self.asked)

    @property
    def clear_url(self) -> str:
        """The list without filters."""
        return without_filters(self.asked)

    @property
    def tabs(self) -> list[Link]:
        """The pinned views, and the present one."""
        pinned = self.asked.views.pinned
        present = self.asked.view.word
        if all(view.word != present for view in pinned):
            pinned.append(self.asked.view)
        return [self._tab(view) for view in pinned]

    @property
    def more_tabs(self) -> list[Link]:
        """The portal's other views; saved ones come when the menu is opened."""
        shown = {tab.url for tab in self.tabs}
        tabs = [self._tab(view) for view in self.asked.views.presets]
        return [tab for tab in tabs if tab.url not in shown]

    def _tab(self, view: View) -> Link:
        return Link(str(view.label), view_url(view), view.word == self.asked.view.word)

    @property
    def may_overwrite(self) -> bool:
        """Whether the actor may save what it changed in the present view."""
        return self.asked.views.may_change(self.asked.view)

    @property
    def kept_by_save(self) -> list[tuple[str, str]]:
        """What saving carries along: the list, and the search, which is not saved."""
        return self.asked.hidden()

    @property
    def kept_by_reset(self) -> list[tuple[str, str]]:
        """What going back to the view as it was saved carries along."""
        return [pair for pair in self.asked.hidden() if pair[0] in {"view", "q", "size"}]

    @property
    def save_url(self) -> str:
        """Where this list becomes a view of its own."""
        return self.asked.address("leads:view_new")

    @property
    def here_url(self) -> str:
        """This very page, for what is done beside it."""
        return self.asked.address(**self.asked.place_named)

    @property
    def columns_url(self) -> str:
        """Where the columns of this very page are chosen."""
        return self.asked.address("leads:columns", **self.asked.place_named)

    @property
    def kept_by_layout(self) -> list[tuple[str, str]]:
        """What the choice of a layout carries along."""
        return self.asked.hidden("layout")

    @property
    def kept_by_jump(self) -> list[tuple[str, str]]:
        """What the jump to a date carries along."""
        return self.asked.hidden()

    @property
    def kept_by_panel(self) -> list[tuple[str, str]]:
        """What the panel carries along: all but filters; those of the view are emptied first."""
        emptied = [(name, "") for name in self.asked.view.query if name in FILTERS]
        return [*self.asked.hidden(*FILTERS), *emptied]

    @property
    def counts_url(self) -> str:
        """Where the numbers of the chips come from, after the rows."""
        return self.asked.address("leads:counts")

    @property
    def export_url(self) -> str:
        """Where the same leads can be downloaded."""
        return self.asked.address("leads:export")

    @property
    def found(self) -> str:
        """How many there are, for ears."""
        words = {"count": self.count.words}
        return ngettext("%(count)s lead found", "%(count)s leads found", self.count.number) % words

    @property
    def done(self) -> str:
        """What is said when nothing is left in a view."""
        return "" if self.asked.words or self.asked.is_edited else str(self.asked.view.done)
