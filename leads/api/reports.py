"""Leads counted for a period, as Oracle groups them: by day, status or listing."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from leadportal.common.errors import Invalid, Refused
from leads.api.base import ApiView
from leads.api.operations import TEXT, Operation
from leads.api.serializers.files import Report
from leads.enums import Status
from leads.filters.reports import ReportAsked
from leads.rules.permissions import reads_reports
from leads.selectors.reports import Tally, count_by, count_by_day, count_statuses
from leads.selectors.search import Rows

DAY = {"type": "string", "format": "date"}


def _by_date(rows: Rows, asked: ReportAsked) -> list[tuple[Any, str, Tally]]:
    found = count_by_day(rows)
    return [(day.isoformat(), day.isoformat(), found[day]) for day in sorted(found)]


def _by_status(rows: Rows, asked: ReportAsked) -> list[tuple[Any, str, Tally]]:
    found = count_statuses(rows)
    return [
        (status.slug, str(status.label), Tally({status: found[status]}))
        for status in Status
        if found[status]
    ]


def _by_listing(rows: Rows, asked: ReportAsked) -> list[tuple[Any, str, Tally]]:
    """Count by product: a listing's name is that of its product (Oracle)."""
    found = count_by(rows, "product_id")
    named = asked.options.named("product", [key for key in found if key])
    names = {option.pk: option.label for option in named if option.pk}
    lines = [(key or "", names.get(key) or _("No product"), tally) for key, tally in found.items()]
    return sorted(lines, key=lambda line: (-sum(line[2].values()), line[1]))


GROUPS: dict[str, Callable[[Rows, ReportAsked], list[tuple[Any, str, Tally]]]] = {
    "DATE": _by_date,
    "STATUS": _by_status,
    "LISTING": _by_listing,
}


class ReportView(ApiView):
    """How many leads, by day of creation, status or listing; deleted ones are counted, too."""

    permission = staticmethod(reads_reports)
    operations = {
        "get": Operation(
            "reportLeads",
            "Count the leads that were created in a period, grouped",
            "Reports",
            {200: Report},
            query={
                "groupby": {"type": "string", "enum": list(GROUPS)},
                "from": DAY,
                "to": DAY,
                "product": TEXT,
                "recipient": TEXT,
            },
            problems=(422,),
        )
    }

    def get(self, request: Request) -> Response:
        """Count; 90 days up to today where no period is named."""
        word = request.query_params.get("groupby", "DATE")
        if word not in GROUPS:
            raise Refused(_("Group by DATE, STATUS or LISTING."))
        asked = ReportAsked(request.query_params, self.actor)
        if errors := asked.form.errors:
            raise Invalid({name: " ".join(map(str, one)) for name, one in errors.items()})
        period = asked.period
        groups: list[dict[str, Any]] = [
            {
                "key": str(key),
                "label": label,
                "count": sum(tally.values()),
                "statuses": {status.slug: n for status, n in sorted(tally.items())},
            }
            for key, label, tally in GROUPS[word](asked.rows(period), asked)
        ]
        found = {
            "groupby": word,
            "first": period.first,
            "last": period.last,
            "count": sum(group["count"] for group in groups),
            "groups": groups,
        }
        return Response(Report(found).data)
