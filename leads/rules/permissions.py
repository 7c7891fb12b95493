"""Which pages a person has, and who may begin a lead (domain.md section 4; ux.md 1.2)."""

from accounts.actors import Person
from accounts.enums import COMPANY_ROLES, HOST_ROLES, Role
from accounts.rules.permissions import manages_people

# The order decides for a person with several roles: as whom a lead is made by hand.
CREATING_ROLES = (
    Role.MARKETPLACE_MANAGER,
    Role.RESELLER_MANAGER,
    Role.SALES_SUPPORT,
    Role.VENDOR,
    Role.RESELLER,
    Role.REFERRAL,
)


def anybody(actor: Person) -> bool:
    """Every signed-in person has the page."""
    return True


def sees_leads(actor: Person) -> bool:
    """Everybody who works with leads; not customers, nor administrators without another role."""
    return actor.has(*HOST_ROLES, *COMPANY_ROLES)


def creating_role(actor: Person) -> Role | None:
    """Return as whom `actor` makes a lead by hand; a reseller needs right 1. None: not at all."""
    for role in CREATING_ROLES:
        if actor.has(role) and (role != Role.RESELLER or actor.rights.create_leads):
            return role
    return None


def creates_leads(actor: Person) -> bool:
    """Whoever may begin a lead by hand."""
    return creating_role(actor) is not None


def imports_leads(actor: Person) -> bool:
    """Whoever makes leads by hand, but for referral partners; a reseller needs right 1 (domain.md section 4)."""
    return creating_role(actor) not in {None, Role.REFERRAL}


def exports_leads(actor: Person) -> bool:
    """Whoever sees leads; a reseller company needs right 4."""
    if actor.has(Role.RESELLER) and not actor.rights.export_leads:
        return False
    return sees_leads(actor)


def sees_approvals(actor: Person) -> bool:
    """Managers decide on conversion requests; resellers see their own."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.RESELLER)


def sets_default_views(actor: Person) -> bool:
    """Whoever manages the company's people and works with leads: choose the tabs that new people find."""
    return sees_leads(actor) and manages_people(actor)


def sets_company_notices(actor: Person) -> bool:
    """Whoever manages the company's people and works with leads: what they are told, and by which ways."""
    return sees_leads(actor) and manages_people(actor)


def reads_reports(actor: Person) -> bool:
    """Everybody who works with leads; a referral user has the summary of the own ones alone (ux.md 1.2)."""
    return actor.has(*HOST_ROLES, Role.VENDOR, Role.RESELLER)


def reads_template_reports(actor: Person) -> bool:
    """Whoever may read lead templates: managers all of the host, vendors their own."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.VENDOR)


def reads_referral_credit(actor: Person) -> bool:
    """Whoever looks after the programme."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)


def sees_companies(actor: Person) -> bool:
    """Everybody who sees companies beside the own one."""
    return actor.has(*HOST_ROLES, Role.VENDOR, Role.RESELLER)


def exports_companies(actor: Person) -> bool:
    """Whoever has the list of companies, with what a reseller needs for leads: right 4."""
    return sees_companies(actor) and exports_leads(actor)


def looks_after_own_company(actor: Person) -> bool:
    """Vendors look after what comes in for their products; a reseller needs right 1 and to be Company Admin."""
    is_reseller_admin = actor.has(Role.RESELLER) and actor.has(Role.COMPANY_ADMIN)
    return actor.has(Role.VENDOR) or (is_reseller_admin and actor.rights.create_leads)


def looks_after(
    actor: Person, *, host: int | None, company: int | None, in_programme: bool
) -> bool:
    """Say whether `actor` looks after what came in for `host` through a form or source of `company`.

    `in_programme` says that the company is a reseller or referral partner of the host. The same in the
    database is `SubmissionQuerySet.visible_to`.
    """
    if actor.has(Role.MARKETPLACE_MANAGER):
        return actor.host_id == host
    is_partners = in_programme and actor.has(Role.RESELLER_MANAGER) and actor.host_id == host
    return is_partners or (actor.company_id == company and looks_after_own_company(actor))


def sees_offers(actor: Person) -> bool:
    """What waits at whom: operator and channel (domain.md section 2, "Viewers do not see ... offers")."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)


def sees_attention(actor: Person) -> bool:
    """Whoever looks after what could not become a lead (domain.md section 4)."""
    is_manager = actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)
    return is_manager or looks_after_own_company(actor)


def manages_sources(actor: Person) -> bool:
    """Webhook sources: whoever looks after what comes through them (one row of domain.md's table)."""
    return sees_attention(actor)


def sees_scoring(actor: Person) -> bool:
    """Scoring rules: marketplace managers edit the host's, vendors their products'; reseller managers read."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.VENDOR)


def edits_scoring(actor: Person) -> bool:
    """See `sees_scoring`."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.VENDOR)


def may_edit_sheet(actor: Person, *, company_id: int, is_of_product: bool) -> bool:
    """Say whether `actor` may change these scoring rules: the host's, or those of a product of its company."""
    role = Role.VENDOR if is_of_product else Role.MARKETPLACE_MANAGER
    return actor.has(role) and actor.company_id == company_id


def manages_routing(actor: Person) -> bool:
    """Assignment rules and territories: marketplace managers all, reseller managers those of their programme."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)
