"""What each role may do, in words: the table of the roles page, and one person's share of it (ux.md U2).

It tells; it does not decide. The sentences follow domain.md, sections 2 and 4; what decides stands in the
policies of each app.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Rights
from accounts.enums import CustomerRight, Right, Role

MM, RM, SS = Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.SALES_SUPPORT
VN, RS, RF = Role.VENDOR, Role.RESELLER, Role.REFERRAL
CA, BA, CU = Role.COMPANY_ADMIN, Role.BILLING_ADMIN, Role.USER

_SETTING = _("By company setting")
_YES = _("Yes")


@dataclass(frozen=True)
class Permission:
    """One line of the table: how far each role has it. `right` names the company setting for resellers."""

    label: Any
    by_role: Mapping[Role, Any]
    right: Right | None = None


@dataclass(frozen=True)
class Share:
    """What one person has of a permission: how far, and why."""

    label: Any
    grants: list[tuple[str, str]] = field(default_factory=list)


PERMISSIONS = [
    Permission(
        _("See leads"),
        {
            MM: _("All leads of the host"),
            RM: _("Leads that the host or its programme holds or made"),
            SS: _("Leads given to sales support, and those it made"),
            VN: _("Leads for own products, and those it made"),
            RS: _("Leads given to the company, and those it made"),
            RF: _("Leads that the company referred"),
        },
    ),
    Permission(
        _("Create leads"),
        {MM: _YES, RM: _YES, SS: _YES, VN: _YES, RS: _SETTING, RF: _YES},
        Right.CREATE_LEADS,
    ),
    Permission(
        _("Assign leads"),
        {
            MM: _("Submitted, assigned and referred leads"),
            RM: _("Submitted and assigned leads of the programme"),
        },
    ),
    Permission(
        _("Qualify leads or mark them invalid"), {MM: _YES, VN: _("Leads for own products")}
    ),
    Permission(
        _("Accept and decline leads"),
        {SS: _YES, VN: _("Decline, where the company holds the lead"), RS: _YES},
    ),
    Permission(
        _("Create customer companies"),
        {
            MM: _YES,
            RM: _("From referred leads"),
            SS: _("From leads that sales support holds"),
            RS: _SETTING,
        },
        Right.CREATE_CUSTOMERS,
    ),
    Permission(
        _("Disqualify leads"),
        {
            MM: _YES,
            RM: _("Submitted and assigned leads"),
            SS: _("Leads that sales support holds"),
            VN: _("Assigned leads that the company holds"),
            RS: _SETTING,
        },
        Right.DISQUALIFY_LEADS,
    ),
    Permission(
        _("Export leads"),
        {MM: _YES, RM: _YES, SS: _YES, VN: _YES, RS: _SETTING, RF: _YES},
        Right.EXPORT_LEADS,
    ),
    Permission(
        _("See companies"),
        {
            MM: _("All companies of the host"),
            RM: _("Resellers, referral partners and their customers"),
            SS: _("Customers from leads it held"),
            VN: _("Customers from leads for own products"),
            RS: _("Customers linked to the company"),
            CA: _("Own company"),
            BA: _("Own company"),
            CU: _("Own company"),
        },
    ),
    Permission(
        _("People and roles"),
        {
            MM: _("All people of the host's companies: see and manage"),
            RM: _("People of the programme: see and invite"),
            SS: _("People of the companies it sees"),
            VN: _("People of the companies it sees"),
            RS: _("People of the companies it sees"),
            CA: _("People of the own company: see and manage"),
            BA: _("People of the own company: see"),
            CU: _("People of the own company: see"),
        },
    ),
    Permission(_("Company profile"), {MM: _("All companies of the host"), CA: _("Own company")}),
    Permission(_("Manage reseller company permissions"), {MM: _YES, RM: _YES}),
    Permission(
        _("Products and listings"),
        {
            MM: _("See and edit all"),
            RM: _("See"),
            SS: _("See"),
            VN: _("See and edit own"),
            RS: _("See"),
            RF: _("See"),
        },
    ),
    Permission(
        _("Marketplaces and custom attributes"),
        {MM: _("See and edit"), RM: _("See"), RF: _("Own custom attributes")},
    ),
    Permission(
        _("Lead templates and forms"), {MM: _("All"), RM: _("See"), VN: _("For own products")}
    ),
    Permission(
        _("Webhook sources"),
        {
            MM: _("All of the host"),
            RM: _("Those of resellers"),
            VN: _("For own products"),
            RS: _("Of the own company, where it may create leads: for its Company Admins"),
        },
    ),
    Permission(
        _("API tokens"),
        {
            MM: _YES,
            RM: _YES,
            SS: _("As Company Admin"),
            VN: _YES,
            RS: _("As Company Admin, where the company may create leads"),
            RF: _("As Company Admin"),
        },
    ),
]


def shares(roles: Collection[Role], rights: Rights) -> list[Share]:
    """Return what somebody with `roles` in a company with `rights` may do, each with its origin.

    Permissions that no role gives are left out. "From company setting" stands where one of the four rights
    of a reseller company decides.
    """
    ordered = [role for role in Role if role in roles]
    lines = []
    for permission in PERMISSIONS:
        grants = [
            _grant(permission, role, rights) for role in ordered if role in permission.by_role
        ]
        if grants:
            lines.append(Share(permission.label, grants))
    return lines


def _grant(permission: Permission, role: Role, rights: Rights) -> tuple[str, str]:
    if role == Role.RESELLER and permission.right is not None:
        return right_in_words(permission.right, rights), gettext("from company setting")
    origin = gettext("from role %(role)s") % {"role": role.label}
    return str(permission.by_role[role]), origin


def right_in_words(right: Right, rights: Rights) -> str:
    """Return how one of the four rights is set: yes or no, or one of the three ways to create customers."""
    value = getattr(rights, right.value)
    if right == Right.CREATE_CUSTOMERS:
        return str(CustomerRight(value).label)
    return gettext("Yes") if value else gettext("No")
