"""The rows of a lead list, as the reader's desk knows each lead.

Read as plain values: a page of model instances costs four times as much (docs/operations.md). What a desk
lost stays as it was at that moment, but for the status (domain.md section 2, *Past*).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.db.models import Model, OuterRef, Subquery

from accounts.models import Company
from leadportal.common.pagination import Key, Order
from leads.enums import AccessLevel, SourceKind, Status
from leads.models import Lead, LeadAccess, PastView
from leads.selectors.search import Rows
from templates_app.models import Marketplace, Product


class Named(NamedTuple):
    """Something of which a list says the name."""

    name: str


# In the order of the fields of LeadRow.
_COLUMNS = (
    "lead_id",
    "desk_id",
    "level",
    "status",
    "is_unread",
    "created_at",
    "lead__reference",
    "lead__company",
    "lead__first_name",
    "lead__last_name",
    "lead__source_kind",
    "lead__source_name",
    "lead__holder_desk",
    "lead__product__name",
    "lead__source_company__name",
    "lead__marketplace__name",
    "lead__holder__name",
)


class Labelled:
    """The labels of a lead, for rows that have what they look at."""

    __slots__ = ()
    source_kind: int

    user_name = Lead.user_name
    source_label = Lead.source_label
    recipient_label = Lead.recipient_label

    def get_source_kind_display(self) -> str:
        """The kind of source in words."""
        return str(SourceKind(self.source_kind).label)


@dataclass(slots=True)
class LeadRow(Labelled):
    """One row of a list. `key` is its place in the order, `more` what chosen columns need beside."""

    key: Key
    lead_id: int
    desk_id: int
    level: int
    status: Status
    is_unread: bool
    created_at: datetime
    reference: str
    company: str
    first_name: str
    last_name: str
    source_kind: SourceKind
    source_name: str
    holder_desk: int
    product: Named | None
    source_company: Named | None
    marketplace: Named | None
    holder: Named
    more: dict[str, Any] = field(default_factory=dict)


def read_rows(rows: Rows, order: Order, more: Mapping[str, Any] | None = None) -> list[LeadRow]:
    """Read access rows that are ordered and cut already: one query, and one more where leads were lost.

    `more` maps names to expressions over the access row (see `columns.more_of`).
    """
    more = more or {}
    columns = [*_COLUMNS, *(name for name in order.fields if name not in _COLUMNS)]
    places = [columns.index(name) for name in order.fields]
    found = []
    for values in rows.values_list(*columns, *more.values()):
        row = _row(tuple(values[place] for place in places), *values[: len(_COLUMNS)])
        row.more = dict(zip(more, values[len(columns) :], strict=True))
        found.append(row)
    show_as_lost([row for row in found if row.level == AccessLevel.PAST])
    return found


def _row(
    key: Key,
    lead_id: int,
    desk_id: int,
    level: int,
    status: int,
    is_unread: bool,
    *values: Any,
) -> LeadRow:
    *plain, kind, source_name, holder_desk, product, company, marketplace, holder = values
    return LeadRow(
        key,
        lead_id,
        desk_id,
        level,
        Status(status),
        # What a desk lost is no news.
        is_unread and level == AccessLevel.CURRENT,
        *cast("tuple[datetime, str, str, str, str]", tuple(plain)),
        SourceKind(kind),
        source_name,
        holder_desk,
        product and Named(product),
        company and Named(company),
        marketplace and Named(marketplace),
        Named(holder),
    )


def show_as_lost(rows: list[LeadRow]) -> None:
    """Put the names of the moment when the desk lost the lead into `rows`, all of one desk."""
    if not rows:
        return
    by_lead = {row.lead_id: row for row in rows}
    lost = LeadAccess.objects.filter(desk=rows[0].desk_id, lead__in=by_lead).order_by()
    for lead_id, holder_desk, contact, product, marketplace, holder in lost.values_list(
        "lead_id",
        "holder_desk",
        Subquery(PastView.objects.filter(**_SAME).values("contact")[:1]),
        name_of(Product, "product_id"),
        name_of(Marketplace, "marketplace_id"),
        name_of(Company, "holder_id"),
    ):
        row = by_lead[lead_id]
        for name in ("first_name", "last_name", "company"):
            setattr(row, name, (contact or {}).get(name, ""))
        row.more |= {"country": (contact or {}).get("country", ""), "attributes": {}}
        row.more |= {"next_step": "", "next_step_on": None, "next_step_by": ""}
        row.product = Named(product) if product else None
        row.marketplace = Named(marketplace) if marketplace else None
        row.holder = Named(holder or "")
        row.holder_desk = holder_desk


_SAME = {"lead": OuterRef("lead_id"), "desk": OuterRef("desk_id")}


def name_of(model: type[Model], column: str) -> Subquery:
    """Look up the name of what `column` of an access row names."""
    return Subquery(model._default_manager.filter(pk=OuterRef(column)).values("name")[:1])
