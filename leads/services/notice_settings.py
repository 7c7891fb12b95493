"""How somebody wants to be told, and what a company says about it for its people (ux.md N1 to N3)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import time

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse

from accounts.actors import Person
from accounts.models import Membership
from accounts.selectors.actors import actor_at
from accounts.services.profile import remember, remember_for_company
from leadportal.common.errors import NotFound
from leads.enums import InboxKind
from leads.rules.notices import CHOICES, LOCKED, QUIET, Choice, MailWhen, choice_of, is_locked

SALT = "leads.notices.stop"


def set_notices(
    choices: Mapping[InboxKind, Choice], *, quiet: tuple[time, time] | None, actor: Person
) -> None:
    """Store how the actor is told at its present company, and from when until when no mail may come.

    What the company has locked keeps the actor's choice of before, for the day when it is open again.
    """
    remember(
        **{CHOICES: _stored(choices), QUIET: [f"{one:%H:%M}" for one in quiet or ()]}, actor=actor
    )


@transaction.atomic
def set_company_notices(
    choices: Mapping[InboxKind, Choice], *, locked: Collection[InboxKind], actor: Person
) -> None:
    """Store how people of the actor's company are told who choose nothing else, and what they cannot choose.

    Raises Forbidden for whoever does not manage the company's people.
    """
    names = sorted(kind.value for kind in locked)
    remember_for_company(**{CHOICES: _stored(choices), LOCKED: names}, actor=actor)


def stop_url_of(kinds: Iterable[InboxKind], membership: Membership) -> str:
    """Return the address that stops mails about `kinds` with one click; "" where the company decides alone."""
    free = [one.value for one in kinds if not is_locked(one, membership.company.preferences)]
    if not free:
        return ""
    token = signing.dumps([membership.user_id, membership.company_id, *free], salt=SALT)
    return f"{settings.PORTAL_URL}{reverse('intake:stop', args=[token])}"


def kinds_to_stop(token: str) -> list[InboxKind]:
    """Return what mails a token of ours stops. Raises NotFound for any other."""
    return _read(token)[2]


@transaction.atomic
def stop_mails(token: str) -> list[InboxKind]:
    """Mail no more of what the token names to the person it was made for; return that. The same again changes nothing.

    Raises NotFound for a token that is not ours, or of somebody who works there no longer.
    """
    user_id, company_id, kinds = _read(token)
    actor = actor_at(user_id, company_id)
    if actor is None:
        raise NotFound
    row = Membership.objects.select_for_update(of=("self",)).select_related("company")
    membership = row.get(user=user_id, company=company_id)
    own, company = membership.preferences, membership.company.preferences
    present = {kind: choice_of(kind, own=own, company=company) for kind in kinds}
    stopped = {kind: Choice(one.bell, MailWhen.NEVER) for kind, one in present.items()}
    remember(**{CHOICES: {**own.get(CHOICES, {}), **_stored(stopped)}}, actor=actor)
    return kinds


def _read(token: str) -> tuple[int, int, list[InboxKind]]:
    try:
        user_id, company_id, *kinds = signing.loads(token, salt=SALT)
        return user_id, company_id, [InboxKind(one) for one in kinds]
    except (signing.BadSignature, ValueError):
        raise NotFound from None


def _stored(choices: Mapping[InboxKind, Choice]) -> dict[str, dict[str, object]]:
    return {kind.value: {"bell": one.bell, "mail": one.mail.value} for kind, one in choices.items()}
