"""Who may change a saved view (ux.md L20)."""

from typing import Protocol

from accounts.actors import Person
from accounts.enums import Role

PINNED_MOST = 5
# Of one person in one company, so that the menu stays a menu.
VIEWS_MOST = 30


class Owned(Protocol):
    """What is asked about a view that the actor sees."""

    owner_id: int
    is_shared: bool


def is_own(view: Owned, actor: Person) -> bool:
    """Say whether `actor` owns the view: the owner alone decides to share it."""
    return view.owner_id == actor.user_id


def may_change(view: Owned, actor: Person) -> bool:
    """Say whether `actor` may overwrite, rename or delete the view: its owner, and managers when it is shared."""
    is_manager = actor.has(Role.COMPANY_ADMIN, Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER)
    return is_own(view, actor) or (view.is_shared and is_manager)
