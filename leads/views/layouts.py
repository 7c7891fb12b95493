"""The lead list as cards and as a board: the same address, filters, search, sort and total (ux.md L35 to L38)."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from leadportal.common.errors import NotFound
from leadportal.common.pagination import MOST, Count, Page
from leads.enums import OPEN, Progress, Status
from leads.filters import Asked
from leads.filters.asked import SIZES
from leads.forms.actions import ProgressForm
from leads.models import Lead
from leads.rules.policy import verdict
from leads.rules.workflow import LEADS_TO, Action, Verdict
from leads.selectors.cards import Card, cards_of
from leads.selectors.leads import lead_page
from leads.tables import time_left
from leads.views.chips import statuses_of
from leads.views.listing import Listing
from leads.views.offers import Offered, offered
from leads.views.trail import way_from


@dataclass(frozen=True)
class Step:
    """A move that the card's reader may make, and the status that it leads to."""

    to: Status
    offer: Offered


class ShownCard:
    """A card, ready for the template."""

    def __init__(self, card: Card) -> None:
        self.row, self.sight = card.row, card.sight
        self.progress, self.notes = card.progress, card.notes
        self.email, self.phone = card.email, card.phone
        self.deadline, self.time_left = card.deadline, time_left(card.deadline)

    @cached_property
    def allowed(self) -> set[str]:
        """What the reader may do now, in the words of addresses."""
        return {action.value for action in self.sight.allowed}

    @property
    def progresses(self) -> list[Progress]:
        """The menu of the sales progress; empty for who may not set it."""
        return list(Progress) if Action.PROGRESS in self.sight.allowed else []

    @property
    def seen(self) -> str:
        """What the menu of the sales progress shows, so that nobody overwrites what has changed since."""
        return ProgressForm(sight=self.sight).token

    @property
    def steps(self) -> list[Step]:
        """Where the lead may be moved: the same for "Move to…" and for a drop."""
        lead, allowed = self.sight.lead, self.sight.allowed
        found = [
            Step(_target(action, lead), offered(action, lead))
            for action in LEADS_TO
            if action in allowed
        ]
        return sorted(found, key=lambda step: step.to)

    @property
    def closed_to_role(self) -> str:
        """The statuses that no move of the reader ever leads to; the others only not at present."""
        facts, actor = self.sight.facts, self.sight.actor
        known = {
            _target(action, self.sight.lead)
            for action in LEADS_TO
            if verdict(action, facts, actor) in {Verdict.ALLOWED, Verdict.NOT_NOW}
        }
        return " ".join(status.slug for status in Status if status not in known)


def _target(action: Action, lead: Lead) -> Status:
    """Return where a move takes a lead; what is restored goes back."""
    return LEADS_TO[action] or Status(lead.status_before_delete or Status.SUBMITTED)


class CardListing(Listing):
    """The list as cards."""

    template = "leads/_cards.html"

    @cached_property
    def cards(self) -> list[ShownCard]:
        """The page's leads."""
        return [ShownCard(card) for card in cards_of(self.page.rows, self.asked.actor)]


class Column:
    """A column of the board. Closed ones are collapsed, and read no cards before they are opened."""

    def __init__(self, asked: Asked, status: Status) -> None:
        self.asked, self.status = asked, status
        self.leads = asked.leads_in(status)
        self.is_asked_for = asked.query.get("lane") == status.slug
        self.is_open = not self.is_closed or self.is_asked_for or status in asked.statuses
        self.cards: list[ShownCard] = []

    @property
    def is_closed(self) -> bool:
        """Whether leads have come to their end here: such columns can be opened and closed."""
        return self.status not in OPEN

    @property
    def tag(self) -> str:
        """The element that the column is."""
        return "details" if self.is_closed else "section"

    @property
    def head_tag(self) -> str:
        """The element that its head is."""
        return "summary" if self.is_closed else "div"

    @property
    def count(self) -> Count:
        """How many leads there are, as on the status chip."""
        return self.leads.found.count

    @cached_property
    def page(self) -> Page:
        """The column's rows from the place in the address, if that is a place in this column."""
        if not self.is_open:
            return Page([], self.count)
        cursor, backwards = self.asked.place if self.is_asked_for else (None, False)
        return lead_page(self.leads, size=SIZES[0], cursor=cursor, backwards=backwards)

    @property
    def more_url(self) -> str:
        """The cards behind these, or the first ones of a column that is still closed."""
        if not self.is_open:
            return self._address() if self.count.number else ""
        return self.page.next and self._address(after=self.page.next)

    @cached_property
    def way(self) -> str:
        """See `Listing`: the column is the list that one works through."""
        return way_from(self.asked, self.status)

    @property
    def start_url(self) -> str:
        """The way back to the beginning of the column."""
        return self.page.previous and self._address()

    def _address(self, **place: Any) -> str:
        return self.asked.address(layout="board", lane=self.status.slug, **place)


class BoardListing(Listing):
    """The list as a board."""

    template = "leads/_board.html"

    @cached_property
    def columns(self) -> list[Column]:
        """A column for each status of the address, else for all that the reader's leads can be in."""
        statuses = sorted(self.asked.statuses) or statuses_of(self.asked.actor)
        return self._filled([Column(self.asked, status) for status in statuses])

    @property
    def open_columns(self) -> list[Column]:
        """The columns of leads that somebody works on."""
        return [column for column in self.columns if not column.is_closed]

    @property
    def closed_columns(self) -> list[Column]:
        """The columns of leads that have come to their end."""
        return [column for column in self.columns if column.is_closed]

    def column(self, word: str) -> Column:
        """Return one column alone; raises NotFound for a word that is no status."""
        status = next((status for status in Status if status.slug == word), None)
        if status is None:
            raise NotFound
        return self._filled([Column(self.asked, status)])[0]

    def _filled(self, columns: list[Column]) -> list[Column]:
        """Read the cards of all `columns` together, so that their number costs nothing."""
        rows = [row for column in columns for row in column.page.rows]
        cards = {one.row.lead_id: ShownCard(one) for one in cards_of(rows, self.asked.actor)}
        for column in columns:
            column.cards = [cards[row.lead_id] for row in column.page.rows if row.lead_id in cards]
        return columns

    @property
    def back(self) -> str:
        """See `Listing`; columns begin anew, and one that was opened stays open."""
        query = QueryDict(super().back, mutable=True)
        query.pop("after", None)
        return query.urlencode()

    @cached_property
    def notices(self) -> list[str]:
        """See `Listing`."""
        return self.asked.notices if self.columns else []

    @cached_property
    def count(self) -> Count:
        """The total of the list: deleted leads are in it when they are asked for."""
        counted = [
            column.count
            for column in self.columns
            if column.status != Status.DELETED or self.asked.statuses
        ]
        number = sum(count.number for count in counted)
        if number > MOST or all(count.is_exact for count in counted):
            return Count(number, MOST)
        return Count.more_than(number) or Count(number)

    @property
    def is_empty(self) -> bool:
        """See `Listing`."""
        return not self.count.number


LISTINGS: dict[str, type[Listing]] = {"list": Listing, "cards": CardListing, "board": BoardListing}
