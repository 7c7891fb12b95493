"""Read who is at work around a lead, and whom a change points at (leads/rules/audience.py)."""

from collections.abc import Iterable

from accounts.actors import Person
from accounts.enums import COMPANY_ROLES, HOST_ROLES, Role
from accounts.models import MembershipRole
from leads.enums import HolderDesk, Relation
from leads.models import ConversionRequest, Lead, Note
from leads.rules.access import relations
from leads.rules.audience import MANAGERS, Change, Place, Point, colleague


def people_at(companies: Iterable[int]) -> list[Person]:
    """Return everybody who works with leads at one of `companies`, in one query."""
    rows = MembershipRole.objects.filter(
        membership__company__in=companies,
        membership__is_active=True,
        membership__user__is_active=True,
        role__in=HOST_ROLES | COMPANY_ROLES,
    ).order_by("membership_id")
    roles: dict[Place, list[Role]] = {}
    for user_id, company_id, role in rows.values_list(
        "membership__user", "membership__company", "role"
    ):
        roles.setdefault((user_id, company_id), []).append(Role(role))
    return [colleague(place, held) for place, held in roles.items()]


def pointed_at(
    point: Point | None, change: Change, lead: Lead, people: Iterable[Person]
) -> set[Place]:
    """Return the single people whom `change` of a lead points at; a query at most."""
    match point:
        case Point.IN_CHARGE:
            return {(change.data.get("to_in_charge") or 0, lead.holder_id)}
        case Point.REQUESTER:
            asked = ConversionRequest.objects.filter(pk=change.data["request"])
            return set(asked.values_list("requested_by", "company"))
        case Point.TALKING:
            notes = Note.objects.filter(lead=lead, deleted_at__isnull=True).order_by()
            authors = set(notes.values_list("author", "company").distinct())
            return authors | _working_on(lead, people)
    return set()


def _working_on(lead: Lead, people: Iterable[Person]) -> set[Place]:
    """Return who is in charge of a lead, or as long as nobody is, the people of its holder."""
    if lead.in_charge_id:
        return {(lead.in_charge_id, lead.holder_id)}
    holding = MANAGERS if lead.holder_desk == HolderDesk.HOST else {Relation.HOLDER}
    return {
        (person.user_id, person.company_id)
        for person in people
        if holding & relations(lead.parties, person, is_past=False)
    }
