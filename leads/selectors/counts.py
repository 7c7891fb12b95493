"""Bounded counts: a page never counts further than it says (ux.md L39)."""

from django.db.models import IntegerField, OuterRef, Subquery

from accounts.enums import DeskKind
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


def held_leads(host_id: int, *statuses: Status) -> CappedCount:
    """Annotate companies with how many leads of a host they hold in `statuses`, open ones without any.

    Walks the company's own access rows, so that the count costs the same at any size.
    """
    held = _held(host_id).filter(status__in=statuses or _AT_WORK)
    return CappedCount(held.order_by().values("lead_id")[: COUNTED + 1])


def newest_change(host_id: int) -> Subquery:
    """Annotate companies with the moment at which a lead of a host that they hold was changed last."""
    held = _held(host_id).exclude(status=Status.DELETED)
    return Subquery(held.order_by("-updated_at").values("updated_at")[:1])


def _held(host_id: int) -> AccessQuerySet:
    return LeadAccess.objects.filter(
        desk__company=OuterRef("pk"),
        desk__kinds=DeskKind.COMPANY,
        level=AccessLevel.CURRENT,
        holder_id=OuterRef("pk"),
        holder_desk=HolderDesk.COMPANY,
        lead__host=host_id,
    )
