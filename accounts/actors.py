"""Who does something: a person at work in a company, or the system. Never nobody (architecture.md, habit 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.enums import CustomerRight, DeskKind, Role

NO_DESK = DeskKind(0)


@dataclass(frozen=True, slots=True)
class Rights:
    """The four rights of a reseller company; the defaults are those of a new one (domain.md section 4)."""

    create_leads: bool = False
    create_customers: str = CustomerRight.APPROVAL
    disqualify_leads: bool = True
    export_leads: bool = True


@dataclass(frozen=True, slots=True)
class Employer:
    """A company that a person can switch to."""

    company_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person working in one company, with the union of its roles there; read anew for each request.

    `desk_id` is None for roles that see no leads (customers, administrators without another role).
    `host_id` is the host of the company: itself for a host, None for vendors and customers.
    `preferences` are what the person has set in this company: words of views and columns, and whether
    single keys act; what the company has set stands behind them.
    `is_staff_at_work` marks staff in Django admin, who act as operator of a lead's host and are logged as staff.
    `token` is the name of the API token that acts for the person, in one of its roles; histories say so.
    """

    user_id: int
    name: str
    email: str
    company_id: int
    company_name: str
    roles: frozenset[Role]
    host_id: int | None = None
    desk_id: int | None = None
    desk_kinds: DeskKind = NO_DESK
    rights: Rights = field(default_factory=Rights)
    is_staff_at_work: bool = False
    token: str = ""
    theme: str = "auto"
    density: str = "default"
    preferences: Mapping[str, Any] = field(default_factory=dict, compare=False)
    employers: tuple[Employer, ...] = ()

    def has(self, *roles: Role) -> bool:
        """Say whether the person has at least one of `roles` here."""
        return not self.roles.isdisjoint(roles)

    @property
    def has_shortcuts(self) -> bool:
        """Whether single keys act on pages; they do until the person switches them off."""
        return self.preferences.get("shortcuts", "on") == "on"


@dataclass(frozen=True, slots=True)
class System:
    """Rules, clocks, public forms and commands. `name` is shown in histories."""

    name: str = "System"


SYSTEM = System()
Actor = Person | System
