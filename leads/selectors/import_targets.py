"""What the columns and rows of an imported file can name: fields, attributes, answers, products, recipients."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.enums import Role
from accounts.models import Company
from leadportal.common.text import fold
from leads.rules.imports import ANSWER, ATTRIBUTE, FIELDS
from leads.rules.permissions import creating_role
from leads.selectors.choices import marketplaces_to_add_to, programme
from leads.selectors.wizard import own_listings
from templates_app.enums import FieldKind
from templates_app.models import Listing, Marketplace, Product, TemplateVersion
from templates_app.rules.attributes import AttributeSpec, editable, must_fill
from templates_app.rules.fields import FieldSpec
from templates_app.selectors.attributes import attribute_specs

# What a recipient's name stands for beside companies.
SALES = "sales"
# Not taken from a file: who agreed to what is what the prospect did itself, with its text and moment.
_NO_ANSWERS = frozenset({FieldKind.HEADING, FieldKind.CONSENT})


@dataclass(frozen=True)
class Place:
    """A product in a marketplace; while its form is open, the live version and what a row can answer, by key."""

    version: TemplateVersion | None
    questions: Mapping[str, FieldSpec]


NO_PLACE = Place(None, {})


@dataclass(frozen=True)
class Known:
    """What the rows of an import can name, as the importer may: things by their folded names.

    `places` are the pairs of marketplace and product that stand together. `recipients` maps to a company, SALES,
    or None for the host, which keeps the lead.
    """

    role: Role
    specs: tuple[AttributeSpec, ...]
    marketplaces: Mapping[str, Marketplace]
    products: Mapping[str, Product]
    places: Mapping[tuple[int, int], Place]
    recipients: Mapping[str, Any]

    @property
    def is_vendor(self) -> bool:
        """Whether a lead needs a marketplace and one of the own products there."""
        return self.role == Role.VENDOR

    @cached_property
    def questions(self) -> Mapping[str, FieldSpec]:
        """Every question that a row can answer, by its key."""
        return {key: one for place in self.places.values() for key, one in place.questions.items()}


def known_to(actor: Person) -> Known:
    """Return what rows can name. The actor may create leads."""
    role = creating_role(actor)
    assert role is not None  # noqa: S101  (asked by every door and again by the service that writes)
    host = actor.host_id
    specs = attribute_specs(actor, host) if host and role != Role.VENDOR else []
    listings = _listings(actor, role)
    marketplaces = [one.marketplace for one in listings] if role == Role.VENDOR else []
    marketplaces = marketplaces or list(marketplaces_to_add_to(actor))
    return Known(
        role=role,
        specs=tuple(editable(specs, actor)),
        marketplaces={fold(one.name): one for one in marketplaces},
        products={fold(one.product.name): one.product for one in listings},
        places={(one.marketplace_id, one.product_id): _place(one) for one in listings},
        recipients=_recipients(actor, role),
    )


def _listings(actor: Person, role: Role) -> Sequence[Listing]:
    """Return where the products stand that the importer may put on a lead: managers' all, vendors' own."""
    if role == Role.VENDOR:
        rows = own_listings(actor)
    elif role in {Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER}:
        seen = Listing.objects.visible_to(actor).filter(is_active=True, product__is_active=True)
        rows = seen.select_related("product", "marketplace", "version")
    else:
        return []
    return list(rows.prefetch_related("version__fields"))


def _place(listing: Listing) -> Place:
    """Return what a row can answer: as much as it wants, for nobody asks it anew what is required there."""
    if not listing.is_open or listing.version is None:
        return NO_PLACE
    asked = [one.spec for one in listing.version.fields.all() if one.kind not in _NO_ANSWERS]
    return Place(listing.version, {one.key: replace(one, is_required=False) for one in asked})


def _recipients(actor: Person, role: Role) -> dict[str, Any]:
    """Return the recipients that an operator can name (domain.md, "operators may map the holder")."""
    if role != Role.MARKETPLACE_MANAGER or actor.host_id is None:
        return {}
    host = Company.objects.get(pk=actor.host_id).name
    resellers = {fold(one.name): one for one in programme(actor)}
    sales = fold(_("%(host)s Sales") % {"host": host})
    return {**resellers, sales: SALES, fold(host): None}


def targets_for(known: Known, header: Sequence[str]) -> dict[str, Any]:
    """Return what a column can become for this importer, with its label, in the order of the page.

    The questions of all forms would be too many to choose among: an answer comes from a column that is named
    after it as in our own files, "answer:budget".
    """
    offered: dict[str, Any] = {"marketplace": known.marketplaces, "product": known.products}
    offered["recipient"] = known.recipients
    found = {name: label for name, label in FIELDS.items() if offered.get(name, True)}
    found |= {f"{ATTRIBUTE}{spec.key}": spec.label for spec in known.specs}
    named = [name.removeprefix(ANSWER) for name in header if name.startswith(ANSWER)]
    return found | {
        f"{ANSWER}{key}": _("Answer: %(label)s") % {"label": known.questions[key].label}
        for key in named
        if key in known.questions
    }


@dataclass(frozen=True)
class Needed:
    """Something that every lead needs: one of `targets`, or a choice for all rows."""

    label: str
    targets: frozenset[str]


def needed_of(known: Known, actor: Person) -> list[Needed]:
    """Return what the file has to have, for the list that is ticked off (ux.md I3)."""
    contact = frozenset({"name", "first_name", "last_name", "email", "phone"})
    needed = [Needed(_("A name, an email address or a phone number"), contact)]
    if known.is_vendor:
        needed.append(Needed(_("Marketplace"), frozenset({"marketplace"})))
        needed.append(Needed(_("Product"), frozenset({"product"})))
    return needed + [
        Needed(spec.label, frozenset({f"{ATTRIBUTE}{spec.key}"}))
        for spec in known.specs
        if must_fill(spec, actor)
    ]
