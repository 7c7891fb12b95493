"""What would move if one of two companies, or leads, took over the other (ux.md C3)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.actors import Person
from accounts.models import Company, CustomerLink, Invitation, Membership
from leads.models import Conversion, Lead, LeadProduct, Note
from leads.selectors.detail import Sight
from leads.selectors.notes import readers_of

SHOWN = 10


@dataclass(frozen=True)
class Moving:
    """People, resellers and leads of the company that goes, as far as the actor sees them."""

    people: list[Membership]
    resellers: list[CustomerLink]
    invitations: int
    leads: list[Lead]
    lead_count: int


def leads_pointing_at(company: Company, actor: Person) -> QuerySet[Lead]:
    """Return the leads that `actor` sees and that were associated with a company or converted into it."""
    converted = Conversion.objects.filter(company=company).values("lead")
    return Lead.objects.visible_to(actor).filter(
        Q(associated_company=company) | Q(pk__in=converted)
    )


def moving(gone: Company, actor: Person) -> Moving:
    """Return what would move out of `gone`."""
    leads = leads_pointing_at(gone, actor).order_by("-pk")
    people = Membership.objects.visible_to(actor).filter(company=gone).select_related("user")
    resellers = CustomerLink.objects.filter(customer=gone).select_related("reseller")
    seen = Company.objects.visible_to(actor)
    return Moving(
        people=list(people),
        resellers=list(resellers.filter(reseller__in=seen)),
        invitations=Invitation.objects.open().filter(company=gone).count(),
        leads=list(leads[:SHOWN]),
        lead_count=leads.count(),
    )


@dataclass(frozen=True)
class MovingLead:
    """What goes from one lead to another: notes that the actor may read, products that the other one has not.

    `readers` see the lead that stays, `losers` saw only the one that goes.
    """

    notes: int
    products: list[str]
    readers: list[str]
    losers: list[str]


def moving_lead(kept: Sight, gone: Sight) -> MovingLead:
    """Return what would move out of the lead `gone` into `kept`."""
    notes = Note.objects.readable_by(gone.actor, gone.access).filter(lead=gone.lead)
    both = LeadProduct.objects.filter(lead=kept.lead).values("product")
    products = LeadProduct.objects.filter(lead=gone.lead).exclude(product__in=both)
    readers = readers_of(kept.lead)
    return MovingLead(
        notes=notes.count(),
        products=list(products.values_list("product__name", flat=True)),
        readers=readers,
        losers=[name for name in readers_of(gone.lead) if name not in readers],
    )
