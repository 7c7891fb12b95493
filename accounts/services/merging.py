"""Make one of two customer companies: people, invitations and resellers go to the one that stays (ux.md C3).

Their leads are moved by `leads.services.merging`, which calls this in its transaction.
"""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import (
    Company,
    CompanyAccess,
    CustomerLink,
    Invitation,
    Membership,
    MembershipRole,
    User,
)
from accounts.rules.people import may_merge
from accounts.services.companies import Profile
from accounts.services.desks import show_company
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, NotFound

FIELDS = tuple(Profile.__dataclass_fields__)


def lock_both(kept: Company, gone: Company, *, actor: Actor) -> tuple[Company, Company]:
    """Lock two companies until the transaction ends and check that `actor` may make one of them.

    Raises NotFound, Forbidden, or Conflict with a sentence: not customers, or merged meanwhile. A pair that
    has been merged like this already comes back as it is.
    """
    pair = Company.objects.visible_to(actor).filter(pk__in=[kept.pk, gone.pk])
    found = {one.pk: one for one in pair.order_by("pk").select_for_update(of=("self",))}
    if len(found) != 2:
        raise NotFound
    kept, gone = found[kept.pk], found[gone.pk]
    check_mergeable(kept, gone, actor)
    if kept.merged_into_id or gone.merged_into_id not in {None, kept.pk}:
        raise Conflict(_("One of these companies has been merged meanwhile. Look at them again."))
    return kept, gone


def check_mergeable(kept: Company, gone: Company, actor: Actor) -> None:
    """Raise Forbidden where `actor` may not merge two companies, Conflict where nobody can."""
    if not may_merge(kept, gone, actor):
        raise Forbidden(_("Your role does not let you merge these companies."))
    if not (kept.is_customer and gone.is_customer):
        raise Conflict(
            _(
                "Only customer companies can be merged: the others hold leads, rights and people at work."
            )
        )


def hold_customer(company: Company) -> Company:
    """Lock a customer company that a locked lead is about to point at, so that it is not merged away meanwhile.

    Raises Conflict when it has been. Lead first, then company: merging locks in the same order.
    """
    fresh = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if fresh.merged_into_id is not None:
        raise Conflict(
            _("%(company)s was merged into another company meanwhile. Open this lead again.")
            % {"company": fresh.name}
        )
    return fresh


@transaction.atomic
def merge_customers(kept: Company, gone: Company, *, take: Collection[str]) -> None:
    """Move everything of `gone` to `kept`, both locked, with the profile fields of `take`, and close `gone`.

    People keep their roles; who works at both has the roles of both. Whoever saw one sees the other one now.
    """
    for name in take:
        setattr(kept, name, getattr(gone, name))
    if take:
        kept.save(update_fields=list(take))
    _move_people(kept, gone)
    _move_invitations(kept, gone)
    for link in CustomerLink.objects.filter(customer=gone):
        known = {"linked_by_id": link.linked_by_id, "linked_at": link.linked_at}
        CustomerLink.objects.get_or_create(customer=kept, reseller=link.reseller, defaults=known)
    CustomerLink.objects.filter(customer=gone).delete()
    seeing = CompanyAccess.objects.filter(company=gone).select_related("desk")
    show_company(kept, [row.desk for row in seeing])
    CompanyAccess.objects.filter(company=gone).delete()
    gone.is_active, gone.merged_into = False, kept
    gone.save(update_fields=["is_active", "merged_into"])


def _move_people(kept: Company, gone: Company) -> None:
    present = dict(Membership.objects.filter(company=kept).values_list("user", "pk"))
    for membership in Membership.objects.filter(company=gone).prefetch_related("roles"):
        if membership.user_id not in present:
            membership.company = kept
            membership.save(update_fields=["company"])
            continue
        if membership.is_active:
            _join(present[membership.user_id], membership)
        membership.delete()
    User.objects.filter(works_at=gone).update(works_at=kept)


def _join(known: int, other: Membership) -> None:
    """Give the membership `known` the roles of the other one, and access if only that one had it."""
    roles = [MembershipRole(membership_id=known, role=row.role) for row in other.roles.all()]
    stays = Membership.objects.get(pk=known)
    if not stays.is_active:
        stays.roles.all().delete()
        stays.is_active = True
        stays.save(update_fields=["is_active"])
    MembershipRole.objects.bulk_create(roles, ignore_conflicts=True)


def _move_invitations(kept: Company, gone: Company) -> None:
    """Move open invitations; one to an address that `kept` has invited already ends."""
    open_ones = Invitation.objects.open()
    known = open_ones.filter(company=kept).values("email")
    open_ones.filter(company=gone, email__in=known).update(revoked_at=clock.now())
    open_ones.filter(company=gone).update(company=kept)
