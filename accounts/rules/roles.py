"""Which roles a company may have, and who may give them (domain.md section 4)."""

from collections.abc import Collection, Iterable
from typing import Protocol

from accounts.actors import Actor, System
from accounts.enums import ADMIN_ROLES, HOST_ROLES, Role


class AccessRights(Protocol):
    """What a company is allowed to be: its four access rights."""

    @property
    def is_marketplace(self) -> bool: ...
    @property
    def is_developer(self) -> bool: ...
    @property
    def is_reseller(self) -> bool: ...
    @property
    def is_referral(self) -> bool: ...


# At a host, roles stand above each other; all others are on one level (security.md section 4: no role above one's own).
_LEVELS = {Role.MARKETPLACE_MANAGER: 3, Role.RESELLER_MANAGER: 2, Role.SALES_SUPPORT: 1}


def roles_at(company: AccessRights) -> list[Role]:
    """Return the roles that people of `company` may have, in the order of the enumeration."""
    allowed = {Role.USER, *ADMIN_ROLES}
    if company.is_marketplace:
        allowed |= HOST_ROLES
    if company.is_developer:
        allowed.add(Role.VENDOR)
    if company.is_reseller:
        allowed.add(Role.RESELLER)
    if company.is_referral:
        allowed.add(Role.REFERRAL)
    return [role for role in Role if role in allowed]


def level(roles: Iterable[Role]) -> int:
    """Return how high the highest of `roles` stands."""
    return max((_LEVELS.get(role, 0) for role in roles), default=0)


def is_above(roles: Collection[Role], actor: Actor) -> bool:
    """Say whether one of `roles` stands above the actor's own; nothing stands above the system."""
    if isinstance(actor, System):
        return False
    return level(roles) > level(actor.roles)


def grantable_roles(company: AccessRights, actor: Actor) -> list[Role]:
    """Return the roles of `company` that `actor` may give: none above its own."""
    return [role for role in roles_at(company) if not is_above([role], actor)]
