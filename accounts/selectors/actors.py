"""Read who somebody is at this moment: company, roles, desk and rights, from the database (security.md R5)."""

from django.db.models import QuerySet

from accounts.actors import Employer, Person
from accounts.enums import DeskKind, Role
from accounts.models import Company, Membership, MembershipRole, User
from accounts.rules.desks import kinds_of
from leadportal.common.text import fold

# Where an account carries its work, when both were read together (accounts/backends.py).
WORK = "_work"


def work_of(user_id: int) -> "QuerySet[MembershipRole]":
    """Return every role of an account in an active membership of an active company, with both and the desk."""
    rows = MembershipRole.objects.filter(
        membership__user=user_id, membership__is_active=True, membership__company__is_active=True
    )
    # Unsorted: to sort so many columns Django compares each with each, which takes longer than the answer.
    return rows.select_related("membership__company", "membership__desk").order_by()


def actor_of(user: User) -> Person | None:
    """Return `user` at work in the company of its switcher (else the first), in one query at most.

    None when no active membership is left. Deactivated companies and memberships do not count.
    """
    rows = getattr(user, WORK, None) or list(work_of(user.pk))
    if not rows:
        return None
    known = {row.membership_id: row.membership for row in rows}.values()
    memberships = sorted(known, key=lambda one: (fold(one.company.name), one.pk))
    present = next((m for m in memberships if m.company_id == user.works_at_id), memberships[0])
    roles = frozenset(Role(row.role) for row in rows if row.membership_id == present.pk)
    employers = tuple(Employer(m.company_id, m.company.name) for m in memberships)
    return _person(user, present, roles, employers)


def actor_at(user_id: int, company_id: int) -> Person | None:
    """Return an account at work in that company, whatever its switcher says now.

    For what is done later on somebody's behalf. None when it no longer works there, or was deactivated.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    user.works_at_id = company_id
    actor = actor_of(user)
    return actor if actor and actor.company_id == company_id else None


def people_with_roles(rows: "QuerySet[MembershipRole]") -> list[Person]:
    """Return the people of these roles at work, in one query; nobody who is no longer active."""
    active = rows.filter(
        membership__is_active=True,
        membership__user__is_active=True,
        membership__company__is_active=True,
    )
    found: dict[Membership, set[Role]] = {}
    parts = ("membership__company", "membership__desk", "membership__user")
    for row in active.select_related(*parts).order_by("membership_id"):
        found.setdefault(row.membership, set()).add(Role(row.role))
    return [_person(one.user, one, frozenset(roles), ()) for one, roles in found.items()]


def _person(
    user: User, membership: Membership, roles: frozenset[Role], employers: tuple[Employer, ...]
) -> Person:
    company = membership.company
    desk = membership.desk
    return Person(
        user_id=user.pk,
        name=user.full_name,
        email=user.email,
        company_id=company.pk,
        company_name=company.name,
        roles=roles,
        host_id=company.pk if company.is_marketplace else company.host_id,
        desk_id=desk.pk if desk else None,
        desk_kinds=kinds_of(roles),
        rights=company.rights,
        theme=user.theme,
        density=user.density,
        preferences={**company.preferences, **membership.preferences},
        employers=employers,
    )


def staff_at(host: Company, user: User) -> Person:
    """Return a member of staff as operator of `host`, which is how Django admin acts (domain.md section 2)."""
    return Person(
        user_id=user.pk,
        name=user.full_name,
        email=user.email,
        company_id=host.pk,
        company_name=host.name,
        roles=frozenset({Role.MARKETPLACE_MANAGER}),
        host_id=host.pk,
        desk_kinds=DeskKind.OPERATOR,
        is_staff_at_work=True,
    )
