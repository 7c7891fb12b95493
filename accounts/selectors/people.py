"""People at work, as the actor may see them."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.enums import PersonState, Role
from accounts.models import Invitation, Membership
from accounts.querysets import MembershipQuerySet
from accounts.rules.grants import Share, shares
from accounts.rules.people import may_manage_person
from accounts.signals import work_asked
from leadportal.common.errors import NotFound


def people(actor: Actor) -> MembershipQuerySet:
    """Return the memberships that `actor` may see, by last name, with everything that a list shows."""
    return (
        Membership.objects.visible_to(actor)
        .select_related("user", "company")
        .prefetch_related("roles")
        .order_by("user__last_name", "user__first_name", "pk")
    )


@dataclass(frozen=True)
class PersonCard:
    """One person's page: the membership, what it may do and why, and what the actor may do."""

    membership: Membership
    roles: list[Role]
    shares: list[Share]
    may_manage: bool
    invitation: Invitation | None


def person(actor: Actor, pk: int) -> PersonCard:
    """Return the page of one membership; raises NotFound when the actor may not see it."""
    membership = people(actor).filter(pk=pk).first()
    if membership is None:
        raise NotFound
    roles = membership.role_list
    company = membership.company
    return PersonCard(
        membership=membership,
        roles=roles,
        shares=shares(roles, company.rights),
        may_manage=may_manage_person(company, actor, user_id=membership.user_id, roles=roles),
        invitation=_open_invitation(actor, membership),
    )


def open_work(membership: Membership) -> int:
    """Return how many open leads the person is in charge of for the company."""
    answers = work_asked.send(sender=Membership, membership=membership)
    return sum(int(number or 0) for _receiver, number in answers)


def colleagues(membership: Membership) -> QuerySet[Membership]:
    """Return who could take over the person's work: active members of the company that see leads."""
    others = Membership.objects.active().filter(company=membership.company_id, desk__isnull=False)
    rows = others.exclude(pk=membership.pk).select_related("user")
    return rows.order_by("user__last_name", "user__first_name", "pk")


def _open_invitation(actor: Actor, membership: Membership) -> Invitation | None:
    """Return the invitation that the person has not answered yet, where the actor may send it again."""
    if membership.state != PersonState.INVITED:
        return None
    return (
        Invitation.objects.visible_to(actor)
        .open()
        .filter(company=membership.company_id, email=membership.user.email)
        .first()
    )
