"""Leads begin and change: by hand, from a product's form, from a reseller's profile page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person, System
from accounts.enums import Role
from accounts.models import Company, Membership, User
from accounts.rules.desks import desk_kinds
from accounts.services.merging import hold_customer
from leadportal.common import clock
from leadportal.common.errors import Forbidden, Invalid
from leads.enums import Channel, EventKind, HolderDesk, Qualification, SourceKind, Status
from leads.models import Lead
from leads.rules.permissions import creating_role
from leads.rules.workflow import Action
from leads.selectors.clashes import ATTRIBUTE, plain, value_of
from leads.services.access import CONTACT, refresh_access
from leads.services.clashes import own_changes
from leads.services.history import record
from leads.services.lifecycle import assign_lead, put_at, put_referred
from leads.services.references import new_reference
from leads.services.search import search_text
from leads.services.writing import lock_lead, write_lead
from templates_app.models import Listing, Marketplace, Product, TemplateVersion

REFERENCE_TRIES = 5


def _store(**values: Any) -> Lead:
    """Insert a lead under a new Lead ID with its search text and access rows."""
    moment = clock.now()
    lead = Lead(
        **values,
        created_at=moment,
        updated_at=moment,
        status_changed_at=moment,
        search_changed_at=moment,
    )
    for attempt in range(REFERENCE_TRIES):
        lead.reference = new_reference()
        lead.search = search_text(lead)
        try:
            with transaction.atomic():
                lead.save(force_insert=True)
            break
        except IntegrityError:
            # The number is taken (one chance in a thousand at a million leads): draw again.
            if (
                attempt == REFERENCE_TRIES - 1
                or not Lead.objects.filter(reference=lead.reference).exists()
            ):
                raise
    refresh_access(lead)
    return lead


@dataclass(frozen=True)
class Start:
    """How a lead begins: where it stands and what made it."""

    status: Status
    holder: Company
    holder_desk: HolderDesk
    host: Company


@transaction.atomic
def create_lead(
    contact: Mapping[str, str],
    *,
    actor: Person,
    marketplace: Marketplace | None = None,
    product: Product | None = None,
    version: TemplateVersion | None = None,
    answers: Mapping[str, Any] | None = None,
    attributes: Mapping[str, Any] | None = None,
    channel: Channel = Channel.OTHER,
    recipient: Company | None = None,
    to_sales: bool = False,
) -> Lead:
    """Create a lead by hand (domain.md section 2, "Where a lead starts").

    A manager's lead is submitted, or assigned when a `recipient` (or the sales desk) is chosen; sales support's is
    accepted at once; a vendor's waits to be submitted; a reseller's or referral user's is referred, held by their
    company. Raises Forbidden without the right to create leads, Invalid on `marketplace` when the host is unknown.
    """
    role = creating_role(actor)
    if role is None:
        raise Forbidden(
            _("Your company may not create leads. Ask your reseller manager for the right.")
        )
    company = Company.objects.get(pk=actor.company_id)
    start = _start(role, company, marketplace)
    is_own = role in {Role.VENDOR, Role.RESELLER, Role.REFERRAL} and not actor.token
    lead = _store(
        host=start.host,
        marketplace=marketplace,
        product=product,
        template_version=version,
        answers=dict(answers or {}),
        attributes=dict(attributes or {}),
        status=start.status,
        holder=start.holder,
        holder_desk=start.holder_desk,
        in_charge_id=actor.user_id if role in {Role.RESELLER, Role.REFERRAL} else None,
        maker=company,
        maker_kinds=int(desk_kinds(actor.roles)),
        created_by_id=actor.user_id,
        source_kind=SourceKind.API if actor.token else SourceKind.MANUAL,
        source_company=company if is_own else None,
        source_name=actor.token or ("" if is_own or marketplace else start.host.name),
        channel=channel,
        **_contact(contact),
    )
    source = "api" if actor.token else "manual"
    record(lead, EventKind.CREATED, actor=actor, data={"source": source, "to": start.status.slug})
    if role == Role.SALES_SUPPORT:
        put_at(lead, None, actor=actor, is_quiet=True)
        put_referred(lead, actor=actor, is_quiet=True)
    elif recipient or to_sales:
        return assign_lead(lead, to=recipient, actor=actor)
    return lead


def _start(role: Role, company: Company, marketplace: Marketplace | None) -> Start:
    if role in {Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.SALES_SUPPORT}:
        return Start(Status.SUBMITTED, company, HolderDesk.HOST, company)
    if role == Role.VENDOR:
        if marketplace is None:
            raise Invalid({"marketplace": _("Choose a marketplace")})
        return Start(Status.PENDING_SUBMISSION, company, HolderDesk.COMPANY, marketplace.host)
    assert company.host is not None  # noqa: S101  (company_programme_has_host)
    return Start(Status.REFERRED, company, HolderDesk.COMPANY, company.host)


def _contact(values: Mapping[str, str]) -> dict[str, str]:
    return {field: values.get(field, "") or "" for field in CONTACT}


@dataclass(frozen=True)
class Consent:
    """What the prospect agreed to, in the words of the form."""

    text: str
    source: str


def create_from_listing(
    listing: Listing,
    contact: Mapping[str, str],
    answers: Mapping[str, Any],
    *,
    consent: Consent | None = None,
    actor: Person | None = None,
) -> Lead:
    """Create the lead of a product's public form: submitted, or straight to the vendor; qualification pending.

    `actor` is who sent the answers with an API token. Called in a transaction that makes a repeat harmless.
    """
    form: Actor = actor or System(_("Form %(form)s") % {"form": listing.product.name})
    lead = _store(
        host=listing.marketplace.host,
        marketplace=listing.marketplace,
        listing=listing,
        product=listing.product,
        template_version=listing.version,
        answers=dict(answers),
        status=Status.SUBMITTED,
        qualification=Qualification.PENDING,
        holder=listing.marketplace.host,
        holder_desk=HolderDesk.HOST,
        source_kind=SourceKind.API if actor else SourceKind.PRODUCT_PROFILE,
        source_name=actor.token if actor else "",
        channel=Channel.WEB,
        **_contact(contact),
        **_consent(consent),
    )
    data = {"source": "api" if actor else "product_profile", "product": listing.product_id}
    data["to"] = Status.SUBMITTED.slug
    goes_on = listing.marketplace.leads_go_to_vendor
    record(lead, EventKind.CREATED, actor=form, data=data, is_quiet=goes_on)
    if goes_on:
        put_at(lead, listing.product.vendor, actor=System(listing.marketplace.name))
    return lead


def create_from_profile(
    reseller: Company,
    version: TemplateVersion,
    contact: Mapping[str, str],
    answers: Mapping[str, Any],
    *,
    consent: Consent | None = None,
) -> Lead:
    """Create the lead of a reseller's profile page: assigned to that reseller."""
    assert reseller.host is not None  # noqa: S101  (company_programme_has_host)
    page = System(_("Profile page of %(company)s") % {"company": reseller.name})
    lead = _store(
        host=reseller.host,
        template_version=version,
        answers=dict(answers),
        status=Status.ASSIGNED,
        holder=reseller,
        holder_desk=HolderDesk.COMPANY,
        source_kind=SourceKind.RESELLER_PROFILE,
        source_company=reseller,
        channel=Channel.WEB,
        **_contact(contact),
        **_consent(consent),
    )
    data = {"source": "reseller_profile", "company": reseller.pk, "to": Status.ASSIGNED.slug}
    record(lead, EventKind.CREATED, actor=page, data=data)
    return lead


def _consent(consent: Consent | None) -> dict[str, Any]:
    if consent is None:
        return {}
    return {
        "consent_text": consent.text,
        "consent_source": consent.source,
        "consent_at": clock.now(),
    }


@transaction.atomic
def edit_lead(
    lead: Lead,
    *,
    details: Mapping[str, Any],
    attributes: Mapping[str, Any],
    actor: Actor,
    version: int | None = None,
    seen: Mapping[str, object] | None = None,
) -> Lead:
    """Change contact and company fields, the channel and custom attributes; only what differs is written.

    An attribute of None is emptied. `version` says that the caller has seen the lead as it was then; `seen` is what
    a form showed, by field and "attribute:key". Different fields are merged; raises Clash when somebody else has
    changed the same field. An association is removed when a contact or company field changes (AppDirect, Edit).
    """
    fresh = lock_lead(lead, actor=actor, action=Action.EDIT).lead
    typed = {**details, **{f"{ATTRIBUTE}{key}": value for key, value in attributes.items()}}
    if version == fresh.version:
        seen = {name: plain(value_of(fresh, name)) for name in typed}
    changes = own_changes(fresh, typed, seen or {}, actor=actor)
    if not changes:
        return fresh
    changed: dict[str, Any] = {field: value for field, value in changes.items() if field in details}
    stored = {**fresh.attributes, **attributes_in(changes)}
    new_attributes = {key: value for key, value in stored.items() if value is not None}
    values = {name: (value_of(fresh, name), value) for name, value in changes.items()}
    record(fresh, EventKind.UPDATED, actor=actor, data={"fields": sorted(values)}, values=values)
    if set(CONTACT) & changed.keys():
        changed |= _unlink(fresh, actor=actor)
    write_lead(fresh, **changed, attributes=new_attributes)
    return fresh


def attributes_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the custom attributes among `values`, by their key."""
    return {
        name.removeprefix(ATTRIBUTE): value
        for name, value in values.items()
        if name.startswith(ATTRIBUTE)
    }


def _unlink(lead: Lead, *, actor: Actor) -> dict[str, None]:
    if lead.associated_company_id is None:
        return {}
    data = {"company": lead.associated_company_id, "user": lead.associated_user_id}
    record(lead, EventKind.ASSOCIATION_REMOVED, actor=actor, data=data)
    return {"associated_company": None, "associated_user": None}


@transaction.atomic
def associate_company(lead: Lead, *, user: User, company: Company, actor: Actor) -> Lead:
    """Associate the lead with a customer company that `user` belongs to, so that conversion makes no second one.

    The person was found by the complete e-mail (domain.md section 3). Raises Invalid on field `company` for a
    company without that member, or one with access rights.
    """
    fresh = lock_lead(lead, actor=actor, action=Action.ASSOCIATE).lead
    is_member = Membership.objects.active().filter(user=user, company=company).exists()
    if not is_member or not company.is_customer:
        raise Invalid({"company": _("Choose one of this person's customer companies")})
    company = hold_customer(company)
    if fresh.associated_company_id == company.pk and fresh.associated_user_id == user.pk:
        return fresh
    _unlink(fresh, actor=actor)
    data = {"company": company.pk, "user": user.pk}
    record(fresh, EventKind.ASSOCIATION_CREATED, actor=actor, data=data)
    write_lead(fresh, associated_company=company, associated_user=user)
    return fresh
