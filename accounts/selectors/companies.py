"""Companies as the actor may see them, for the pages here and in the leads app."""

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import Company, CustomerLink, Membership, RightChange
from accounts.selectors.people import people
from leadportal.common.errors import NotFound


def companies(actor: Actor, *, words: str = "") -> QuerySet[Company]:
    """Return the companies that `actor` may see, by name; only those that contain all of `words`."""
    found = Company.objects.visible_to(actor).select_related("host")
    return found.matching(words) if words else found


def company(actor: Actor, pk: int) -> Company:
    """Return one company, or raise NotFound: not yours is not there."""
    rows = Company.objects.visible_to(actor).select_related("host", "merged_into")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def people_of(actor: Actor, employer: Company) -> QuerySet[Membership]:
    """Return the people at work in `employer`, as far as `actor` may see them."""
    return people(actor).filter(company=employer)


def reseller_links(actor: Actor, customer: Company) -> QuerySet[CustomerLink]:
    """Return who sells to `customer`: only resellers that `actor` sees, so that no other one is given away."""
    seen = Company.objects.visible_to(actor)
    return (
        CustomerLink.objects.filter(customer=customer, reseller__in=seen)
        .select_related("reseller", "linked_by")
        .order_by("linked_at", "pk")
    )


def companies_to_invite_to(actor: Actor) -> QuerySet[Company]:
    """Return the companies that `actor` may invite people to, by name."""
    return Company.objects.inviting(actor)


def newest_right_changes(employer: Company) -> dict[str, RightChange]:
    """Return who set each of the four rights last, by right; rights that nobody touched are missing."""
    newest: dict[str, RightChange] = {}
    for row in RightChange.objects.filter(company=employer).select_related("changed_by"):
        newest.setdefault(row.right, row)
    return newest
