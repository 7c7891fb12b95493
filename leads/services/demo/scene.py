"""Who and what a story of the demo can meet."""

from dataclasses import dataclass, field

from accounts.actors import Person
from accounts.models import Company
from leads.models import DisqualifyReason, Lead
from leads.services.demo.crowd import Crowd
from templates_app.models import LeadTemplate, Listing, Marketplace, Product
from templates_app.rules.fields import FieldSpec


@dataclass
class Team:
    """A company and the people of it who work with leads; the first one is the demo person."""

    company: Company
    people: list[Person]


@dataclass
class Vendor(Team):
    """A vendor with its products and the form that asks for them."""

    products: list[Product] = field(default_factory=list)
    template: LeadTemplate | None = None


@dataclass
class Host:
    """A host with everybody around it. `customers` grows: companies that its leads were converted into."""

    company: Company
    operator: Person
    channel: Person
    sales: list[Person]
    resellers: list[Team] = field(default_factory=list)
    referrals: list[Team] = field(default_factory=list)
    marketplaces: list[Marketplace] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    reasons: list[DisqualifyReason] = field(default_factory=list)
    reseller_form: LeadTemplate | None = None
    priority: Listing | None = None
    customers: list[Lead] = field(default_factory=list)


@dataclass
class Scene:
    """The whole stage. `questions` holds the fields of each published template version."""

    hosts: list[Host]
    vendors: list[Vendor]
    crowd: Crowd
    questions: dict[int, list[FieldSpec]] = field(default_factory=dict)

    def vendor_of(self, product: Product | None) -> Vendor:
        """Return who sells `product`; only leads that came for one are asked for."""
        vendor_id = product.vendor_id if product else None
        return next(one for one in self.vendors if one.company.pk == vendor_id)
