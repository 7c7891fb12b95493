"""The list of companies: which rows, with which numbers, in which order, from where.

Numbers of leads are looked up for the rows of a page alone, along each company's own index, and no further
than a bound. Sorting by one of them looks it up for every company of the list, which therefore has a bound, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest, Left
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.models import Company, Membership
from accounts.querysets import CompanyQuerySet
from leadportal.common import clock
from leadportal.common.pagination import Found, Key, Known, Order, bounded_count
from leads.enums import OPEN, AccessLevel, Status
from leads.models import Lead, LeadAccess
from leads.selectors.counts import COUNTED, counted, held_leads, newest_change

# Stands for "never": before everything that happened.
# As much of a name as sorts it; a place in the list has to fit into an address.
NAME_LENGTH = 80

# Word in the address, words on the page, and which companies are of that kind; a company can be of several.
KINDS: dict[str, tuple[Any, Q]] = {
    "marketplace": (_("Marketplaces"), Q(is_marketplace=True)),
    "vendor": (_("Vendors"), Q(is_developer=True)),
    "reseller": (_("Resellers"), Q(is_reseller=True)),
    "referral": (_("Referral partners"), Q(is_referral=True)),
    "customer": (
        _("Customers"),
        Q(is_developer=False, is_marketplace=False, is_reseller=False, is_referral=False),
    ),
}
# The access rights of AppDirect's boxes, by their words in the address.
RIGHTS: dict[str, tuple[Any, str]] = {
    "developer": (_("Developer"), "is_developer"),
    "marketplace": (_("Marketplace"), "is_marketplace"),
    "reseller": (_("Reseller"), "is_reseller"),
    "referral": (_("Referral"), "is_referral"),
}


class Bytewise(Func):
    """A text that both databases sort alike: by its bytes."""

    template = '%(expressions)s COLLATE "C"'
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """Name the collation as SQLite does."""
        return self.as_sql(
            compiler, connection, template="%(expressions)s COLLATE BINARY", **context
        )


def companies(actor: Person) -> CompanyQuerySet:
    """Return the companies that `actor` sees; those that were merged into others are no companies any more."""
    return Company.objects.visible_to(actor).filter(merged_into__isnull=True)


def order_columns() -> dict[str, Any]:
    """Return what a list is sorted by that stands in the companies themselves."""
    kinds = [
        When(condition, then=place) for place, (_label, condition) in enumerate(KINDS.values())
    ]
    rights = [Cast(name, IntegerField()) for _label, name in RIGHTS.values()]
    return {
        "name_order": Bytewise(Left("name_key", NAME_LENGTH), output_field=CharField()),
        "kind_order": Case(*kinds, output_field=IntegerField()),
        "number_of_rights": rights[0] + rights[1] + rights[2] + rights[3],
    }


def figures(actor: Person, most: int | None) -> dict[str, Any]:
    """Return what is counted for each company, leads up to `most`: people, open leads, conversions, last activity.

    Leads of a partner are those that it holds, of a customer those that were associated with it or converted
    into it; only leads that the actor sees are counted.
    """
    is_customer, host = KINDS["customer"][1], actor.host_id or 0
    associated = _seen_now(actor).filter(associated_company=OuterRef("pk"))
    converted = _seen_now(actor).filter(conversion__company=OuterRef("pk"))
    return {
        "people": Coalesce(Subquery(_people()), 0),
        "open_leads": Case(
            When(is_customer, then=counted(associated.filter(status__in=OPEN), "pk", most)),
            default=held_leads(host, most=most),
            output_field=IntegerField(),
        ),
        "converted_leads": Case(
            When(is_customer, then=counted(converted, "pk", most)),
            default=held_leads(host, Status.CONVERTED, most=most),
            output_field=IntegerField(),
        ),
        "last_activity": Case(
            When(is_customer, then=Greatest(_newest(associated), _newest(converted))),
            default=_or_never(newest_change(host)),
            output_field=DateTimeField(),
        ),
    }


# What sorts by these has to be looked up first; what reads them in a cursor.
COMPUTED: dict[str, Any] = {
    "people": IntegerField(),
    "open_leads": IntegerField(),
    "converted_leads": IntegerField(),
    "last_activity": DateTimeField(),
}
OF_ROWS: dict[str, Any] = {
    **COMPUTED,
    "name_order": CharField(),
    "kind_order": IntegerField(),
    "number_of_rights": IntegerField(),
}


def _seen_now(actor: Person) -> "QuerySet[Any]":
    """Return the leads that the actor's desk still sees: of one that it lost it learns no more."""
    current = LeadAccess.objects.visible_to(actor).filter(level=AccessLevel.CURRENT)
    return Lead.objects.filter(Exists(current.filter(lead=OuterRef("pk"))))


def _people() -> "QuerySet[Any]":
    members = Membership.objects.active().filter(company=OuterRef("pk")).order_by()
    return members.values("company").annotate(number=Count("pk")).values("number")


def _newest(leads: "QuerySet[Any]") -> Coalesce:
    live = leads.exclude(status=Status.DELETED).order_by("-updated_at")
    return _or_never(Subquery(live.values("updated_at")[:1]))


def _or_never(moment: Subquery) -> Coalesce:
    return Coalesce(moment, Value(clock.LONG_AGO), output_field=DateTimeField())


@dataclass(frozen=True)
class CompanyList:
    """What an address asks for: scoped and filtered companies in an order.

    `is_exact` counts leads to the end, for a file; a page counts to `COUNTED`.
    """

    rows: "QuerySet[Company]"
    order: Order
    actor: Person
    is_exact: bool = False

    @cached_property
    def is_too_long(self) -> bool:
        """Whether there are more companies than can be sorted by something that is looked up."""
        return self._is_looked_up and not self._count.is_exact

    @cached_property
    def found(self) -> Found:
        """How the rows are found; a list that is too long for its order comes by name."""
        rows = self.rows.annotate(**order_columns())
        if not self._is_looked_up:
            return _Walk(rows, self.order, self._figures, self._count)
        if self.is_too_long:
            return _Walk(rows, BY_NAME, self._figures, self._count)
        wanted = {name: self._figures[name] for name in self.order.fields if name in COMPUTED}
        keys = rows.annotate(**wanted).order_by().values_list(*self.order.fields)
        return _Known(rows, self.order, self._figures, [tuple(key) for key in keys])

    @property
    def _is_looked_up(self) -> bool:
        return not COMPUTED.keys().isdisjoint(self.order.fields)

    @cached_property
    def _count(self) -> Any:
        return bounded_count(self.rows)

    @cached_property
    def _figures(self) -> dict[str, Any]:
        return figures(self.actor, None if self.is_exact else COUNTED + 1)


BY_NAME = Order(("name_order", "id"), is_descending=False)


class _Walk(Found):
    """Companies that the database sorts by what stands in them."""

    def __init__(
        self, rows: "QuerySet[Company]", order: Order, shown: dict[str, Any], count: Any
    ) -> None:
        self.rows, self.order, self.shown, self.count = rows, order, shown, count

    def take(self, key: Key | None, most: int, *, backwards: bool = False) -> list[Company]:
        """See `Found`. The numbers are looked up for these rows alone."""
        rows = self.rows if key is None else self.order.beyond(self.rows, key, backwards=backwards)
        cut = self.order.apply(rows, backwards=backwards).values("pk")[:most]
        wanted = Company.objects.annotate(**order_columns(), **self.shown).filter(pk__in=cut)
        taken = list(self.order.apply(wanted))
        for row in taken:
            _finish(row, tuple(getattr(row, name) for name in self.order.fields))
        return taken


class _Known(Known):
    """Companies sorted by something that was looked up for each."""

    def __init__(
        self,
        rows: "QuerySet[Company]",
        order: Order,
        shown: dict[str, Any],
        keys: Sequence[Key],
    ) -> None:
        super().__init__(keys, order)
        self.rows, self.shown = rows, shown

    def read(self, keys: Sequence[Key]) -> list[Company]:
        """See `Known`."""
        wanted = self.rows.annotate(**self.shown).filter(pk__in=[key[-1] for key in keys])
        rows = {row.pk: row for row in wanted.order_by()}
        found = [(rows[key[-1]], key) for key in keys if key[-1] in rows]
        for row, key in found:
            _finish(row, key)
        return [row for row, _key in found]


def _finish(row: Any, key: Key) -> None:
    row.key = key
    row.last_activity = None if row.last_activity == clock.LONG_AGO else row.last_activity
