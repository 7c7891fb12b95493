"""The moves: one table (domain.md section 2). Page, dialog, admin, history and every later door read it.

A `Grant` reads as a line of the specification: from these statuses, this relation may, when it has one of
these roles (empty: any) and all these rights. What else must hold is a `Condition` of the action.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from accounts.enums import Role
from leads.enums import Qualification, Relation, Status

OPERATOR, CHANNEL, HOLDER, MAKER, VENDOR = (
    Relation.OPERATOR,
    Relation.CHANNEL,
    Relation.HOLDER,
    Relation.MAKER,
    Relation.VENDOR,
)


class Action(StrEnum):
    """Every move; the value is its address below the lead: /leads/<lead-id>/<action>/."""

    SUBMIT = "submit"
    ASSIGN = "assign"
    TAKE = "take"
    GIVE = "give"
    ACCEPT = "accept"
    DECLINE = "decline"
    CONVERT = "convert"
    REQUEST = "request"
    WITHDRAW = "withdraw"
    APPROVE = "approve"
    DENY = "deny"
    DISQUALIFY = "disqualify"
    ASSOCIATE = "associate"
    MANAGE = "manage"
    QUALIFY = "qualify"
    INVALID = "invalid"
    SALES_QUALIFIED = "sales-qualified"
    DELETE = "delete"
    RESTORE = "restore"
    PROGRESS = "progress"
    OUTCOME = "outcome"
    EDIT = "edit"
    PRODUCTS = "products"
    REMOVE_PRODUCT = "remove-product"
    NOTE = "note"
    DEAL = "deal"
    LINK = "link"
    UNLINK = "unlink"


class Verdict(Enum):
    """What the table answers; the values are the HTTP statuses of domain.md section 2, "Answers"."""

    ALLOWED = 200
    FORBIDDEN = 403
    NOT_NOW = 409
    UNKNOWN = 404


class Need(Enum):
    """The reseller right that a grant asks for."""

    CONVERT_FREELY = auto()
    CONVERT_BY_APPROVAL = auto()
    DISQUALIFY = auto()


@dataclass(frozen=True, slots=True)
class Grant:
    """All of `relations` together may, from `statuses`, with one of `roles` (empty: any) and the right `need`."""

    statuses: frozenset[Status]
    relations: frozenset[Relation]
    roles: frozenset[Role] = frozenset()
    need: Need | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table looks at beside the actor: the state of one lead, as plain values."""

    status: Status
    relations: frozenset[Relation]
    qualification: Qualification = Qualification.NONE
    is_sql: bool = False
    has_request: bool = False
    is_restorable: bool = True
    is_masked: bool = False


def _statuses(letters: str) -> frozenset[Status]:
    """Read the statuses that `letters` name: Pending, Submitted, Assigned, Referred, Converted, X deleted."""
    by_letter = dict(zip("PSARCDX", Status, strict=True))
    return frozenset(by_letter[letter] for letter in letters)


def _each(
    letters: str, *who: Relation, roles: tuple[Role, ...] = (), need: Need | None = None
) -> tuple[Grant, ...]:
    """Write one line of the table: from these statuses each relation of `who` may by itself."""
    return tuple(Grant(_statuses(letters), frozenset({one}), frozenset(roles), need) for one in who)


def _both(letters: str, *who: Relation) -> tuple[Grant, ...]:
    """Write one line of the table: from these statuses only who has all relations of `who` at once."""
    return (Grant(_statuses(letters), frozenset(who)),)


RESELLER, SALES, VENDOR_ROLE = Role.RESELLER, Role.SALES_SUPPORT, Role.VENDOR


def _sold(letters: str) -> tuple[Grant, ...]:
    """Write the lines about deals, quotes and orders: referral partners have none of these (section 4)."""
    holders = (RESELLER, SALES, VENDOR_ROLE)
    return _each(letters, OPERATOR, CHANNEL) + _each(letters, HOLDER, roles=holders)


MOVES: dict[Action, tuple[Grant, ...]] = {
    Action.SUBMIT: _each("P", MAKER) + _both("A", HOLDER, VENDOR),
    Action.ASSIGN: _each("SA", OPERATOR, CHANNEL) + _each("R", OPERATOR),
    Action.TAKE: _each("ARC", HOLDER, OPERATOR, CHANNEL),
    Action.GIVE: _each("ARC", HOLDER, OPERATOR, CHANNEL),
    Action.ACCEPT: _each("A", HOLDER, roles=(RESELLER, SALES)),
    Action.DECLINE: _each("A", HOLDER, roles=(RESELLER, SALES, VENDOR_ROLE)),
    Action.CONVERT: _each("SAR", OPERATOR)
    + _each("R", CHANNEL)
    + _each("AR", HOLDER, roles=(RESELLER,), need=Need.CONVERT_FREELY)
    + _each("AR", HOLDER, roles=(SALES,)),
    Action.REQUEST: _each("AR", HOLDER, roles=(RESELLER,), need=Need.CONVERT_BY_APPROVAL),
    Action.WITHDRAW: _each("AR", HOLDER, roles=(RESELLER,), need=Need.CONVERT_BY_APPROVAL),
    Action.APPROVE: _each("AR", OPERATOR, CHANNEL),
    Action.DENY: _each("AR", OPERATOR, CHANNEL),
    Action.DISQUALIFY: _each("SA", OPERATOR, CHANNEL)
    + _each("R", OPERATOR)
    + _each("AR", HOLDER, roles=(RESELLER,), need=Need.DISQUALIFY)
    + _each("A", HOLDER, roles=(VENDOR_ROLE,))
    + _each("AR", HOLDER, roles=(SALES,)),
    Action.ASSOCIATE: _each("SAR", OPERATOR, CHANNEL, HOLDER),
    Action.MANAGE: _each("C", OPERATOR, CHANNEL, VENDOR)
    + _each("C", HOLDER, roles=(RESELLER, SALES)),
    Action.QUALIFY: _each("SA", VENDOR, OPERATOR),
    Action.INVALID: _each("SA", VENDOR, OPERATOR),
    Action.SALES_QUALIFIED: _each("R", HOLDER),
    Action.DELETE: _each("P", MAKER)
    + _each("S", VENDOR, MAKER)
    + _both("A", HOLDER, VENDOR)
    + _both("R", MAKER, HOLDER)
    + _each("PSAR", OPERATOR),
    Action.RESTORE: _each("X", OPERATOR, CHANNEL),
    Action.PROGRESS: _each("PSARC", HOLDER, VENDOR, OPERATOR, CHANNEL),
    Action.OUTCOME: _each("C", HOLDER, OPERATOR, CHANNEL),
    Action.EDIT: _each("PSAR", HOLDER, OPERATOR, CHANNEL)
    + _each("P", MAKER)
    + _each("R", MAKER, roles=(Role.REFERRAL,)),
    Action.PRODUCTS: _each("R", HOLDER, OPERATOR, CHANNEL)
    + _each("R", MAKER, roles=(Role.REFERRAL,)),
    Action.REMOVE_PRODUCT: _each("R", HOLDER, OPERATOR, CHANNEL)
    + _each("R", MAKER, roles=(Role.REFERRAL,)),
    Action.NOTE: _each("PSARC", OPERATOR, CHANNEL, HOLDER, MAKER, VENDOR),
    Action.DEAL: _sold("RC"),
    # To write a quote or an order for a lead is to link one that is new.
    Action.LINK: _sold("C"),
    Action.UNLINK: _sold("C"),
}

# Where a move takes a lead: the columns of the board (ux.md L38). Of several ways into a status, the first is the
# usual one. A restored lead goes back to where it was.
LEADS_TO: dict[Action, Status | None] = {
    Action.SUBMIT: Status.SUBMITTED,
    Action.DECLINE: Status.SUBMITTED,
    Action.ASSIGN: Status.ASSIGNED,
    Action.ACCEPT: Status.REFERRED,
    Action.CONVERT: Status.CONVERTED,
    Action.APPROVE: Status.CONVERTED,
    Action.REQUEST: Status.CONVERTED,
    Action.DISQUALIFY: Status.DISQUALIFIED,
    Action.INVALID: Status.DISQUALIFIED,
    Action.DELETE: Status.DELETED,
    Action.RESTORE: None,
}

CONDITIONS: dict[Action, Callable[[Facts], bool]] = {
    Action.REQUEST: lambda facts: not facts.has_request,
    Action.WITHDRAW: lambda facts: facts.has_request,
    Action.APPROVE: lambda facts: facts.has_request,
    Action.DENY: lambda facts: facts.has_request,
    Action.QUALIFY: lambda facts: facts.qualification == Qualification.PENDING,
    Action.INVALID: lambda facts: facts.qualification == Qualification.PENDING,
    Action.SALES_QUALIFIED: lambda facts: not facts.is_sql,
    Action.RESTORE: lambda facts: facts.is_restorable,
}
