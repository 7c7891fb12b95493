"""API tokens: which ones an actor sees, and who acts when one is shown at the door."""

from dataclasses import replace

from django.db.models import QuerySet

from accounts.actors import Person
from accounts.enums import Role
from accounts.models import ApiToken, Desk
from accounts.rules.desks import desk_kinds, kinds_of
from accounts.rules.tokens import is_api_token, prefix_of
from accounts.selectors.actors import actor_at
from leadportal.common import clock


def tokens(actor: Person) -> "QuerySet[ApiToken]":
    """Return the tokens that `actor` sees and that were not revoked, newest first."""
    rows = ApiToken.objects.visible_to(actor).filter(revoked_at__isnull=True)
    return rows.select_related("user").order_by("-created_at", "-pk")


def token_shown(text: str) -> ApiToken | None:
    """Return the valid token that `text` is in full, or None for anything else."""
    prefix = prefix_of(text)
    found = ApiToken.objects.filter(prefix=prefix).first() if prefix else None
    if found is None or not is_api_token(text, found.secret_hash):
        return None
    return found if found.is_valid_at(clock.now()) else None


def actor_of_token(token: ApiToken) -> Person | None:
    """Return the maker of a token at work in its company and in its role alone.

    None when the maker no longer works there in that role: nobody's rights outlive them (security.md R5).
    """
    actor = actor_in_role(token.user_id, token.company_id, Role(token.role))
    return replace(actor, token=token.name) if actor else None


def actor_in_role(user_id: int, company_id: int, role: Role) -> Person | None:
    """Return an account at work in a company in one of its roles alone, at the desk of that role; or None."""
    actor = actor_at(user_id, company_id)
    if actor is None or role not in actor.roles:
        return None
    desk = Desk.objects.filter(company=company_id, kinds=desk_kinds([role])).first()
    return replace(
        actor,
        roles=frozenset({role}),
        desk_id=desk.pk if desk else None,
        desk_kinds=kinds_of([role]),
        preferences={},
        employers=(),
    )
