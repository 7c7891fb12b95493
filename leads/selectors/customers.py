"""Customers that a lead may belong to already: by email, by the email's domain, by name (ux.md D12)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from accounts.actors import Person
from accounts.models import Company, Membership, User
from accounts.rules.likeness import company_domain
from leadportal.common.text import fold
from leads.models import Lead

MATCHES = 10
PEOPLE = 3


@dataclass(frozen=True)
class Match:
    """A customer company that may be the lead's, with people of it that the actor sees."""

    company: Company
    people: list[User]


def account_of(email: str) -> User | None:
    """Return the account with this complete email; the caller decides what of it may be shown."""
    return User.objects.filter(email=email.strip().lower()).first() if email else None


def matches(lead: Lead, actor: Person) -> list[Match]:
    """Return customer companies that `actor` may see and that look like the lead's, by domain or by name.

    Any other company is found only by the complete email of a member. Two queries.
    """
    alike = Q(pk__in=[])
    if name := fold(lead.company):
        alike |= Q(search__startswith=name)
    if domain := company_domain(lead.email):
        members = Membership.objects.active().filter(company=OuterRef("pk"))
        alike |= Q(Exists(members.filter(user__email__endswith=f"@{domain}")))
        for start in ("https://", "https://www.", "http://", "http://www."):
            address = start + domain
            alike |= Q(website__iexact=address) | Q(website__istartswith=f"{address}/")
    customers = Company.objects.visible_to(actor).filter(
        alike,
        is_active=True,
        is_developer=False,
        is_marketplace=False,
        is_reseller=False,
        is_referral=False,
    )
    companies = list(customers[:MATCHES])
    people: dict[int, list[User]] = {company.pk: [] for company in companies}
    members = Membership.objects.active().filter(company__in=companies).select_related("user")
    for member in members:
        people[member.company_id].append(member.user)
    return [Match(company, people[company.pk][:PEOPLE]) for company in companies]
