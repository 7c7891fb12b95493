"""Companies that may be one and the same, among those that the actor sees (ux.md C3)."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from accounts.actors import Actor
from accounts.models import Company, Membership
from accounts.models.user import mail_domain
from accounts.rules.likeness import company_domain

# A name or a domain that more companies share says nothing.
SHOWN = 10


def possible_duplicates(company: Company, actor: Actor) -> list[tuple[Company, bool]]:
    """Return up to ten companies that look like `company`, by name, each with whether the name is the same.

    Same name but for case, accents and spaces; or, among customers, people with addresses of the same domain,
    public mail services apart. Two queries.
    """
    if company.merged_into_id is not None:
        return []
    domains = {domain for _company, domain in _domains([company])}
    alike = Q(name_key=company.name_key) & ~Q(name_key="")
    if domains:
        members = Membership.objects.active().filter(company=OuterRef("pk"))
        sharing = members.alias(domain=mail_domain("user__email")).filter(domain__in=domains)
        alike |= Q(Exists(sharing), pk__in=Company.objects.customers().values("pk"))
    rows = Company.objects.visible_to(actor).filter(alike, is_active=True).exclude(pk=company.pk)
    found = rows.select_related("host")[:SHOWN]
    return [(one, one.name_key == company.name_key) for one in found]


def have_duplicates(companies: Collection[Company], actor: Actor) -> set[int]:
    """Return the ids of those of `companies` that have a possible duplicate among what the actor sees.

    For a page of a list: three queries, however many there are.
    """
    active = [one for one in companies if one.is_active]
    seen = Company.objects.visible_to(actor).filter(is_active=True)
    named = seen.filter(name_key__in={one.name_key for one in active} - {""}).order_by()
    by_name = _grouped(named.values_list("name_key", "pk"))
    own = _domains(active)
    members = Membership.objects.active().filter(company__in=seen.customers()).order_by()
    sharing = members.annotate(domain=mail_domain("user__email")).filter(
        domain__in={domain for _company, domain in own}
    )
    by_domain = _grouped(sharing.values_list("domain", "company").distinct())
    return {
        *(one.pk for one in active if by_name[one.name_key] - {one.pk}),
        *(company for company, domain in own if by_domain[domain] - {company}),
    }


def _grouped(pairs: Iterable[tuple[str, int]]) -> defaultdict[str, set[int]]:
    groups: defaultdict[str, set[int]] = defaultdict(set)
    for key, pk in pairs:
        groups[key].add(pk)
    return groups


def _domains(companies: Iterable[Company]) -> set[tuple[int, str]]:
    """Return the domains at which the people of customers have their mail, as (company, domain)."""
    customers = [one.pk for one in companies if one.is_customer]
    rows = Membership.objects.active().filter(company__in=customers).order_by()
    pairs = (
        rows.annotate(domain=mail_domain("user__email")).values_list("company", "domain").distinct()
    )
    return {(company, domain) for company, domain in pairs if company_domain(f"@{domain}")}
