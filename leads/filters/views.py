"""The views of the lead list: those that the portal brings (domain.md section 5), and saved ones."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import Role
from leads.enums import OPEN, Status
from leads.models import SavedView
from leads.rules.views import PINNED_MOST, is_own, may_change
from leads.selectors.options import ME
from leads.selectors.views import saved_views

_MANAGERS = frozenset({Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER})
_SELLERS = _MANAGERS | {Role.SALES_SUPPORT, Role.RESELLER, Role.VENDOR}


@dataclass(frozen=True)
class View:
    """Words for a tab, and what they stand for: filters, sort and columns as an address names them.

    A view that the portal brings has `roles` that see it (everybody where none are named) and says
    `done` when nothing is left in it. One that somebody saved is that row.
    """

    word: str
    label: Any
    query: dict[str, list[str]] = field(default_factory=dict)
    roles: frozenset[Role] = frozenset()
    done: Any = ""
    saved: SavedView | None = None

    @classmethod
    def of(cls, saved: SavedView) -> "View":
        """Return what a row stands for."""
        query = {**saved.filters, "sort": [saved.sort], "column": saved.columns}
        return cls(saved.slug, saved.name, query, saved=saved)

    def without(self, names: Collection[str]) -> "View":
        """Return the view without some of its filters."""
        kept = {name: values for name, values in self.query.items() if name not in names}
        return replace(self, query=kept)

    def with_columns(self, words: list[str]) -> "View":
        """Return the view with the columns that are there for its reader."""
        return replace(self, query={**self.query, "column": words})


def _in(*statuses: Status) -> dict[str, list[str]]:
    return {"status": [status.slug for status in sorted(statuses)]}


PRESETS = (
    View("all", _("All leads")),
    View(
        "pending",
        _("Pending Leads"),
        _in(Status.SUBMITTED),
        _MANAGERS | {Role.VENDOR},
        _("Nothing is waiting. All leads in this view have been answered."),
    ),
    # Disqualified leads remain in the Accepted Leads table (AppDirect).
    View(
        "accepted",
        _("Accepted Leads"),
        _in(Status.ASSIGNED, Status.REFERRED, Status.CONVERTED, Status.DISQUALIFIED),
        _MANAGERS | {Role.VENDOR},
    ),
    View(
        "mine",
        _("Mine"),
        {**_in(*OPEN), "in_charge": [ME]},
        _SELLERS,
        _("No open leads are in your charge."),
    ),
    View(
        "waiting",
        _("Waiting over 48 hours"),
        {"waiting": ["yes"]},
        _SELLERS,
        _("Nothing is waiting. All leads in this view have been answered."),
    ),
    View(
        "scored",
        _("Score above threshold"),
        {"stage": ["mql"]},
        _SELLERS,
        _("No lead has reached the threshold."),
    ),
    View("closed", _("Closed"), _in(Status.CONVERTED, Status.DISQUALIFIED)),
)
EVERYTHING = PRESETS[0]


def presets_of(actor: Person) -> list[View]:
    """Return the views that the portal brings for the actor's roles, in the order of their tabs."""
    return [preset for preset in PRESETS if not preset.roles or actor.has(*preset.roles)]


class Views:
    """The views that an actor has; saved ones are read, in one query, when one is asked for or pinned."""

    def __init__(self, actor: Person) -> None:
        self.actor = actor
        self.presets = presets_of(actor)

    @cached_property
    def every(self) -> list[View]:
        """All of them, those of the portal first."""
        return [*self.presets, *self.saved]

    @cached_property
    def saved(self) -> list[View]:
        """Those that the actor or a colleague saved."""
        return [View.of(saved) for saved in saved_views(self.actor)]

    def find(self, word: str) -> View | None:
        """Return the view that is called so in addresses, or None."""
        named = (view for view in self.presets if view.word == word)
        return next(named, None) or next((one for one in self.saved if one.word == word), None)

    @property
    def pinned(self) -> list[View]:
        """The views that are tabs: up to five, in the order in which they were pinned."""
        usual = [view.word for view in self.presets[:PINNED_MOST]]
        words = self.actor.preferences.get("pinned", usual)
        return [view for word in words if (view := self.find(word))]

    def may_change(self, view: View) -> bool:
        """Say whether the actor may overwrite, rename or delete `view`."""
        return view.saved is not None and may_change(view.saved, self.actor)

    def is_own(self, view: View) -> bool:
        """Say whether the actor saved `view`."""
        return view.saved is not None and is_own(view.saved, self.actor)
