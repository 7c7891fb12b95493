"""Read when companies work."""

from collections.abc import Collection

from django.db.models import QuerySet

from accounts.models import Company, Holiday
from accounts.rules.hours import Hours, read_week
from leadportal.common import clock


def hours_of(companies: Collection[Company]) -> dict[int, Hours]:
    """Return the working hours of `companies`, by their ids: one query, however many they are."""
    found: dict[int, set[object]] = {company.pk: set() for company in companies}
    rows = Holiday.objects.filter(company__in=found).order_by()
    for company_id, day in rows.values_list("company", "day"):
        found[company_id].add(day)
    return {
        company.pk: Hours(
            clock.zone_called(company.time_zone),
            read_week(company.working_week),
            frozenset(found[company.pk]),  # type: ignore[arg-type]
        )
        for company in companies
    }


def holidays_of(company: Company) -> "QuerySet[Holiday]":
    """Return the holidays of a company that are not over, the next one first."""
    today = clock.now().astimezone(clock.zone_called(company.time_zone)).date()
    return Holiday.objects.filter(company=company, day__gte=today).order_by("day")
