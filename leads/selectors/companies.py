"""What the page of one company shows of leads; all start at `visible_to`. The list: company_list.py."""

from collections import Counter
from dataclasses import dataclass

from accounts.actors import Person
from accounts.enums import DeskKind
from accounts.models import Company
from leads.enums import AccessLevel
from leads.models import Conversion, Lead, LeadAccess, LeadProduct
from leads.selectors.masking import as_seen
from templates_app.models import Product

NEWEST = 10
PRODUCTS = 20
# A company's newest rows that are looked at for those which the actor sees too.
LOOKED_AT = 100


@dataclass(frozen=True)
class CompanyLeads:
    """The newest leads of a company that the actor sees, and the products that they ask for, most wanted first."""

    newest: list[LeadAccess]
    products: list[Product]


def company_leads(actor: Person, company: Company) -> CompanyLeads:
    """Return the leads that a partner holds, or that belong to a customer, as far as the actor sees them.

    Of the company's newest `LOOKED_AT` leads; five queries at most.
    """
    mine = LeadAccess.objects.visible_to(actor).filter(level=AccessLevel.CURRENT)
    rows = mine.filter(lead__in=_leads_of(company)).order_by("-created_at", "-lead_id")
    seen = list(rows.select_related("lead"))
    for row in seen:
        as_seen(row)
    return CompanyLeads(seen[:NEWEST], _products_of(actor, [row.lead for row in seen]))


def own_products(actor: Person, company: Company) -> list[Product]:
    """Return what a vendor sells, as far as the actor sees it, by name; one more than `PRODUCTS` if there are more."""
    rows = Product.objects.visible_to(actor).filter(vendor=company).select_related("vendor")
    return list(rows.order_by("name", "pk")[: PRODUCTS + 1])


def _products_of(actor: Person, leads: list[Lead]) -> list[Product]:
    """Return the products that `leads` came for or got added."""
    wanted = {(lead.pk, lead.product_id) for lead in leads if lead.product_id}
    wanted |= set(LeadProduct.objects.filter(lead__in=leads).values_list("lead", "product"))
    times = Counter(product for _lead, product in wanted)
    rows = Product.objects.visible_to(actor).filter(pk__in=times).select_related("vendor")
    return sorted(rows, key=lambda row: (-times[row.pk], row.name, row.pk))[:PRODUCTS]


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
