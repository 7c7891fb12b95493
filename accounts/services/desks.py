"""Desks: every membership gets the one that covers the union of its roles."""

from collections.abc import Iterable

from django.db import transaction

from accounts.enums import Role
from accounts.models import Company, CompanyAccess, Desk
from accounts.rules.desks import desk_kinds
from accounts.signals import desk_opened


@transaction.atomic
def desk_for(company: Company, roles: Iterable[Role]) -> Desk | None:
    """Return the desk of `company` that covers `roles`, opened on first need; None when they see no leads.

    A new desk sees the customers that the company's desks which it covers see; its leads come by `desk_opened`.
    """
    kinds = desk_kinds(roles)
    if not kinds:
        return None
    desk, is_new = Desk.objects.get_or_create(company=company, kinds=kinds)
    if is_new:
        _share_companies(desk)
        desk_opened.send(sender=Desk, desk=desk)
    return desk


def show_company(company: Company, desks: Iterable[Desk]) -> None:
    """Let `desks` see `company` among their companies."""
    CompanyAccess.objects.bulk_create(
        [CompanyAccess(company=company, desk=desk) for desk in desks], ignore_conflicts=True
    )


def _share_companies(desk: Desk) -> None:
    covered = [
        other for other in Desk.objects.filter(company=desk.company_id) if other.kinds & desk.kinds
    ]
    seen = set(CompanyAccess.objects.filter(desk__in=covered).values_list("company_id", flat=True))
    CompanyAccess.objects.bulk_create(
        [CompanyAccess(company_id=company_id, desk=desk) for company_id in seen],
        ignore_conflicts=True,
    )
