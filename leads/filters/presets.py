"""The named views of the lead list: All, Pending Leads, Accepted Leads and so on (domain.md section 5)."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import Role
from leads.enums import OPEN, Status
from leads.selectors.options import ME

_MANAGERS = frozenset({Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER})
_SELLERS = _MANAGERS | {Role.SALES_SUPPORT, Role.RESELLER, Role.VENDOR}


@dataclass(frozen=True)
class Preset:
    """A view that the portal brings: words for its tab, and the filters that it stands for.

    `roles` see it; everybody where none are named. `done` is said when nothing is left in it.
    """

    word: str
    label: Any
    query: dict[str, list[str]] = field(default_factory=dict)
    roles: frozenset[Role] = frozenset()
    done: Any = ""


def _in(*statuses: Status) -> dict[str, list[str]]:
    return {"status": [status.slug for status in sorted(statuses)]}


PRESETS = (
    Preset("all", _("All leads")),
    Preset(
        "pending",
        _("Pending Leads"),
        _in(Status.SUBMITTED),
        _MANAGERS | {Role.VENDOR},
        _("Nothing is waiting. All leads in this view have been answered."),
    ),
    # Disqualified leads remain in the Accepted Leads table (AppDirect).
    Preset(
        "accepted",
        _("Accepted Leads"),
        _in(Status.ASSIGNED, Status.REFERRED, Status.CONVERTED, Status.DISQUALIFIED),
        _MANAGERS | {Role.VENDOR},
    ),
    Preset(
        "mine",
        _("Mine"),
        {**_in(*OPEN), "in_charge": [ME]},
        _SELLERS,
        _("No open leads are in your charge."),
    ),
    Preset(
        "waiting",
        _("Waiting over 48 hours"),
        {"waiting": ["yes"]},
        _SELLERS,
        _("Nothing is waiting. All leads in this view have been answered."),
    ),
    Preset("closed", _("Closed"), _in(Status.CONVERTED, Status.DISQUALIFIED)),
)
EVERYTHING = PRESETS[0]


def presets_of(actor: Person) -> list[Preset]:
    """Return the views that the actor's roles have, in the order of their tabs."""
    return [preset for preset in PRESETS if not preset.roles or actor.has(*preset.roles)]
