"""What the page of one company shows of leads; all start at `visible_to`. The list: company_list.py."""

from accounts.actors import Person
from accounts.enums import DeskKind
from accounts.models import Company
from leads.enums import AccessLevel
from leads.models import Conversion, Lead, LeadAccess

NEWEST = 10
# A company's newest rows that are looked at for those which the actor sees too.
LOOKED_AT = 100


def newest_leads(actor: Person, company: Company) -> list[LeadAccess]:
    """Return the newest leads that a partner holds, or that belong to a customer, as far as the actor sees them."""
    mine = LeadAccess.objects.visible_to(actor).filter(level=AccessLevel.CURRENT)
    rows = mine.filter(lead__in=_leads_of(company)).select_related("lead")
    return list(rows.order_by("-created_at", "-lead_id")[:NEWEST])


def _leads_of(company: Company) -> list[int]:
    """Return the ids of the company's newest leads, found by its own indexes; the scope comes after."""
    if company.is_customer:
        associated = Lead.objects.filter(associated_company=company).order_by("-pk")
        converted = Conversion.objects.filter(company=company).order_by("-lead")
        return [
            *associated.values_list("pk", flat=True)[:LOOKED_AT],
            *converted.values_list("lead", flat=True)[:LOOKED_AT],
        ]
    held = LeadAccess.objects.filter(
        desk__company=company,
        desk__kinds=DeskKind.COMPANY,
        level=AccessLevel.CURRENT,
        holder_id=company.pk,
    )
    newest = held.order_by("-created_at", "-lead_id")
    return list(newest.values_list("lead_id", flat=True)[:LOOKED_AT])
