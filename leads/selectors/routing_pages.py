"""What the pages of assignment rules show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.enums import Role
from accounts.models import Company, Membership
from leadportal.common import clock
from leadportal.common.countries import NAMES
from leadportal.common.errors import NotFound
from leads.models import Absence, Lead, LeadAccess, RoutingDecision, RoutingVersion
from leads.rules.routing.book import Area, Book, Member, Rule
from leads.rules.routing.grants import is_of_programme
from leads.rules.routing.places import Gap, Overlap, gaps, overlaps, uncovered
from leads.rules.routing.shadows import shadows
from leads.selectors.routing import live_version
from leads.selectors.routing_faults import faults_of
from leads.selectors.routing_words import Catalogue, RuleWords, rules_in_words

LATELY = timedelta(days=30)
A_YEAR = timedelta(days=365)
# So many leads of the year are looked at, the newest ones.
LOOKED_AT = 10_000
SELECTABLE = 100


@dataclass(frozen=True)
class Desk:
    """The rules of the actor's host: what counts now, and the draft if there is one."""

    actor: Person
    live: RoutingVersion | None
    draft: RoutingVersion | None
    scheduled: RoutingVersion | None

    @property
    def shown(self) -> RoutingVersion | None:
        """What the pages show and change: the draft, else what counts."""
        return self.draft or self.live

    @cached_property
    def book(self) -> Book:
        """Its rules and territories; those of a host that has none yet are *Otherwise* alone."""
        return self.shown.rules if self.shown else Book()

    @cached_property
    def catalogue(self) -> Catalogue:
        """What rules can ask for."""
        return Catalogue(self.actor, self.book)

    def rule(self, key: str) -> Rule:
        """Return a rule. Raises NotFound."""
        if (found := self.book.rule(key)) is None:
            raise NotFound
        return found

    def may_change(self, rule: Rule) -> bool:
        """Say whether the actor may change a rule: managers of the programme those of it alone."""
        if self.actor.has(Role.MARKETPLACE_MANAGER):
            return True
        ids = {one.company_id for one in rule.members}
        partners = Company.objects.programme_of(self.actor.company_id).filter(pk__in=ids)
        return is_of_programme(rule, set(partners.values_list("pk", flat=True)))


def desk(actor: Person) -> Desk:
    """Return the rules of the actor's host."""
    versions = RoutingVersion.objects.visible_to(actor).select_related(
        "host", "changed_by", "published_by"
    )
    later = versions.filter(state="published", starts_at__gt=clock.now()).order_by("-number")
    live, scheduled = live_version(actor.company_id), later.first()
    if live and scheduled and scheduled.number < live.number:
        scheduled = None  # a newer one counts already
    return Desk(actor, live, versions.draft().first(), scheduled)


@dataclass(frozen=True)
class Row:
    """A rule on the list: its words, how often it matched lately, and what is wrong with it."""

    words: RuleWords
    place: int
    matched: int = 0
    last_at: datetime | None = None
    shadow: Rule | None = None
    faults: list[str] = field(default_factory=list)
    may_change: bool = True

    @property
    def rule(self) -> Rule:
        """The rule itself."""
        return self.words.rule


def rule_rows(found: Desk) -> list[Row]:
    """Return the rules in their order."""
    host = found.actor.company_id
    lately = RoutingDecision.objects.filter(host=host, at__gte=clock.now() - LATELY).order_by()
    counts = {
        key: (count, last)
        for key, count, last in lately.values_list("rule").annotate(Count("pk"), Max("at"))
    }
    hidden = shadows(found.book)
    faults: dict[str, list[str]] = {}
    for fault in faults_of(found.book, Company.objects.get(pk=host)):
        faults.setdefault(fault.rule.key, []).append(fault.sentence)
    worded = rules_in_words(found.book.rules, found.catalogue)
    return [
        Row(
            one,
            place,
            *counts.get(one.rule.key, (0, None)),
            shadow=hidden.get(one.rule.key),
            faults=faults.get(one.rule.key, []),
            may_change=found.may_change(one.rule),
        )
        for place, one in enumerate(worded, start=1)
    ]


# --- Whom a rule can name ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """Somebody whom a rule can name."""

    member: Member
    label: str


def companies_to_name(actor: Person) -> list[Option]:
    """Return the active resellers of the programme, for marketplace managers also the vendors of listed products."""
    scope = Q(is_reseller=True, host=actor.company_id)
    if actor.has(Role.MARKETPLACE_MANAGER):
        scope |= Q(products__listings__marketplace__host=actor.company_id)
    rows = Company.objects.filter(scope, is_active=True).distinct().order_by("name", "pk")
    return [
        Option(Member(one.pk), ", ".join(part for part in (one.name, one.city) if part))
        for one in rows
    ]


def people_to_name(actor: Person) -> list[Option]:
    """Return the people of those companies, for marketplace managers also the host's sales support."""
    takers = Q(company__is_reseller=True, company__host=actor.company_id, roles__role=Role.RESELLER)
    if actor.has(Role.MARKETPLACE_MANAGER):
        takers |= Q(company=actor.company_id, roles__role=Role.SALES_SUPPORT)
    rows = Membership.objects.active().filter(takers).select_related("user", "company").distinct()
    found = []
    for one in rows.order_by("user__last_name", "user__first_name", "pk"):
        company = 0 if one.company_id == actor.company_id else one.company_id
        found.append(
            Option(Member(company, one.user_id), f"{one.user.full_name} ({one.company.name})")
        )
    return found


# --- Territories ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Places:
    """The territories of a book, where they overlap, and what none of them has."""

    rows: list[tuple[Any, str, str]]
    overlaps: list[str]
    gaps: list[str]
    uncovered: list[tuple[str, int]]
    others: int
    is_part: bool


def places(found: Desk) -> Places:
    """Return the territories page; countries without a territory come with their newest leads of the last year.

    `is_part` says that there were more of these leads than were looked at.
    """
    book = found.book
    owners = dict(
        Company.objects.filter(pk__in={one.owner_id for one in book.territories}).values_list(
            "pk", "name"
        )
    )
    counts = _countries_lately(found.actor) if book.territories else {}
    missing = uncovered(book.territories, list(NAMES))
    return Places(
        rows=[
            (
                one,
                ", ".join(area_in_words(area) for area in one.areas),
                owners.get(one.owner_id or 0, ""),
            )
            for one in book.territories
        ],
        overlaps=[_overlap(one) for one in overlaps(book.territories)],
        gaps=[_gap(one) for one in gaps(book.territories)],
        uncovered=sorted(
            ((str(NAMES[code]), counts[code]) for code in missing if counts.get(code)),
            key=lambda pair: -pair[1],
        ),
        others=sum(1 for code in missing if not counts.get(code)),
        is_part=sum(counts.values()) >= LOOKED_AT,
    )


def _countries_lately(actor: Person) -> dict[str, int]:
    """Count the newest leads of the last year by country: along the index by day, and never further than the bound."""
    seen = LeadAccess.objects.visible_to(actor).filter(created_at__gte=clock.now() - A_YEAR)
    newest = seen.order_by("-created_at", "-lead").values("lead")[:LOOKED_AT]
    rows = Lead.objects.filter(host=actor.company_id, pk__in=newest).order_by()
    return dict(rows.values_list("country").annotate(Count("pk")))


def area_in_words(area: Area) -> str:
    """Return an area as it is typed: "Portugal", "Spain, Galicia", "Portugal 4000–4999"."""
    name = str(NAMES.get(area.country, area.country))
    if area.region:
        name = f"{name}, {area.region}"
    return f"{name} {area.low}–{area.high}" if area.low else name


def _overlap(one: Overlap) -> str:
    first, second = area_in_words(one.one), area_in_words(one.other)
    areas = (
        first if first == second else _("%(one)s and %(other)s") % {"one": first, "other": second}
    )
    words = {"areas": areas, "first": one.first.name, "second": one.second.name}
    if one.is_sure:
        return _("%(areas)s: in both %(first)s and %(second)s") % words
    return _("%(areas)s: perhaps in both %(first)s and %(second)s") % words


def _gap(one: Gap) -> str:
    country = str(NAMES.get(one.country, one.country))
    if not one.free:
        return _("%(country)s: the rest of it") % {"country": country}
    ranges = ", ".join(f"{low}–{high}" for low, high in one.free)
    return f"{country} {ranges}"


def territories_in_words(book: Book) -> list[tuple[str, str]]:
    """Return the territories of a book with their places."""
    return [
        (one.name, ", ".join(area_in_words(area) for area in one.areas)) for one in book.territories
    ]


def own_absences(actor: Person) -> "QuerySet[Absence]":
    """Return the actor's own absences at this company that are not over."""
    return absences(actor).filter(company=actor.company_id, user=actor.user_id)


def absences(actor: Person) -> "QuerySet[Absence]":
    """Return the absences that are not over, of those whom the actor looks after."""
    rows = Absence.objects.visible_to(actor).filter(last_day__gte=clock.now().date())
    return rows.select_related("company", "user", "set_by").order_by("first_day", "pk")


def differences(before: Book, after: Book) -> list[str]:
    """Return what publishing would change, in sentences."""
    found = []
    for key in dict.fromkeys(one.key for one in (*before.rules, *after.rules)):
        old, new = before.rule(key), after.rule(key)
        if old == new:
            continue
        words = _("Rule “%(name)s”: changed")
        if old is None:
            words = _("Rule “%(name)s”: added")
        elif new is None:
            words = _("Rule “%(name)s”: removed")
        found.append(words % {"name": (new or old).name})  # type: ignore[union-attr]
    if _order(before, after) != _order(after, before):
        found.append(_("The order of the rules: changed"))
    found += list(_changed_territories(before, after))
    return found


def _order(book: Book, other: Book) -> list[str]:
    known = {one.key for one in other.rules}
    return [one.key for one in book.rules if one.key in known]


def _changed_territories(before: Book, after: Book) -> Iterable[str]:
    for key in dict.fromkeys(one.key for one in (*before.territories, *after.territories)):
        old, new = before.territory(key), after.territory(key)
        if old is None and new:
            yield _("Territory “%(name)s”: added") % {"name": new.name}
        elif new is None and old:
            yield _("Territory “%(name)s”: removed") % {"name": old.name}
        elif old != new and new:
            yield _("Territory “%(name)s”: changed") % {"name": new.name}
