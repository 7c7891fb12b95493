"""The columns of a file of companies: those of the list, and the address."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from leadportal.common.countries import NAMES

HEADS = (
    _("Name"),
    _("Kind"),
    _("Open leads"),
    _("Converted"),
    _("People"),
    _("Last activity"),
    _("Access rights"),
    _("Web site"),
    _("Street"),
    _("Postcode"),
    _("Town"),
    _("Region"),
    _("Country"),
)


def lines(rows: Iterable[Company]) -> Iterator[list[Any]]:
    """Return the line of each company; `rows` carry their numbers."""
    return (_line(row) for row in rows)


def _line(row: Any) -> list[Any]:
    return [
        row.name,
        "; ".join(row.kind_names),
        row.open_leads,
        row.converted_leads,
        row.people,
        row.last_activity,
        "; ".join(row.access_names),
        row.website,
        row.street,
        row.postcode,
        row.city,
        row.region,
        str(NAMES.get(row.country, row.country)),
    ]
