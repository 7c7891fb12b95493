"""When a company works: its week, its zone, its holidays."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Company, Holiday
from accounts.rules.hours import Week, ends_late_enough, plain_week
from accounts.rules.people import may_manage
from leadportal.common.errors import Forbidden, Invalid, NotFound

# A holiday of several days at once: the longest closure that is entered in one go.
MOST_DAYS = 60


@transaction.atomic
def set_hours(company: Company, *, time_zone: str, week: Week, actor: Actor) -> Company:
    """Set what a company works on each day of the week, by the clock of its zone.

    Clocks that run already keep their end. Raises NotFound, Forbidden, and Invalid on `week` where no day is a
    working day or one ends before it begins.
    """
    fresh = _managed(company, actor)
    if not any(week):
        raise Invalid({"week": _("Enter the hours of one working day at least")})
    if not all(ends_late_enough(*span) for span in week if span):
        raise Invalid({"week": _("A working day must end after it begins")})
    fresh.time_zone, fresh.working_week = time_zone, plain_week(week)
    fresh.save(update_fields=["time_zone", "working_week"])
    return fresh


@transaction.atomic
def add_holidays(
    company: Company, *, first: date, last: date | None = None, name: str, actor: Actor
) -> int:
    """Let a company not work on a day, or from `first` to `last`; return how many days are new.

    A day that is a holiday already keeps its name. Raises NotFound, Forbidden, and Invalid on `last`.
    """
    fresh = _managed(company, actor)
    days = ((last or first) - first).days + 1
    if days < 1:
        raise Invalid({"last": _("The last day must be the same as or after the first day")})
    if days > MOST_DAYS:
        raise Invalid({"last": _("Enter %(most)s days at most") % {"most": MOST_DAYS}})
    wanted = [first + timedelta(days=number) for number in range(days)]
    known = set(fresh.holidays.filter(day__in=wanted).values_list("day", flat=True))
    new = [Holiday(company=fresh, day=day, name=name) for day in wanted if day not in known]
    Holiday.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def remove_holiday(holiday: Holiday, *, actor: Actor) -> None:
    """Let a company work on a day again. Raises NotFound, Forbidden."""
    fresh = _managed(holiday.company, actor)
    if not fresh.holidays.filter(pk=holiday.pk).delete()[0]:
        raise NotFound


def _managed(company: Company, actor: Actor) -> Company:
    """Lock a company that the actor manages. Raises NotFound, Forbidden."""
    scoped = Company.objects.visible_to(actor).filter(pk=company.pk)
    fresh = scoped.select_for_update(of=("self",)).first()
    if fresh is None:
        raise NotFound
    if not may_manage(fresh, actor):
        raise Forbidden(_("Your role does not let you set when this company works."))
    return fresh
