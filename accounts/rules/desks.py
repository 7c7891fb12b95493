"""Which desk a person works at follows from the roles (domain.md section 1)."""

from collections.abc import Iterable

from accounts.enums import COMPANY_ROLES, DeskKind, Role

_HOST_DESKS = {
    Role.MARKETPLACE_MANAGER: DeskKind.OPERATOR,
    Role.RESELLER_MANAGER: DeskKind.CHANNEL,
    Role.SALES_SUPPORT: DeskKind.SALES,
}


def kinds_of(roles: Iterable[Role]) -> DeskKind:
    """Return what `roles` cover together; nothing for roles that see no leads."""
    kinds = DeskKind(0)
    for role in roles:
        kinds |= _HOST_DESKS.get(role, DeskKind(0))
        if role in COMPANY_ROLES:
            kinds |= DeskKind.COMPANY
    return kinds


def desk_kinds(roles: Iterable[Role]) -> DeskKind:
    """Return what the desk of somebody with `roles` covers: the operator's sees all that the host's others see."""
    kinds = kinds_of(roles)
    if kinds & DeskKind.OPERATOR:
        kinds &= ~(DeskKind.CHANNEL | DeskKind.SALES)
    return kinds
