"""What the action pages offer to choose from: reasons, people, recipients, products."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.actors import Person
from accounts.enums import HOST_ROLES, Role
from accounts.models import Company, Membership, User
from leads.enums import OPEN, HolderDesk, Relation
from leads.models import DisqualifyReason, Lead, LeadProduct
from leads.selectors.counts import COUNTED, held_leads
from leads.selectors.detail import Sight
from leads.selectors.products import offered_products
from templates_app.models import Marketplace, Product

# Up to here a select is handy; above it the name is typed (ux.md D11).
SELECTABLE = 100
SUGGESTED = 1000
PRODUCTS_SHOWN = 100
# Above this number of products there is a search (ux.md D8).
SEARCHABLE = 20


def disqualify_reasons(hosts: Collection[int]) -> "QuerySet[DisqualifyReason]":
    """Return the active reasons of the leads' hosts, in each host's order."""
    return DisqualifyReason.objects.filter(host__in=hosts, is_active=True).select_related("host")


def people_to_give_to(lead: Lead) -> "QuerySet[User]":
    """Return the people of the desk that holds the lead, by name."""
    members = Membership.objects.active().filter(company=lead.holder_id, desk__isnull=False)
    if lead.holder_desk == HolderDesk.SALES:
        members = members.filter(roles__role=Role.SALES_SUPPORT)
    elif lead.holder_desk == HolderDesk.HOST:
        members = members.filter(roles__role__in=HOST_ROLES - {Role.SALES_SUPPORT})
    people = User.objects.filter(pk__in=members.values("user"))
    return people.order_by("last_name", "first_name", "pk")


# --- Assign ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recipient:
    """A company that a lead can be assigned to, with how many open leads it holds."""

    company: Company
    open_leads: int

    @property
    def is_more(self) -> bool:
        """Whether there are more open leads than were counted."""
        return self.open_leads > COUNTED


def recipients(sight: Sight) -> "QuerySet[Company]":
    """Return the companies that the actor may assign the lead to, the present holder left out, by name.

    Active resellers of the host that the actor sees; for the operator also the product's vendor.
    """
    lead = sight.lead
    resellers = Company.objects.visible_to(sight.actor).filter(is_reseller=True, host=lead.host_id)
    found = Q(pk__in=resellers.values("pk"))
    if lead.product and Relation.OPERATOR in sight.facts.relations:
        found |= Q(pk=lead.product.vendor_id)
    companies = Company.objects.filter(found, is_active=True)
    if lead.holder_desk == HolderDesk.COMPANY:
        companies = companies.exclude(pk=lead.holder_id)
    return companies


def programme(actor: Person) -> "QuerySet[Company]":
    """Return the active resellers of the actor's own host, for a lead that does not exist yet; by name."""
    resellers = Company.objects.visible_to(actor).filter(is_reseller=True, host=actor.host_id)
    return resellers.filter(is_active=True)


def recipient_rows(companies: "QuerySet[Company]", host_id: int) -> list[Recipient]:
    """Return at most `SELECTABLE` of `companies` with their open leads, and one more when there are more."""
    rows = companies.annotate(open_leads=held_leads(host_id))
    return [Recipient(row, row.open_leads) for row in rows[: SELECTABLE + 1]]


def recipient_names(companies: "QuerySet[Company]") -> list[str]:
    """Return names to suggest while one is typed."""
    return list(companies.values_list("name", flat=True)[:SUGGESTED])


def companies_named(companies: "QuerySet[Company]", name: str) -> list[Company]:
    """Return those of `companies` that are called exactly `name`, or "name, town"."""
    called = Q(name__iexact=name)
    stem, comma, town = name.rpartition(",")
    if comma:
        called |= Q(name__iexact=stem.strip(), city__iexact=town.strip())
    return list(companies.filter(called)[:SUGGESTED])


def companies_numbered(companies: "QuerySet[Company]", number: str) -> list[Company]:
    """Return the one of `companies` with that number, which programs send where people type a name."""
    is_number = number.isascii() and number.isdigit() and len(number) < 16
    return list(companies.filter(pk=int(number))) if is_number else []


def marketplaces_to_add_to(actor: Person) -> "QuerySet[Marketplace]":
    """Return the active marketplaces of the actor's own host, by name."""
    return Marketplace.objects.visible_to(actor).filter(host=actor.host_id, is_active=True)


# --- Products -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offer:
    """Products to choose from: those to show, how many there are in all, and which are on the lead already."""

    shown: list[tuple[str, str]]
    total: int
    found: int
    present: frozenset[str]

    @property
    def is_long(self) -> bool:
        """Whether there are so many that one searches."""
        return self.total > SEARCHABLE

    @property
    def is_cut(self) -> bool:
        """Whether more were found than are shown."""
        return self.found > PRODUCTS_SHOWN


def offer(lead: Lead, *, words: str = "", chosen: Collection[int] = ()) -> Offer:
    """Return the products that can be on the lead, those with all `words` in their name, and the `chosen` ones."""
    offered = offered_products(lead)
    matching = offered
    for word in words.split():
        matching = matching.filter(Q(name__icontains=word) | Q(vendor__name__icontains=word))
    rows = {row.pk: row for row in offered.filter(pk__in=list(chosen))}
    for row in matching[:PRODUCTS_SHOWN]:
        rows.setdefault(row.pk, row)
    present = LeadProduct.objects.filter(lead=lead).values_list("product_id", flat=True)
    return Offer(
        shown=[(str(row.pk), f"{row.name} · {row.vendor.name}") for row in rows.values()],
        total=offered.count(),
        found=matching.count(),
        present=frozenset(str(pk) for pk in present),
    )


def products_by_id(lead: Lead, ids: Collection[int]) -> list[Product]:
    """Return those of the products `ids` that can be on the lead."""
    return list(offered_products(lead).filter(pk__in=list(ids)))


def open_leads_of(membership: Membership) -> "QuerySet[Lead]":
    """Return the open leads of the company that the person is in charge of."""
    return Lead.objects.filter(
        holder=membership.company_id,
        in_charge=membership.user_id,
        status__in=OPEN,
        merged_into__isnull=True,
    )


def open_work_of(membership: Membership, **_signal: Any) -> int:
    """Return how many they are."""
    return open_leads_of(membership).count()
