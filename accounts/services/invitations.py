"""Invitations: how people come in. The link in the mail is the only copy of its secret."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from accounts.enums import Role
from accounts.models import Company, Invitation, Membership, User
from accounts.rules.people import may_invite
from accounts.rules.tokens import fingerprint, new_token
from accounts.services.memberships import add_member, check_roles_given
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound


@transaction.atomic
def invite_person(
    company: Company,
    *,
    email: str,
    roles: Collection[Role],
    first_name: str = "",
    last_name: str = "",
    actor: Actor,
) -> Invitation:
    """Ask somebody by mail to work in `company` with `roles`. An expired invitation is replaced.

    Says the same whether the address has an account elsewhere or not. Raises NotFound, Forbidden, Invalid on
    `roles` (see memberships), and on `email` when the person works there or has an invitation that still works.
    """
    employer = _lock_company(company, actor)
    if not may_invite(employer, actor):
        raise Forbidden(_("Your role does not let you invite people to this company."))
    check_roles_given(employer, roles, actor)
    email = email.lower()
    _refuse_members(employer, email)
    _retire_expired(employer, email)
    return _invite(
        employer, email=email, roles=roles, first_name=first_name, last_name=last_name, actor=actor
    )


@transaction.atomic
def resend_invitation(invitation: Invitation, *, actor: Actor) -> Invitation:
    """Send the mail again with a new link that is valid from now; the link of before stops working.

    Raises NotFound, Forbidden, or Conflict when the invitation was accepted or revoked.
    """
    fresh = _lock_invitation(invitation, actor)
    _send(fresh, actor)
    fresh.save(update_fields=["token_hash", "created_at", "expires_at"])
    return fresh


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, actor: Actor) -> Invitation:
    """End an invitation: its link stops working.

    Raises NotFound, Forbidden, or Conflict when it was accepted or revoked already.
    """
    fresh = _lock_invitation(invitation, actor)
    fresh.revoked_at = clock.now()
    fresh.save(update_fields=["revoked_at"])
    return fresh


@transaction.atomic
def accept_as_new(
    token: str, *, first_name: str, last_name: str, password: str, actor: Actor
) -> User:
    """Accept an invitation to an address without a password: names and password are set, the person joins.

    The link came by mail, so it proves the address. Writes account, membership, roles; returns the account,
    to be signed in. Raises NotFound (unknown link), Conflict (link used, revoked, expired; the account has a
    password by now and must sign in; it is switched off), Invalid on `password`.
    """
    invitation = _open_invitation(token)
    user, _is_new = User.objects.select_for_update().get_or_create(
        email=invitation.email, defaults={"password": ""}
    )
    if user.has_password:
        raise Conflict(_("This address has an account by now. Sign in and open the link again."))
    _check_password(password, user, first_name, last_name)
    user.first_name, user.last_name = first_name, last_name
    user.set_password(password)
    _join(invitation, user, actor)
    user.save(update_fields=["first_name", "last_name", "password", "works_at"])
    return user


@transaction.atomic
def accept_as_member(token: str, *, user: User, actor: Actor) -> User:
    """Accept an invitation as the signed-in `user`, who joins the company and works there from now on.

    Raises NotFound (unknown link), Forbidden (the invitation is for another address), Conflict (link used,
    revoked or expired; deactivated there).
    """
    invitation = _open_invitation(token)
    fresh = User.objects.select_for_update().get(pk=user.pk)
    if fresh.email != invitation.email:
        raise Forbidden(_("This invitation is for another address. Sign out and open it again."))
    _join(invitation, fresh, actor)
    fresh.save(update_fields=["works_at"])
    return fresh


@transaction.atomic
def create_first_user(
    company: Company,
    *,
    email: str,
    first_name: str,
    last_name: str,
    roles: Collection[Role],
    actor: Actor,
) -> User:
    """Make the first person of a customer company and invite them by mail (domain.md section 3, Conversion).

    The membership is there at once; the invitation only lets the person in. The same call again returns the
    same person and sends nothing. An account that exists is used as it is. Raises Invalid on `email` for staff.
    """
    email = email.lower()
    Company.objects.select_for_update().get(pk=company.pk)  # the same call at once waits here
    user, is_new = User.objects.get_or_create(
        email=email, defaults={"first_name": first_name, "last_name": last_name}
    )
    if user.is_staff:
        sentence = _("%(email)s belongs to the portal's staff. Use another address.")
        raise Invalid({"email": sentence % {"email": email}})
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    if not Membership.objects.filter(company=company, user=user).exists():
        add_member(company, user=user, roles=roles, actor=actor)
        _invite(
            company,
            email=email,
            roles=roles,
            first_name=first_name,
            last_name=last_name,
            actor=actor,
        )
    return user


# --- Steps ------------------------------------------------------------------------------------------


def _lock_company(company: Company, actor: Actor) -> Company:
    """Lock the company, so that two managers who invite the same address wait for each other."""
    scoped = Company.objects.visible_to(actor).filter(pk=company.pk)
    fresh = scoped.select_for_update(of=("self",)).first()
    if fresh is None:
        raise NotFound
    return fresh


def _lock_invitation(invitation: Invitation, actor: Actor) -> Invitation:
    scoped = Invitation.objects.visible_to(actor).filter(pk=invitation.pk)
    fresh = scoped.select_for_update(of=("self",)).select_related("company").first()
    if fresh is None:
        raise NotFound
    if fresh.accepted_at or fresh.revoked_at:
        raise Conflict(
            _("The invitation of %(email)s was accepted or revoked already.")
            % {"email": fresh.email}
        )
    return fresh


def _open_invitation(token: str) -> Invitation:
    """Lock the invitation behind a link, and take it: whoever comes second finds it used."""
    rows = Invitation.objects.filter(token_hash=fingerprint(token))
    invitation = rows.select_for_update(of=("self",)).select_related("company").first()
    if invitation is None:
        raise NotFound
    moment = clock.now()
    taken = invitation.is_valid_at(moment) and rows.open().update(accepted_at=moment)
    if not taken:
        raise Conflict(_("This invitation is no longer valid."))
    return invitation


def _refuse_members(company: Company, email: str) -> None:
    membership = (
        Membership.objects.filter(company=company, user__email=email).select_related("user").first()
    )
    if membership is None:
        return
    sentence = (
        _("%(email)s works at %(company)s already.")
        if membership.is_active
        else _("%(email)s is deactivated at %(company)s. Reactivate the person instead.")
    )
    raise Invalid({"email": sentence % {"email": email, "company": company.name}})


def _retire_expired(company: Company, email: str) -> None:
    """End an invitation that ran out; refuse while one still works."""
    waiting = Invitation.objects.open().filter(company=company, email=email).first()
    if waiting is None:
        return
    if waiting.is_valid_at(clock.now()):
        sentence = _("%(email)s has an invitation already. Send it again from the list.")
        raise Invalid({"email": sentence % {"email": email}})
    waiting.revoked_at = clock.now()
    waiting.save(update_fields=["revoked_at"])


def _invite(
    company: Company,
    *,
    email: str,
    roles: Collection[Role],
    first_name: str,
    last_name: str,
    actor: Actor,
) -> Invitation:
    """Store an invitation and its mail."""
    invitation = Invitation(
        company=company,
        email=email,
        first_name=first_name,
        last_name=last_name,
        roles=[role.value for role in Role if role in roles],
        invited_by_id=actor.user_id if isinstance(actor, Person) else None,
    )
    _send(invitation, actor)
    invitation.save()
    return invitation


def _send(invitation: Invitation, actor: Actor) -> None:
    """Give the invitation a new link and put the mail that holds it into the outbox."""
    token = new_token()
    invitation.token_hash = fingerprint(token)
    invitation.created_at = clock.now()
    invitation.expires_at = invitation.created_at + timedelta(days=settings.INVITATION_DAYS)
    context = {
        "invitation": invitation,
        "company": invitation.company,
        "inviter": actor.name if isinstance(actor, Person) else "",
        "link": settings.PORTAL_URL + reverse("accounts:invitation", kwargs={"token": token}),
        "days": settings.INVITATION_DAYS,
    }
    send_mail(
        subject=render_to_string("email/invitation.subject.txt", context).strip(),
        message=render_to_string("email/invitation.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
        html_message=render_to_string("email/invitation.html", context),
    )


def _check_password(password: str, user: User, first_name: str, last_name: str) -> None:
    """Ask Django's validators, with the names that the account is about to have."""
    future = User(email=user.email, first_name=first_name, last_name=last_name)
    try:
        validate_password(password, future)
    except ValidationError as refusal:
        raise Invalid({"password": " ".join(refusal.messages)}) from None


def _join(invitation: Invitation, user: User, actor: Actor) -> None:
    """Make the membership; the caller stores the account."""
    if not user.is_active:
        raise Conflict(_("This account is switched off. Ask the person who invited you."))
    membership = add_member(invitation.company, user=user, roles=invitation.role_list, actor=actor)
    if not membership.is_active:
        raise Conflict(
            _("You are deactivated at %(company)s. Ask the person who invited you.")
            % {"company": invitation.company.name}
        )
    user.works_at = invitation.company
