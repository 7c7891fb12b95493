"""Write the access rows: who sees a lead, and as what it sorts (access.md). Called by every service that writes."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from accounts.enums import DeskKind
from accounts.models import Desk
from leadportal.common import clock
from leadportal.common.text import fold
from leads.enums import AccessLevel
from leads.models import Lead, LeadAccess, PastView
from leads.rules.access import desk_sees

WIDTH = 80
CONTACT = (
    "first_name last_name email phone job_title company website size industry street postcode city region country"
).split()


def columns_of(lead: Lead) -> dict[str, Any]:
    """Return what an access row carries of `lead`: every column that lists sort and filter by."""
    product = lead.product
    return {
        "created_at": lead.created_at,
        "updated_at": lead.updated_at,
        "status_changed_at": lead.status_changed_at,
        "company": fold(lead.company)[:WIDTH],
        "first_name": fold(lead.first_name)[:WIDTH],
        "last_name": fold(lead.last_name)[:WIDTH],
        "product_name": fold(product.name)[:WIDTH] if product else "",
        "score": lead.score,
        "status": lead.status,
        "kind": product.kind if product else 0,
        "product_id": lead.product_id,
        "marketplace_id": lead.marketplace_id,
        "template_id": lead.template_version.template_id if lead.template_version else None,
        "holder_id": lead.holder_id,
        "holder_desk": lead.holder_desk,
        "in_charge_id": lead.in_charge_id,
        "qualification": lead.qualification,
        "progress": lead.progress,
        "outcome": lead.outcome,
        "source_kind": lead.source_kind,
        "is_mql": lead.mql_at is not None,
        "is_sql": lead.sql_at is not None,
    }


def update_access(lead: Lead, before: Mapping[str, Any]) -> None:
    """Write what differs from the columns of `before` to the access rows of a locked `lead`.

    For changes that do not touch which desks see it; the others go through `refresh_access`.
    """
    changed = {name: value for name, value in columns_of(lead).items() if value != before[name]}
    if changed:
        LeadAccess.objects.filter(lead=lead, level=AccessLevel.CURRENT).update(**changed)
    if "status" in changed:
        _show_past_status(lead)


def refresh_access(lead: Lead, *, withdrawn: Iterable[int] = ()) -> None:
    """Bring the access rows of a locked `lead` to its present state.

    A desk that no longer sees the lead keeps a PAST row as it was, with the contact data of that moment;
    only the status goes on.
    Desks of the companies in `withdrawn` (who declined, or let an offer expire) lose the lead altogether.
    """
    parties = lead.parties
    desks = Desk.objects.filter(company_id__in=parties.companies)
    seeing = {
        desk.pk for desk in desks if desk_sees(parties, desk.company_id, DeskKind(desk.kinds))
    }
    rows = dict(LeadAccess.objects.filter(lead=lead).values_list("desk_id", "level"))
    columns = columns_of(lead)
    LeadAccess.objects.bulk_create(
        [
            LeadAccess(lead=lead, desk_id=desk_id, **columns)
            for desk_id in sorted(seeing - rows.keys())
        ]
    )
    known = seeing & rows.keys()
    if known:
        LeadAccess.objects.filter(lead=lead, desk_id__in=known).update(
            level=AccessLevel.CURRENT, lost_at=None, **columns
        )
    if any(rows[desk_id] == AccessLevel.PAST for desk_id in known):
        PastView.objects.filter(lead=lead, desk_id__in=known).delete()
    lost = {desk_id for desk_id, level in rows.items() if level == AccessLevel.CURRENT} - seeing
    if lost:
        _lose(lead, lost, set(withdrawn))
    if lost or rows.keys() - seeing:
        _show_past_status(lead)


def _show_past_status(lead: Lead) -> None:
    """Write the status to PAST rows: all that a desk learns of a lead that it lost (domain.md, *Past*)."""
    LeadAccess.objects.filter(lead=lead, level=AccessLevel.PAST).update(
        status=lead.status, status_changed_at=lead.status_changed_at
    )


def _lose(lead: Lead, lost: set[int], withdrawn: set[int]) -> None:
    gone = set(
        Desk.objects.filter(pk__in=lost, company_id__in=withdrawn).values_list("pk", flat=True)
    )
    LeadAccess.objects.filter(lead=lead, desk_id__in=gone).delete()
    past = sorted(lost - gone)
    LeadAccess.objects.filter(lead=lead, desk_id__in=past).update(
        level=AccessLevel.PAST, lost_at=clock.now()
    )
    contact = {field: getattr(lead, field) for field in CONTACT}
    PastView.objects.bulk_create(
        [PastView(lead=lead, desk_id=desk_id, contact=contact) for desk_id in past]
    )


def show_leads_to(desk: Desk, **_signal: Any) -> None:
    """Give a newly opened desk its rows: what it sees now, and what the company's desks it covers once saw."""
    company_id, kinds = desk.company_id, DeskKind(desk.kinds)
    leads = Lead.objects.filter(
        Q(host=company_id)
        | Q(holder=company_id)
        | Q(maker=company_id)
        | Q(product__vendor=company_id)
    ).select_related("holder", "maker", "product", "template_version")
    rows = (
        LeadAccess(lead=lead, desk=desk, **columns_of(lead))
        for lead in leads.iterator(chunk_size=1000)
        if desk_sees(lead.parties, company_id, kinds)
    )
    LeadAccess.objects.bulk_create(rows, batch_size=1000)
    _share_lost(desk)


def _share_lost(desk: Desk) -> None:
    """Give a new desk what the company's desks that it covers have lost: of each lead what was known last."""
    others = Desk.objects.filter(company=desk.company_id).exclude(pk=desk.pk)
    covered = [other.pk for other in others if other.kinds & desk.kinds]
    lost = LeadAccess.objects.filter(desk__in=covered, level=AccessLevel.PAST)
    seen = LeadAccess.objects.filter(desk=desk).values("lead")
    rows = {row.lead_id: row for row in lost.exclude(lead__in=seen).order_by("lost_at")}
    views = PastView.objects.filter(desk__in=covered)
    contacts = {(view.lead_id, view.desk_id): view.contact for view in views}
    PastView.objects.bulk_create(
        [
            PastView(lead_id=lead_id, desk=desk, contact=contacts[lead_id, row.desk_id])
            for lead_id, row in rows.items()
        ],
        batch_size=1000,
    )
    for row in rows.values():
        row.desk = desk
    LeadAccess.objects.bulk_create(rows.values(), batch_size=1000)
