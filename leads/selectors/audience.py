"""Read who is at work around a lead, and whom a change points at (leads/rules/audience.py)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.actors import Person
from accounts.enums import COMPANY_ROLES, HOST_ROLES, Role
from accounts.models import MembershipRole
from leads.enums import EventKind, HolderDesk, Relation
from leads.models import ConversionRequest, Event, Lead, Note
from leads.rules.access import Parties, relations
from leads.rules.audience import (
    MANAGERS,
    NOBODY,
    Change,
    Place,
    Point,
    Told,
    audience,
    colleague,
    parties_after,
    told_of,
)


@dataclass(frozen=True)
class Heard:
    """A line of history that somebody is told of."""

    event: Event
    lead: Lead
    change: Change
    told: Told
    parties: Parties

    @classmethod
    def of(cls, event: Event, lead: Lead) -> "Heard | None":
        """Return what is told of a line that is recorded now; None when nobody is told."""
        change = Change(EventKind(event.kind), event.data, event.audience_company_id)
        parties = lead.parties
        told = told_of(change, parties_after(change, parties))
        return cls(event, lead, change, told, parties) if told else None

    @property
    def companies(self) -> frozenset[int]:
        """The companies around the lead, and the one that the change brings to it."""
        is_assigned = self.change.kind == EventKind.ASSIGNED
        named = {self.change.data["to_holder"]} if is_assigned else set()
        return frozenset(self.parties.companies | named)

    def places(
        self, people: Mapping[int, Sequence[Person]], alike: dict[Any, list[Place]]
    ) -> list[Place]:
        """Return who is told; `alike` keeps the answers for leads between the same companies."""
        around = [person for one in self.companies for person in people[one]]
        if self.told.point is not None:
            pointed = pointed_at(self.told.point, self.change, self.lead, around)
            return audience(self.change, self.parties, around, pointed)
        data = self.change.data
        codes = (data.get("to"), data.get("to_holder"), data.get("to_desk"))
        key = (self.change.kind, codes, self.change.audience, self.parties)
        if key not in alike:
            alike[key] = audience(self.change, self.parties, around, ())
        return alike[key]

    def is_told_to(self, company_id: int, people: Mapping[int, Sequence[Person]]) -> bool:
        """Say whether a company as a whole is told, whoever of it did it: its Slack channels and webhooks."""
        if company_id not in self.companies:
            return False
        around = [person for one in self.companies for person in people[one]]
        pointed = pointed_at(self.told.point, self.change, self.lead, around)
        listener = colleague((NOBODY, company_id), HOST_ROLES | COMPANY_ROLES)
        named = {(NOBODY, company) for _user, company in pointed}
        return bool(audience(self.change, self.parties, [listener], named))


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
        case Point.WORKING:
            return _working_on(lead, people)
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
