"""Rows as JSON keeps them without loss, to put them back as they were."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models

from accounts.models import Desk
from leads.models import Lead


def rows_of(model: type[models.Model], lead: Lead) -> list[dict[str, Any]]:
    """Return the rows of `model` that belong to `lead`, as JSON can keep them without loss."""
    rows = model._default_manager.filter(lead=lead).order_by("desk").values()
    names = [field.attname for field in model._meta.local_concrete_fields]
    return [{name: plain(row[name]) for name in names} for row in rows]


def put_back(model: type[models.Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Store rows again as they were; those of desks that were closed meanwhile are left out."""
    open_ones = Desk.objects.filter(pk__in={row["desk_id"] for row in rows})
    desks = set(open_ones.values_list("pk", flat=True))
    model._default_manager.bulk_create(
        [
            model(**{name: stored(model, name, value) for name, value in row.items()})
            for row in rows
            if row["desk_id"] in desks
        ]
    )


def plain(value: Any) -> Any:
    """Return a stored value as JSON keeps it, to the microsecond."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def stored(model: type[models.Model], name: str, value: Any) -> Any:
    """Return the same for the column `name` of `model`."""
    field = next(one for one in model._meta.local_concrete_fields if one.attname == name)
    return field.to_python(value)
