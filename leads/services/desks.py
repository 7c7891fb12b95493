"""Give a newly opened desk what it would see, had it been there from the beginning (accounts/signals.py)."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.enums import DeskKind
from accounts.models import Desk
from leads.enums import AccessLevel
from leads.models import Lead, LeadAccess, PastView
from leads.rules.access import desk_sees
from leads.services.carried import HIDDEN, columns_of, is_masked_for


def show_leads_to(desk: Desk, **_signal: Any) -> None:
    """Give a newly opened desk its rows: what it sees now, and what the company's desks it covers once saw."""
    company_id, kinds = desk.company_id, DeskKind(desk.kinds)
    leads = Lead.objects.filter(
        Q(host=company_id)
        | Q(holder=company_id)
        | Q(maker=company_id)
        | Q(product__vendor=company_id)
    ).select_related("holder", "maker", "product", "template_version")
    own = LeadAccess.objects.filter(lead=OuterRef("pk"), desk__company=company_id)
    leads = leads.annotate(is_opened=Exists(own.filter(is_unread=False)))
    rows = (
        LeadAccess(
            lead=lead,
            desk=desk,
            is_unread=not lead.is_opened,
            **{**columns_of(lead), **(HIDDEN if is_masked_for(lead, desk) else {})},
        )
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
