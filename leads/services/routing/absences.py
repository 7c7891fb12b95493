"""Days on which round robins and rules skip somebody."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Company, Membership
from leadportal.common.errors import Invalid, NotFound
from leads.models import Absence
from leads.rules.permissions import manages_routing


@transaction.atomic
def add_absence(
    *, company_id: int, user_id: int | None, first_day: date, last_day: date, actor: Person
) -> Absence:
    """Note that a person is away, or without a person a whole company.

    Raises Invalid for days in the wrong order, NotFound for somebody whom the actor does not look after: managers
    look after their host and its programme, others after themselves.
    """
    if last_day < first_day:
        raise Invalid({"last_day": _("Choose a last day that is not before the first one.")})
    _check(company_id, user_id, actor)
    return Absence.objects.create(
        company_id=company_id,
        user_id=user_id,
        first_day=first_day,
        last_day=last_day,
        set_by_id=actor.user_id,
    )


@transaction.atomic
def remove_absence(absence: Absence, *, actor: Person) -> None:
    """Take an absence back; one that is gone already is left so."""
    Absence.objects.visible_to(actor).filter(pk=absence.pk).delete()


def _check(company_id: int, user_id: int | None, actor: Person) -> None:
    is_own = company_id == actor.company_id
    if not manages_routing(actor):
        if not is_own or user_id != actor.user_id:
            raise NotFound
        return
    partners = Company.objects.programme_of(actor.company_id)
    if not is_own and not partners.filter(pk=company_id).exists():
        raise NotFound
    if user_id and not Membership.objects.filter(company=company_id, user=user_id).exists():
        raise NotFound
