"""Invitations: those that a manager has sent, and the one behind a link."""

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import Invitation, User
from accounts.rules.tokens import fingerprint


def open_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Return the invitations that wait for an answer, newest first, also those that have expired."""
    return Invitation.objects.visible_to(actor).open().select_related("company", "invited_by")


def invitation_behind(token: str) -> Invitation | None:
    """Return the invitation that a link belongs to, in any state; None for a token that never was."""
    return (
        Invitation.objects.filter(token_hash=fingerprint(token))
        .select_related("company", "invited_by")
        .first()
    )


def account_of(invitation: Invitation) -> User | None:
    """Return the account with the address that was invited, if there is one already."""
    return User.objects.filter(email=invitation.email.lower()).first()
