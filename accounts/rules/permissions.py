"""Which pages about people and companies a person has (domain.md section 4, table of nouns)."""

from accounts.actors import Person
from accounts.enums import HOST_ROLES, Role


def anybody(actor: Person) -> bool:
    """Every signed-in person has the page."""
    return True


def sees_people(actor: Person) -> bool:
    """Everybody sees the people of the companies they see, but a referral user without another role."""
    return actor.has(
        *HOST_ROLES,
        Role.VENDOR,
        Role.RESELLER,
        Role.COMPANY_ADMIN,
        Role.BILLING_ADMIN,
        Role.USER,
    )


def invites_people(actor: Person) -> bool:
    """Company Admins at home; marketplace managers and reseller managers in companies of the host."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.COMPANY_ADMIN)


def manages_people(actor: Person) -> bool:
    """Change roles, deactivate, remove: Company Admins at home, marketplace managers in the host's companies."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.COMPANY_ADMIN)


def sets_rights(actor: Person) -> bool:
    """*Manage reseller company permissions*: operator and channel."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)


def creates_companies(actor: Person) -> bool:
    """Marketplace managers enter companies by hand; customers come from conversion."""
    return actor.has(Role.MARKETPLACE_MANAGER)


def edits_companies(actor: Person) -> bool:
    """Marketplace managers edit the host's companies, Company Admins their own."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.COMPANY_ADMIN)


# Whoever rules can give leads to: sales support, and people of resellers and vendors.
LEAD_TAKERS = (Role.SALES_SUPPORT, Role.RESELLER, Role.VENDOR)


def takes_leads(actor: Person) -> bool:
    """Whoever assignment rules can give leads to."""
    return actor.has(*LEAD_TAKERS)


def token_roles(actor: Person) -> list[Role]:
    """Return the own roles that an API token of `actor` may act in: none beyond what the person may do.

    Managers and vendors by their role; sales support, resellers with right 1 and referral partners as
    Company Admins (domain.md section 4, "webhook sources, tokens").
    """
    free = {Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.VENDOR}
    if actor.has(Role.COMPANY_ADMIN):
        free |= {Role.SALES_SUPPORT, Role.REFERRAL}
        free |= {Role.RESELLER} if actor.rights.create_leads else set()
    return [role for role in Role if role in free & actor.roles]


def manages_tokens(actor: Person) -> bool:
    """Whoever may make API tokens; Company Admins and marketplace managers see those of their colleagues, too."""
    return bool(token_roles(actor))
