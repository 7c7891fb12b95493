"""What somebody may do with the people, profile and rights of one company (domain.md section 4).

Visibility comes first and elsewhere (querysets): these rules are asked about companies that the actor sees.
"""

from collections.abc import Collection
from typing import Protocol

from accounts.actors import Actor, System
from accounts.enums import Role
from accounts.rules.roles import is_above


class Employing(Protocol):
    """What the rules read of a company."""

    pk: int
    host_id: int | None
    registered_by_id: int | None
    is_reseller: bool
    is_referral: bool


def is_in_programme(company: Employing, host_id: int) -> bool:
    """Say whether `company` is a reseller or referral company of the host."""
    return company.host_id == host_id and (company.is_reseller or company.is_referral)


def may_manage(company: Employing, actor: Actor) -> bool:
    """Roles, deactivation, removal, profile: Company Admin at home; operator in the host's companies.

    The host's companies are itself, its programme, and those that it registered: vendors it entered,
    customers of its conversions.
    """
    if isinstance(actor, System):
        return True
    if company.pk == actor.company_id:
        return actor.has(Role.COMPANY_ADMIN, Role.MARKETPLACE_MANAGER)
    return actor.has(Role.MARKETPLACE_MANAGER) and actor.company_id in (
        company.host_id,
        company.registered_by_id,
    )


def may_invite(company: Employing, actor: Actor) -> bool:
    """Whoever manages the people; and reseller managers in their programme."""
    if isinstance(actor, System) or may_manage(company, actor):
        return True
    return actor.has(Role.RESELLER_MANAGER) and is_in_programme(company, actor.company_id)


def may_manage_person(
    company: Employing, actor: Actor, *, user_id: int, roles: Collection[Role]
) -> bool:
    """Whoever manages the people of `company`, but not oneself, and nobody with a role above one's own."""
    if isinstance(actor, System):
        return True
    return may_manage(company, actor) and user_id != actor.user_id and not is_above(roles, actor)


def may_merge(company: Employing, other: Employing, actor: Actor) -> bool:
    """Make one of two customer companies: the operator that manages both. No Company Admin manages two."""
    if company.pk == other.pk:
        return False
    if isinstance(actor, System):
        return True
    is_operator = actor.has(Role.MARKETPLACE_MANAGER)
    return is_operator and may_manage(company, actor) and may_manage(other, actor)


def may_set_rights(company: Employing, actor: Actor) -> bool:
    """The four rights of a reseller company: operator and channel of its host."""
    if isinstance(actor, System):
        return company.is_reseller
    return (
        company.is_reseller
        and company.host_id == actor.company_id
        and actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)
    )


def may_set_access(company: Employing, actor: Actor) -> bool:
    """Access rights of a company: the operator that manages it, and nobody those of the own company."""
    if isinstance(actor, System):
        return True
    return (
        actor.has(Role.MARKETPLACE_MANAGER)
        and company.pk != actor.company_id
        and may_manage(company, actor)
    )
