"""Who may open which page and change which row of the catalogue (domain.md section 4).

The first half are doors: a role without them does not have the page (404). The second half are asked
by services about one row that the actor already sees (403).
"""

from accounts.actors import Actor, Person, System
from accounts.enums import HOST_ROLES, Role

MANAGERS = (Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)


def sees_marketplaces(actor: Person) -> bool:
    """Marketplaces: marketplace managers edit, reseller managers read."""
    return actor.has(*MANAGERS)


def edits_marketplaces(actor: Person) -> bool:
    """See `sees_marketplaces`."""
    return actor.has(Role.MARKETPLACE_MANAGER)


def sees_products(actor: Person) -> bool:
    """Products: vendors own them; hosts, resellers and referral partners read."""
    return actor.has(*HOST_ROLES, Role.VENDOR, Role.RESELLER, Role.REFERRAL)


def edits_products(actor: Person) -> bool:
    """See `sees_products`."""
    return actor.has(Role.VENDOR)


def makes_listings(actor: Person) -> bool:
    """Listings: vendors for their products, marketplace managers for their marketplaces."""
    return actor.has(Role.VENDOR, Role.MARKETPLACE_MANAGER)


def sees_templates(actor: Person) -> bool:
    """Lead templates: vendors and marketplace managers edit, reseller managers read."""
    return actor.has(*MANAGERS, Role.VENDOR)


def edits_templates(actor: Person) -> bool:
    """See `sees_templates`."""
    return actor.has(Role.VENDOR, Role.MARKETPLACE_MANAGER)


def sees_attributes(actor: Person) -> bool:
    """Custom attributes: marketplace managers edit, reseller managers read, referral users have own ones."""
    return actor.has(*MANAGERS, Role.REFERRAL)


def edits_attributes(actor: Person) -> bool:
    """See `sees_attributes`."""
    return actor.has(Role.MARKETPLACE_MANAGER, Role.REFERRAL)


def may_edit_marketplace(actor: Actor, host_id: int) -> bool:
    """Say whether `actor` may change a marketplace of this host."""
    if isinstance(actor, System):
        return True
    return edits_marketplaces(actor) and actor.company_id == host_id


def may_edit_product(actor: Actor, vendor_id: int) -> bool:
    """Say whether `actor` may change a product of this vendor."""
    if isinstance(actor, System):
        return True
    return edits_products(actor) and actor.company_id == vendor_id


def may_manage_listing(actor: Actor, vendor_id: int, host_id: int) -> bool:
    """Say whether `actor` may list this vendor's product in this host's marketplaces."""
    return may_edit_product(actor, vendor_id) or may_edit_marketplace(actor, host_id)


def may_edit_template(actor: Actor, owner_id: int) -> bool:
    """Say whether `actor` may change a template of this company."""
    if isinstance(actor, System):
        return True
    return edits_templates(actor) and actor.company_id == owner_id


def may_edit_attribute(actor: Actor, host_id: int, owner_id: int | None) -> bool:
    """Say whether `actor` may change an attribute of this host, or somebody's own one."""
    if isinstance(actor, System):
        return True
    if owner_id is not None:
        return owner_id == actor.user_id
    return actor.has(Role.MARKETPLACE_MANAGER) and actor.company_id == host_id
