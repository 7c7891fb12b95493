"""People in companies: joining, roles, switching off and on, leaving.

Every change locks the company first, so that two changes at once cannot take its last Company Admin away.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import Company, Invitation, Membership, MembershipRole, User
from accounts.rules.people import may_manage_person
from accounts.rules.roles import grantable_roles, roles_at
from accounts.selectors.people import colleagues
from accounts.services.desks import desk_for
from accounts.signals import member_leaves
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound


@transaction.atomic
def add_member(
    company: Company, *, user: User, roles: Collection[Role], actor: Actor
) -> Membership:
    """Let `user` work in `company` with `roles`; a person who is there already keeps roles and state.

    The caller has checked who may: an invitation, a conversion, staff. Writes membership, roles and desk.
    Raises Invalid on `roles` when the company cannot have one of them. `actor` is who let the person in.
    """
    check_roles_exist(company, roles)
    desk = desk_for(company, roles)
    membership, is_new = Membership.objects.get_or_create(
        company=company, user=user, defaults={"desk": desk, "created_at": clock.now()}
    )
    if is_new:
        MembershipRole.objects.bulk_create(
            MembershipRole(membership=membership, role=role) for role in set(roles)
        )
    return membership


@transaction.atomic
def change_roles(membership: Membership, *, roles: Collection[Role], actor: Actor) -> Membership:
    """Give somebody exactly `roles`, and the desk that follows from them.

    Raises NotFound, Forbidden (not yours to manage, oneself), Invalid on `roles`: none, one that the company
    cannot have or that stands above the actor's own, or the last Company Admin without that role.
    """
    fresh = _lock_person(membership, actor)
    check_roles_given(fresh.company, roles, actor)
    if Role.COMPANY_ADMIN not in roles and _is_last_admin(fresh):
        raise Invalid({"roles": _last_admin_sentence(fresh)})
    held = set(fresh.role_list)
    fresh.roles.filter(role__in=held - set(roles)).delete()
    MembershipRole.objects.bulk_create(
        MembershipRole(membership=fresh, role=role) for role in set(roles) - held
    )
    fresh.desk = desk_for(fresh.company, roles)
    fresh.save(update_fields=["desk"])
    return fresh


@transaction.atomic
def deactivate_member(
    membership: Membership, *, actor: Actor, heir: Membership | None = None
) -> Membership:
    """Take somebody's access to one company away; name, roles and history stay.

    Open leads go to `heir`, or nobody is in charge of them. Open invitations to the same address end too.
    Raises NotFound, Forbidden, Invalid on `heir`, or Conflict: already done, or the last Company Admin.
    """
    fresh = _lock_person(membership, actor)
    if not fresh.is_active:
        raise Conflict(_("%(name)s is deactivated already.") % {"name": fresh.user.full_name})
    _refuse_last_admin(fresh)
    fresh.is_active = False
    fresh.save(update_fields=["is_active"])
    _end_invitations(fresh)
    _leave_work(fresh, heir, actor)
    return fresh


@transaction.atomic
def reactivate_member(membership: Membership, *, actor: Actor) -> Membership:
    """Give a deactivated person access again, with the roles of before.

    Raises NotFound, Forbidden, or Conflict when the person is active.
    """
    fresh = _lock_person(membership, actor)
    if fresh.is_active:
        raise Conflict(_("%(name)s is active already.") % {"name": fresh.user.full_name})
    fresh.is_active = True
    fresh.save(update_fields=["is_active"])
    return fresh


@transaction.atomic
def remove_member(membership: Membership, *, actor: Actor, heir: Membership | None = None) -> None:
    """Take somebody out of the company; the account stays, for other companies.

    Open leads go to `heir`, or nobody is in charge of them. Open invitations to the same address end too.
    Raises NotFound, Forbidden, Invalid on `heir`, or Conflict for the last Company Admin.
    """
    fresh = _lock_person(membership, actor)
    _refuse_last_admin(fresh)
    _end_invitations(fresh)
    _leave_work(fresh, heir, actor)
    fresh.delete()


def _leave_work(membership: Membership, heir: Membership | None, actor: Actor) -> None:
    if heir is not None and not colleagues(membership).filter(pk=heir.pk).exists():
        raise Invalid({"heir": _("Choose somebody who works with leads at this company")})
    member_leaves.send(sender=Membership, membership=membership, heir=heir, actor=actor)


def check_roles_exist(company: Company, roles: Collection[Role]) -> None:
    """Raise Invalid on `roles` when there is none, or one that `company` cannot have."""
    if not roles:
        raise Invalid({"roles": _("Choose at least one role")})
    for role in set(roles) - set(roles_at(company)):
        sentence = _("%(company)s cannot have the role %(role)s. Choose another role.")
        raise Invalid({"roles": sentence % {"company": company.name, "role": Role(role).label}})


def check_roles_given(company: Company, roles: Collection[Role], actor: Actor) -> None:
    """Raise Invalid on `roles` when `actor` cannot give all of them at `company`."""
    check_roles_exist(company, roles)
    for role in set(roles) - set(grantable_roles(company, actor)):
        sentence = _("The role %(role)s stands above your own. Ask somebody who has it.")
        raise Invalid({"roles": sentence % {"role": Role(role).label}})


def _lock_person(membership: Membership, actor: Actor) -> Membership:
    """Lock the company, then read the person again through the scope and check the policy on that."""
    companies = Company.objects.visible_to(actor).filter(pk=membership.company_id)
    if not companies.select_for_update(of=("self",)).exists():
        raise NotFound
    fresh = (
        Membership.objects.visible_to(actor)
        .select_related("user", "company")
        .prefetch_related("roles")
        .filter(pk=membership.pk)
        .first()
    )
    if fresh is None:
        raise NotFound
    if not may_manage_person(fresh.company, actor, user_id=fresh.user_id, roles=fresh.role_list):
        raise Forbidden(_("Your role does not let you change this person."))
    return fresh


def _is_last_admin(membership: Membership) -> bool:
    """Say whether the company would be left without a Company Admin who can sign in."""
    admins = Membership.objects.active().filter(
        company=membership.company_id, roles__role=Role.COMPANY_ADMIN
    )
    return (
        admins.filter(pk=membership.pk).exists() and not admins.exclude(pk=membership.pk).exists()
    )


def _refuse_last_admin(membership: Membership) -> None:
    if _is_last_admin(membership):
        raise Conflict(_last_admin_sentence(membership))


def _last_admin_sentence(membership: Membership) -> str:
    return _(
        "%(name)s is the last Company Admin of %(company)s. Give that role to somebody else first."
    ) % {"name": membership.user.full_name, "company": membership.company.name}


def _end_invitations(membership: Membership) -> None:
    Invitation.objects.open().filter(
        company=membership.company_id, email=membership.user.email
    ).update(revoked_at=clock.now())
