"""Webhook sources: which there are, what their leads can be for, and what a lead of theirs is made with."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM, Actor, Person
from accounts.enums import Role
from accounts.models import Company
from leadportal.common.errors import NotFound
from leads.enums import SourceKind
from leads.models import Source
from leads.rules.permissions import looks_after_own_company
from leads.rules.sources.addresses import key_in
from templates_app.models import Listing, Marketplace
from templates_app.rules.attributes import AttributeSpec, editable
from templates_app.rules.fields import FieldSpec
from templates_app.selectors.attributes import attribute_specs
from templates_app.selectors.lead_templates import specs_of

# More than these are not a choice any more.
OFFERED_MOST = 500
_WITH = (
    "company",
    "host",
    "marketplace",
    "listing__product__vendor",
    "listing__marketplace__host",
    "listing__version",
)


@dataclass(frozen=True)
class Feed:
    """One thing that a source's leads can be for: `word` stands in the form, `label` on the page."""

    word: str
    label: str
    company_id: int
    host_id: int
    listing_id: int | None = None
    marketplace_id: int | None = None


def sources(actor: Actor, kind: SourceKind = SourceKind.WEBHOOK) -> "QuerySet[Source]":
    """Return the sources of a kind that `actor` manages, by name."""
    rows: QuerySet[Source] = Source.objects.visible_to(actor).filter(kind=kind)
    return rows.select_related(*_WITH).order_by("name", "pk")


def source(actor: Actor, pk: int) -> Source:
    """Return one webhook source that `actor` manages; raises NotFound for any other."""
    row = sources(actor).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def source_at(token: str) -> Source | None:
    """Return the source whose address ends in `token`, or None. Whoever knows it may send."""
    key = key_in(token)
    return sources(SYSTEM).filter(key=key).order_by().first() if key else None


def feeds(actor: Person) -> list[Feed]:
    """Return what `actor` may let a source's leads be for, by kind and name."""
    offered = [*_listings(actor), *_places(actor), *_resellers(actor)]
    return offered[:OFFERED_MOST]


def questions_of(row: Source) -> list[FieldSpec]:
    """Return what the form asks that the source's leads are for; nothing for manual leads."""
    return specs_of(row.listing.version) if row.listing else []


def attributes_of(row: Source, actor: Actor = SYSTEM) -> list[AttributeSpec]:
    """Return the custom attributes that a source can fill, as far as `actor` may edit them."""
    known = editable(attribute_specs(actor, row.host_id), actor)
    return [spec for spec in known if spec.owner_id is None]


def _listings(actor: Person) -> Iterator[Feed]:
    rows: QuerySet[Listing] = Listing.objects.visible_to(actor).filter(is_active=True)
    rows = rows.select_related("product", "marketplace").order_by(
        "product__name", "marketplace__name"
    )
    for row in rows[:OFFERED_MOST]:
        is_own = actor.has(Role.VENDOR) and row.product.vendor_id == actor.company_id
        is_hosted = (
            actor.has(Role.MARKETPLACE_MANAGER) and row.marketplace.host_id == actor.company_id
        )
        if is_own or is_hosted:
            label = _("%(product)s in %(marketplace)s") % {
                "product": row.product.name,
                "marketplace": row.marketplace.name,
            }
            host = row.marketplace.host_id
            company = host if is_hosted else actor.company_id
            yield Feed(f"listing-{row.pk}", label, company, host, row.pk, row.marketplace_id)


def _places(actor: Person) -> Iterator[Feed]:
    if not actor.has(Role.MARKETPLACE_MANAGER):
        return
    own = Marketplace.objects.visible_to(actor).filter(host=actor.company_id, is_active=True)
    for row in own.order_by("name", "pk")[:OFFERED_MOST]:
        label = _("%(marketplace)s, no product") % {"marketplace": row.name}
        yield Feed(f"marketplace-{row.pk}", label, actor.company_id, actor.company_id, None, row.pk)


def _resellers(actor: Person) -> Iterator[Feed]:
    """The programme for its managers, the own company for its Company Admins; leads of companies with right 1."""
    if actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER):
        rows: Iterable[Company] = Company.objects.visible_to(actor).filter(
            host=actor.company_id, is_reseller=True, is_active=True, can_create_leads=True
        ).order_by("name", "pk")[:OFFERED_MOST]  # fmt: skip
    elif actor.has(Role.RESELLER) and looks_after_own_company(actor):
        rows = Company.objects.visible_to(actor).filter(pk=actor.company_id, is_reseller=True)
    else:
        return
    for row in rows:
        label = _("%(company)s, as leads of its own") % {"company": row.name}
        yield Feed(f"company-{row.pk}", label, row.pk, row.host_id or row.pk)
