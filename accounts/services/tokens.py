"""API tokens are made, used and revoked."""

from collections.abc import Collection
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from accounts.enums import Role, Scope
from accounts.models import ApiToken, Company
from accounts.rules.permissions import token_roles
from accounts.rules.tokens import API, fingerprint, new_api_token, prefix_of
from accounts.services.desks import desk_for
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound

LONGEST = timedelta(days=366)
# Often enough to see whether a token is still needed, without a write for every call.
NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(
    *, name: str, role: Role, scopes: Collection[Scope], valid_for: timedelta, actor: Person
) -> tuple[ApiToken, str]:
    """Make a token of the actor's company; return it with the key itself, which is stored nowhere.

    Opens the desk of the role where nobody works in it alone. Raises Forbidden for a role that is not the
    actor's own or that tokens of the actor cannot have, Invalid on `name` for one that is taken, on `scopes`
    for none and on `days` for more than a year.
    """
    if role not in token_roles(actor):
        raise Forbidden(_("You cannot make a token for this role."))
    if not scopes:
        raise Invalid({"scopes": _("Choose what the token may do")})
    if not timedelta(0) < valid_for <= LONGEST:
        raise Invalid({"days": _("Choose how long the token is valid")})
    desk_for(Company.objects.get(pk=actor.company_id), [role])
    text, now = new_api_token(), clock.now()
    token = ApiToken(
        company_id=actor.company_id,
        user_id=actor.user_id,
        name=name,
        role=role,
        scopes=[scope.value for scope in Scope if scope in scopes],
        prefix=prefix_of(text),
        secret_hash=fingerprint(text, API),
        created_at=now,
        expires_at=now + valid_for,
    )
    try:
        with transaction.atomic():
            token.save(force_insert=True)
    except IntegrityError:
        raise Invalid(
            {"name": _("There is a token with this name. Choose another name, or revoke that one.")}
        ) from None
    return token, text


@transaction.atomic
def revoke_token(token: ApiToken, *, actor: Actor) -> ApiToken:
    """End a token at once. Raises NotFound for one that the actor does not see, Conflict for one that has ended."""
    rows = ApiToken.objects.visible_to(actor).filter(pk=token.pk)
    fresh = rows.select_for_update(of=("self",)).first()
    if fresh is None:
        raise NotFound
    if fresh.revoked_at is not None:
        raise Conflict(_("This token was revoked already."))
    fresh.revoked_at = clock.now()
    fresh.save(update_fields=["revoked_at"])
    return fresh


def note_token_use(token: ApiToken) -> None:
    """Write down that a token is in use, once a minute at most: of many calls at once, one writes."""
    now = clock.now()
    if token.last_used_at and now - token.last_used_at < NOTED_EVERY:
        return
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - NOTED_EVERY)
    ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
