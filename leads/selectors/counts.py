"""Bounded counts: a page never counts further than it says (ux.md L39)."""

from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery

from accounts.enums import DeskKind
from accounts.models import Desk
from leads.enums import AccessLevel, HolderDesk, Status
from leads.models import LeadAccess
from leads.querysets import AccessQuerySet

# A company's leads are counted up to here; one more is fetched to know that there are more.
COUNTED = 200
_AT_WORK = (Status.ASSIGNED, Status.REFERRED)


class CappedCount(Subquery):
    """Count the rows of a limited subquery: COUNT stops at the limit, however many there are."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counted(rows: "QuerySet[Any]", column: str, most: int | None) -> CappedCount:
    """Count `rows` of an outer query's row by their `column`, up to `most`; to the end with None."""
    return CappedCount(rows.order_by().values(column)[:most])


def held_leads(host_id: int, *statuses: Status, most: int | None = COUNTED + 1) -> CappedCount:
    """Annotate companies with how many leads of a host they hold in `statuses`, open ones without any.

    Walks the company's own access rows, so that the count costs the same at any size.
    """
    return counted(_held(host_id).filter(status__in=statuses or _AT_WORK), "lead_id", most)


def newest_change(host_id: int) -> Subquery:
    """Annotate companies with the moment at which a lead of a host that they hold was changed last."""
    held = _held(host_id).exclude(status=Status.DELETED)
    return Subquery(held.order_by("-updated_at").values("updated_at")[:1])


def _held(host_id: int) -> AccessQuerySet:
    # One desk, looked up first: then its index gives the newest row without a look at the others.
    desk = Desk.objects.filter(company=OuterRef(OuterRef("pk")), kinds=DeskKind.COMPANY)
    return LeadAccess.objects.filter(
        desk=Subquery(desk.order_by().values("pk")[:1]),
        level=AccessLevel.CURRENT,
        holder_id=OuterRef("pk"),
        holder_desk=HolderDesk.COMPANY,
        lead__host=host_id,
    )
