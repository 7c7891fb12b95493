"""Companies with their leads: the list, and one company's page. All start at `visible_to`."""

from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import DeskKind
from accounts.models import Company, Membership
from leads.enums import OPEN, AccessLevel, Status
from leads.models import Conversion, Lead, LeadAccess
from leads.selectors.counts import COUNTED, CappedCount, held_leads, newest_change

NEWEST = 10
# A company's newest rows that are looked at for those which the actor sees too.
LOOKED_AT = 100

# Word in the address, words on the page, and which companies are of that kind.
KINDS: dict[str, tuple[Any, Q]] = {
    "customer": (
        _("Customers"),
        Q(is_developer=False, is_marketplace=False, is_reseller=False, is_referral=False),
    ),
    "reseller": (_("Resellers"), Q(is_reseller=True)),
    "referral": (_("Referral partners"), Q(is_referral=True)),
    "vendor": (_("Vendors"), Q(is_developer=True)),
    "marketplace": (_("Marketplaces"), Q(is_marketplace=True)),
}


def companies(actor: Person, *, words: str = "", kind: str = "") -> "QuerySet[Company]":
    """Return the companies that `actor` sees with people, open leads, conversions, last activity, by name.

    Leads of a partner are those that it holds, of a customer those that were associated with it or converted
    into it; only leads that the actor sees are counted, and only up to a bound.
    """
    rows = Company.objects.visible_to(actor).filter(merged_into__isnull=True)
    if words:
        rows = rows.matching(words)
    if kind in KINDS:
        rows = rows.filter(KINDS[kind][1])
    return rows.annotate(**_counts(actor)).order_by("name", "pk")


def _counts(actor: Person) -> dict[str, Any]:
    people = (
        Membership.objects.active()
        .filter(company=OuterRef("pk"))
        .order_by()
        .values("company")
        .annotate(number=Count("pk"))
        .values("number")
    )
    host = actor.host_id or 0
    is_customer = KINDS["customer"][1]
    return {
        "people": Coalesce(Subquery(people), 0),
        "open_leads": Case(
            When(
                is_customer,
                then=_capped(_seen(actor, associated_company=OuterRef("pk"), status__in=OPEN)),
            ),
            default=held_leads(host),
            output_field=IntegerField(),
        ),
        "converted_leads": Case(
            When(is_customer, then=_capped(_seen(actor, conversion__company=OuterRef("pk")))),
            default=held_leads(host, Status.CONVERTED),
            output_field=IntegerField(),
        ),
        "last_activity": Case(
            When(is_customer, then=_last_change(actor)),
            default=newest_change(host),
            output_field=DateTimeField(),
        ),
        "counted": Value(COUNTED),
    }


def _seen(actor: Person, **conditions: Any) -> "QuerySet[Any]":
    return Lead.objects.visible_to(actor).filter(**conditions)


def _last_change(actor: Person) -> Subquery:
    """Return when a lead of a customer that the actor sees was changed last."""
    converted = Conversion.objects.filter(company=OuterRef(OuterRef("pk"))).values("lead")
    theirs = Q(associated_company=OuterRef("pk")) | Q(pk__in=converted)
    leads = Lead.objects.visible_to(actor).filter(theirs).exclude(status=Status.DELETED)
    return Subquery(leads.order_by("-updated_at").values("updated_at")[:1])


def _capped(rows: "QuerySet[Any]") -> CappedCount:
    return CappedCount(rows.order_by().values("pk")[: COUNTED + 1])


def newest_leads(actor: Person, company: Company) -> list[LeadAccess]:
    """Return the newest leads that a partner holds, or that belong to a customer, as far as the actor sees them."""
    mine = LeadAccess.objects.visible_to(actor).filter(level=AccessLevel.CURRENT)
    rows = mine.filter(lead__in=_leads_of(company)).select_related("lead")
    return list(rows.order_by("-created_at", "-lead_id")[:NEWEST])


def _leads_of(company: Company) -> list[int]:
    """Return the ids of the company's newest leads, found by its own indexes; the scope comes after."""
    if company.is_customer:
        associated = Lead.objects.filter(associated_company=company).order_by("-pk")
        converted = Conversion.objects.filter(company=company).order_by("-lead")
        return [
            *associated.values_list("pk", flat=True)[:LOOKED_AT],
            *converted.values_list("lead", flat=True)[:LOOKED_AT],
        ]
    held = LeadAccess.objects.filter(
        desk__company=company,
        desk__kinds=DeskKind.COMPANY,
        level=AccessLevel.CURRENT,
        holder_id=company.pk,
    )
    newest = held.order_by("-created_at", "-lead_id")
    return list(newest.values_list("lead_id", flat=True)[:LOOKED_AT])
