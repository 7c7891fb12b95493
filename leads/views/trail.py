"""The list that somebody works through, as the pages of its leads carry it along (ux.md D4).

One parameter of the address: what the list was asked for and the place in it, signed for its reader. A
token that is not theirs, or no token, makes no trail, and the page is the same without one.
"""

import binascii
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common.http import PortalRequest
from leadportal.common.pagination import BadCursorError, Cursor, Key, Order
from leads.enums import Status
from leads.filters import Asked
from leads.filters.asked import FILTERS
from leads.filters.views import EVERYTHING
from leads.models import LeadAccess
from leads.selectors.detail import Sight
from leads.selectors.leads import LeadList
from leads.selectors.neighbours import neighbour

WORD = "list"
LONGEST = 3_000


def way_from(asked: Asked, status: Status | None = None) -> str:
    """Return what the links of a list add to a lead's address; `status` is the column of a board."""
    changes: dict[str, Any] = {} if status is None else {"status": [status.slug]}
    if asked.view.saved is None:
        return _write(_query(asked.address(layout=None, **changes)), "", "", asked.actor)
    # What the view stands for, so that nobody has to look it up on the way.
    query = _query(asked.address(view=EVERYTHING, layout=None, **changes))
    is_view = status is None and not _narrows(QueryDict(_query(asked.address())))
    return _write(query, asked.view.saved.name if is_view else "", "", asked.actor)


def way_to(address: str, actor: Person) -> str:
    """Return the same for leads on another page that stand in the list at `address`, in its order."""
    return way_from(Asked(QueryDict(_query(address)), actor))


def way_on(request: PortalRequest) -> str:
    """Return the same for the pages, forms and redirects behind a lead's page: "?list=…", or ""."""
    trail = Trail.read(request)
    return trail.way if trail else ""


def list_url(request: PortalRequest) -> str:
    """Return the list that somebody came from, else the list of all leads."""
    trail = Trail.read(request)
    return f"{reverse('leads:list')}?{trail.query}" if trail else reverse("leads:list")


@dataclass(frozen=True)
class Steps:
    """The way on from a lead: its neighbours' addresses ("" at an end), and in what they are next to it."""

    way: str
    name: str
    previous_url: str
    next_url: str


@dataclass(frozen=True)
class Trail:
    """A list as `query` asks for it, called `name` if it is a saved view, and the `place` reached in it."""

    query: str
    name: str
    place: str
    actor: Person

    @classmethod
    def read(cls, request: PortalRequest) -> "Trail | None":
        """Return the trail that an address carries, or None for what was not signed for its reader."""
        token = request.GET.get(WORD, "")
        if not token or len(token) > LONGEST:
            return None
        try:
            query, name, place = _signer(request.actor).unsign_object(token)
        except (signing.BadSignature, ValueError, TypeError, binascii.Error):
            return None
        return cls(query, name, place, request.actor)

    @property
    def way(self) -> str:
        """The trail for an address."""
        return _write(self.query, self.name, self.place, self.actor)

    def steps(self, sight: Sight) -> Steps | None:
        """Return the way on from the place reached; at first that is the place of the lead itself.

        None where the list can no longer be read as it was asked for. Two queries, and what the list's
        filters and search cost by themselves.
        """
        asked = Asked(QueryDict(self.query), self.actor)
        order = asked.sorting.order("lead_id")
        filters = asked.filters
        wanted = LeadList(filters.qs, order, filters.suits_index(order), asked.sought)
        if asked.notices or filters.form.errors:
            return None
        key = self._key(order, sight)
        lead = sight.lead.pk
        start = _write(self.query, self.name, "", self.actor)
        here = _write(self.query, self.name, Cursor(key).write(order), self.actor)
        return Steps(
            here,
            self._name(asked),
            _page(neighbour(wanted, key, lead, backwards=True), start),
            _page(neighbour(wanted, key, lead), start),
        )

    def _key(self, order: Order, sight: Sight) -> Key:
        try:
            return Cursor.read(self.place, order, LeadAccess).key
        except BadCursorError:
            return tuple(getattr(sight.access, field) for field in order.fields)

    def _name(self, asked: Asked) -> str:
        if self.name:
            return self.name
        return _("your list") if _narrows(asked.query) else str(asked.view.label)


def _page(reference: str, way: str) -> str:
    return reverse("leads:detail", args=[reference]) + way if reference else ""


def _narrows(query: QueryDict) -> bool:
    """Say whether an address asks for other leads than its view."""
    return any(name in query for name in ("q", *FILTERS))


def _query(address: str) -> str:
    return address.partition("?")[2]


def _write(query: str, name: str, place: str, actor: Person) -> str:
    """Return "?list=…", or nothing for a list that would make an address too long."""
    token = _signer(actor).sign_object([query, name, place], compress=True)
    return f"?{WORD}={token}" if len(token) <= LONGEST else ""


def _signer(actor: Person) -> signing.Signer:
    return signing.Signer(sep=".", salt=f"trail:{actor.user_id}:{actor.company_id}")
