"""Where a journey begins: leads that came and went by the services, as far as the test needs them."""

from typing import Any

from accounts.enums import CustomerRight
from accounts.models import Company
from leads.models import DisqualifyReason, Lead
from leads.services.conversion import Wish, convert_lead
from leads.services.leads import create_from_listing
from leads.services.lifecycle import accept_lead, assign_lead
from tests.factories import fresh

ANA = {
    "first_name": "Ana",
    "last_name": "Sousa",
    "email": "ana@northwind.example",
    "company": "Northwind",
}


def let(company: Company, **rights: Any) -> None:
    """Give a reseller company rights, or take them: `can_create_leads=True`."""
    Company.objects.filter(pk=company.pk).update(**rights)


def let_convert(company: Company) -> None:
    """Set right 2 of a reseller company to free."""
    let(company, can_create_customers=CustomerRight.FREE)


def new_lead(cast, **contact: str) -> Lead:
    """Let a prospect ask about Acme Backup: submitted, qualification pending."""
    return create_from_listing(cast.listing, {**ANA, **contact}, {"budget": 12000})


def assigned_lead(cast, **contact: str) -> Lead:
    """The same, assigned to Alpha by Rita."""
    return assign_lead(new_lead(cast, **contact), to=cast.alpha, actor=cast.rita)


def accepted_lead(cast, **contact: str) -> Lead:
    """The same, accepted by Ann: referred."""
    return accept_lead(assigned_lead(cast, **contact), actor=cast.ann)


def converted_lead(cast, **contact: str) -> Lead:
    """The same, converted by Olga into a company of its own."""
    lead = accepted_lead(cast, **contact)
    wish = Wish(lead.company, lead.email, lead.first_name, lead.last_name)
    return convert_lead(lead, wish=wish, actor=fresh(cast.olga)).lead


def spam(cast) -> DisqualifyReason:
    """Return the host's reason "Spam or test"."""
    return DisqualifyReason.objects.get(host=cast.northgate, label="Spam or test")
