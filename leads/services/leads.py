"""Leads begin and change: by hand, from a product's form, from a reseller's profile page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person, System
from accounts.models import Company, Membership, User
from accounts.services.merging import hold_customer
from leadportal.common import clock
from leadportal.common.errors import Invalid
from leads.enums import Channel, EventKind, HolderDesk, Qualification, SourceKind, Status
from leads.models import Lead
from leads.rules.workflow import Action
from leads.selectors.clashes import ATTRIBUTE, plain, value_of
from leads.services.carried import CONTACT
from leads.services.clashes import own_changes
from leads.services.drafts import BY_HAND, Draft, Origin, create_leads
from leads.services.history import record
from leads.services.placing import put_at
from leads.services.routing import route_leads
from leads.services.scoring.scores import rescore
from leads.services.storing import contact_of, store_lead
from leads.services.writing import lock_lead, write_lead
from templates_app.models import Listing, TemplateVersion


@transaction.atomic
def create_lead(contact: Mapping[str, str], *, actor: Person, **start: Any) -> Lead:
    """Create a lead by hand, or by a program; `start` is what else a `Draft` takes. See `create_leads`."""
    origin = BY_HAND
    if actor.token:
        origin = Origin(SourceKind.API, actor.token, {"source": "api"})
    return create_leads([Draft(contact, **start)], actor=actor, origin=origin)[0]


@dataclass(frozen=True)
class Consent:
    """What the prospect agreed to, in the words of the form."""

    text: str
    source: str


@dataclass(frozen=True)
class WayIn:
    """What brought a lead that nobody typed in here: "webhook", with the name that its source goes by.

    `sender` is who let a program do it, nobody for a web site's form.
    """

    word: str
    kind: SourceKind
    name: str
    sender: Person | None = None

    @property
    def actor(self) -> Actor:
        """Who did it, for the history."""
        return self.sender or System(self.name)


def create_from_listing(
    listing: Listing,
    contact: Mapping[str, str],
    answers: Mapping[str, Any],
    *,
    version: TemplateVersion | None = None,
    consent: Consent | None = None,
    way: WayIn | None = None,
    attributes: Mapping[str, Any] | None = None,
    is_test: bool = False,
) -> Lead:
    """Create the lead of a product's public form: submitted, or straight to the vendor; qualification pending.

    What is submitted meets the assignment rules of the host.

    `version` was answered, unless the live one was; `way` says that the answers came another way than through
    the form itself. Called under the submission's transaction. Nobody is told of a test.
    """
    form: Actor = way.actor if way else System(_("Form %(form)s") % {"form": listing.product.name})
    lead = store_lead(
        host=listing.marketplace.host,
        marketplace=listing.marketplace,
        listing=listing,
        product=listing.product,
        template_version=version or listing.version,
        answers=dict(answers),
        status=Status.SUBMITTED,
        qualification=Qualification.PENDING,
        holder=listing.marketplace.host,
        holder_desk=HolderDesk.HOST,
        source_kind=way.kind if way else SourceKind.PRODUCT_PROFILE,
        source_name=way.name if way else "",
        attributes=dict(attributes or {}),
        channel=Channel.WEB,
        is_test=is_test,
        **contact_of(contact),
        **_consent(consent),
    )
    if is_test:
        return lead
    word = way.word if way else "product_profile"
    data = {"source": word, "product": listing.product_id, "to": Status.SUBMITTED.slug}
    goes_on = listing.marketplace.leads_go_to_vendor
    record(lead, EventKind.CREATED, actor=form, data=data, is_quiet=goes_on)
    rescore([lead])
    if goes_on:
        put_at(lead, listing.product.vendor, actor=System(listing.marketplace.name))
    else:
        route_leads([lead])
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
    lead = store_lead(
        host=reseller.host,
        template_version=version,
        answers=dict(answers),
        status=Status.ASSIGNED,
        holder=reseller,
        holder_desk=HolderDesk.COMPANY,
        source_kind=SourceKind.RESELLER_PROFILE,
        source_company=reseller,
        channel=Channel.WEB,
        **contact_of(contact),
        **_consent(consent),
    )
    data = {"source": "reseller_profile", "company": reseller.pk, "to": Status.ASSIGNED.slug}
    record(lead, EventKind.CREATED, actor=page, data=data)
    rescore([lead])
    return lead


def _consent(consent: Consent | None) -> dict[str, Any]:
    if consent is None:
        return {}
    said = {"text": consent.text, "source": consent.source, "at": clock.now()}
    return {f"consent_{name}": value for name, value in said.items()}


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
