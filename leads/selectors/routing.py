"""What assignment rules need to know: which book counts, what a lead is like, and who can take leads today."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.enums import DeskKind, Role
from accounts.models import Company, Desk, MembershipRole
from accounts.rules.permissions import LEAD_TAKERS
from leadportal.common import clock
from leads.enums import GIVEN_BACK, AccessLevel, Channel, HolderDesk, SourceKind, Status
from leads.models import Absence, Event, Lead, LeadAccess, RoutingTurn, RoutingVersion
from leads.rules.routing.book import Book, Gives, Member
from leads.rules.routing.choosing import Around, Standing, Turn, Turns
from leads.rules.routing.matching import TEXTS, Subject

# Long columns of a lead that rules may ask for, and lists leave where they are.
_HEAVY = ("answers", "attributes")
_MANAGING = DeskKind.OPERATOR | DeskKind.CHANNEL


def live_version(host_id: int) -> RoutingVersion | None:
    """Return the version that counts now: the newest one that has started."""
    versions = RoutingVersion.objects.filter(host=host_id).select_related("host")
    return versions.started(clock.now()).first()


def waits_for_rules(lead: Lead) -> bool:
    """Say whether a lead is one for rules: submitted and held by its host (domain.md section 2)."""
    is_submitted = lead.status == Status.SUBMITTED and lead.holder_desk == HolderDesk.HOST
    return is_submitted and not lead.is_test and lead.merged_into_id is None


def waiting_leads(host_id: int) -> "QuerySet[LeadAccess]":
    """Return the leads that wait at a host for somebody to assign them, as its managers see them, oldest first."""
    desks = Desk.objects.filter(company=host_id)
    managers = (one.pk for one in desks if DeskKind(one.kinds) & _MANAGING)
    rows = LeadAccess.objects.filter(
        desk=next(managers, None), status=Status.SUBMITTED, holder_desk=HolderDesk.HOST
    )
    return rows.filter(level=AccessLevel.CURRENT, holder_id=host_id).order_by("lead")


def subjects_of(leads: Sequence[Lead]) -> dict[int, Subject]:
    """Return leads as rules look at them, by key; their products and form versions are read already."""
    partial = [lead.pk for lead in leads if lead.get_deferred_fields() & set(_HEAVY)]
    heavy = {
        pk: (answers, attributes)
        for pk, answers, attributes in Lead.objects.filter(pk__in=partial)
        .order_by()
        .values_list("pk", *_HEAVY)
    }
    found = {}
    for lead in leads:
        answers, attributes = heavy.get(lead.pk) or (lead.answers, lead.attributes)
        found[lead.pk] = subject_of(lead, answers, attributes)
    return found


def subject_of(lead: Lead, answers: dict[str, Any], attributes: dict[str, Any]) -> Subject:
    """Return a lead, stored or not, as rules look at it."""
    version = lead.template_version
    chosen = {
        "country": lead.country,
        "postcode": lead.postcode,
        "product": lead.product_id,
        "marketplace": lead.marketplace_id,
        "template": version.template_id if version else None,
        "source": SourceKind(lead.source_kind).slug,
        "channel": Channel(lead.channel).slug,
        "size": lead.size,
        "score": lead.score,
    }
    values = {name: "" if value is None else str(value) for name, value in chosen.items()}
    values |= {name: getattr(lead, name) for name in TEXTS}
    vendor = lead.product.vendor_id if lead.product else None
    return Subject(values, attributes, answers, vendor_id=vendor)


def members_in(book: Book, rules: Iterable[str]) -> set[Member]:
    """Return everybody whom some rules of a book can give leads to."""
    found: set[Member] = set()
    for key in rules:
        rule = book.rule(key)
        assert rule is not None  # noqa: S101  (the caller has them from the book)
        if rule.gives == Gives.OWNER:
            found |= {Member(one.owner_id) for one in book.territories if one.owner_id}
        elif rule.gives == Gives.SALES:
            found.add(Member())
        else:
            found |= set(rule.members)
    return found


def around(host: Company, members: Iterable[Member]) -> Around:
    """Return who of `members` can take leads today, in three queries; the day is that of the portal (UTC)."""
    today = clock.now().date()
    ids = {one.company_id for one in members}
    if not ids:
        return Around(today)
    real = {one or host.pk for one in ids}
    companies = Company.objects.in_bulk(real)
    away = _away(real, today, host.pk)
    people = _people(real, host.pk)
    found = {}
    for one in ids:
        company = companies.get(one or host.pk)
        if company is None:
            continue
        there = frozenset(people.get(one, ()))
        found[one] = Standing(
            is_active=company.is_active,
            is_partner=not one or (company.is_reseller and company.host_id == host.pk),
            people=there,
            workers=frozenset(user for user in there if (one, user) not in away),
            away_until=away.get((one, 0)),
        )
    return Around(today, found, away)


def _people(companies: Collection[int], host_id: int) -> dict[int, set[int]]:
    """Return who can take leads at each company; 0 is the host's sales desk."""
    rows = MembershipRole.objects.filter(
        membership__company__in=companies,
        membership__is_active=True,
        membership__user__is_active=True,
        role__in=LEAD_TAKERS,
    ).order_by()
    found: dict[int, set[int]] = {}
    for company, user, role in rows.values_list("membership__company", "membership__user", "role"):
        if role == Role.SALES_SUPPORT and company == host_id:
            found.setdefault(0, set()).add(user)
        elif role != Role.SALES_SUPPORT:
            found.setdefault(company, set()).add(user)
    return found


def _away(companies: Collection[int], today: date, host_id: int) -> dict[tuple[int, int], date]:
    rows = Absence.objects.on(today).filter(company__in=companies).order_by("last_day")
    return {
        (0 if company == host_id else company, user or 0): last_day
        for company, user, last_day in rows.values_list("company", "user", "last_day")
    }


def turns_of(host_id: int, rules: Iterable[str]) -> Turns:
    """Return where the round robins of `rules` stand."""
    return plain_turns(RoutingTurn.objects.filter(host=host_id, rule__in=list(rules)))


def plain_turns(rows: Iterable[RoutingTurn]) -> Turns:
    """Return rows as the rules read them."""
    found: Turns = {}
    for row in rows:
        found.setdefault(row.rule, {})[row.member] = Turn(
            row.credit, row.day, row.given, row.shares
        )
    return found


def gave_back(leads: Iterable[Lead]) -> dict[int, set[str]]:
    """Return by lead the keys of those who had it and gave it back, or let it go: nobody is offered it twice.

    A company did so as a whole; of the sales desk the person in charge, or the desk when nobody was. One query.
    """
    found: dict[int, set[str]] = {lead.pk: set() for lead in leads}
    lines = Event.objects.filter(lead__in=found, kind__in=GIVEN_BACK).order_by()
    for lead, data in lines.values_list("lead", "data"):
        is_sales = data.get("from_desk") == HolderDesk.SALES
        member = (
            Member(0, data.get("from_in_charge") or 0) if is_sales else Member(data["from_holder"])
        )
        found[lead].add(member.key)
    return found
