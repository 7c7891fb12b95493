"""Leads that people make: by hand one, from a file many, by the same rules and at the price of few queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.enums import Role
from accounts.models import Company
from accounts.rules.desks import desk_kinds
from leadportal.common.errors import Forbidden, Invalid
from leads.enums import Channel, EventKind, HolderDesk, SourceKind, Status
from leads.models import Lead
from leads.rules.permissions import creating_role
from leads.services.acts import carry_out
from leads.services.history import Line, record_all
from leads.services.lifecycle import Assignment, put_all_at_sales
from leads.services.routing import route_leads
from leads.services.scoring.scores import rescore
from leads.services.storing import contact_of, store_leads
from templates_app.models import Marketplace, Product, TemplateVersion


@dataclass(frozen=True)
class Draft:
    """A lead that is about to be made; `to_sales` and `recipient` are a manager's choice."""

    contact: Mapping[str, str]
    marketplace: Marketplace | None = None
    product: Product | None = None
    version: TemplateVersion | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    channel: Channel = Channel.OTHER
    recipient: Company | None = None
    to_sales: bool = False


@dataclass(frozen=True)
class Origin:
    """What the leads come from: `codes` stand in the history, `name` is the source. `is_quiet`: nobody is told."""

    kind: SourceKind = SourceKind.MANUAL
    name: str = ""
    codes: Mapping[str, Any] = field(default_factory=lambda: {"source": "manual"})
    is_quiet: bool = False


BY_HAND = Origin()


@dataclass(frozen=True)
class _Start:
    """How a lead begins: where it stands and what made it."""

    status: Status
    holder: Company
    holder_desk: HolderDesk
    host: Company


@transaction.atomic
def create_leads(drafts: Sequence[Draft], *, actor: Person, origin: Origin = BY_HAND) -> list[Lead]:
    """Create a lead of each draft (domain.md section 2, "Where a lead starts").

    A manager's lead is assigned when a recipient (or the sales desk) is chosen, else submitted and given by the
    host's assignment rules; sales support's is accepted at once; a vendor's waits to be submitted; a reseller's
    or referral user's is referred, held by their company. Raises Forbidden without the right to create leads, Invalid
    on field `marketplace` when the host cannot be known, and what an assignment refuses with: then none is made.
    """
    role = creating_role(actor)
    if role is None:
        raise Forbidden(
            _("Your company may not create leads. Ask your reseller manager for the right.")
        )
    company = Company.objects.select_related("host").get(pk=actor.company_id)
    leads = [_begun(draft, role, company, actor, origin) for draft in drafts]
    store_leads(leads)
    record_all([(lead, _created(lead, origin)) for lead in leads], actor=actor)
    rescore(leads, is_quiet=origin.is_quiet)
    if role == Role.SALES_SUPPORT:
        put_all_at_sales(leads, actor=actor)
        return leads
    leads = _assigned(leads, drafts, actor, is_quiet=origin.is_quiet)
    route_leads(leads, is_quiet=origin.is_quiet)
    return leads


def _begun(draft: Draft, role: Role, company: Company, actor: Person, origin: Origin) -> Lead:
    start = _start(role, company, draft.marketplace)
    is_own = role in {Role.VENDOR, Role.RESELLER, Role.REFERRAL}
    is_manual = origin.kind == SourceKind.MANUAL
    named_after_host = is_manual and not (is_own or draft.marketplace)
    return Lead(
        host=start.host,
        marketplace=draft.marketplace,
        product=draft.product,
        template_version=draft.version,
        answers=dict(draft.answers),
        attributes=dict(draft.attributes),
        status=start.status,
        holder=start.holder,
        holder_desk=start.holder_desk,
        in_charge_id=actor.user_id if role in {Role.RESELLER, Role.REFERRAL} else None,
        maker=company,
        maker_kinds=int(desk_kinds(actor.roles)),
        created_by_id=actor.user_id,
        source_kind=origin.kind,
        source_company=company if is_own and is_manual else None,
        source_name=start.host.name if named_after_host else origin.name,
        channel=draft.channel,
        **contact_of(draft.contact),
    )


def _start(role: Role, company: Company, marketplace: Marketplace | None) -> _Start:
    if role in {Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER, Role.SALES_SUPPORT}:
        return _Start(Status.SUBMITTED, company, HolderDesk.HOST, company)
    if role == Role.VENDOR:
        if marketplace is None:
            raise Invalid({"marketplace": _("Choose a marketplace")})
        return _Start(Status.PENDING_SUBMISSION, company, HolderDesk.COMPANY, marketplace.host)
    assert company.host is not None  # noqa: S101  (company_programme_has_host)
    return _Start(Status.REFERRED, company, HolderDesk.COMPANY, company.host)


def _created(lead: Lead, origin: Origin) -> Line:
    codes = {**origin.codes, "to": Status(lead.status).slug}
    return Line(EventKind.CREATED, codes, is_quiet=origin.is_quiet)


def _assigned(
    leads: Sequence[Lead], drafts: Sequence[Draft], actor: Person, *, is_quiet: bool
) -> list[Lead]:
    """Assign those for which a recipient was chosen, all of one recipient together; return all, as they are then."""
    chosen: dict[int, tuple[Company | None, list[int]]] = {}
    for lead, draft in zip(leads, drafts, strict=True):
        if draft.recipient or draft.to_sales:
            to = draft.recipient
            chosen.setdefault(to.pk if to else 0, (to, []))[1].append(lead.pk)
    found = {lead.pk: lead for lead in leads}
    for to, keys in chosen.values():
        for key, answer in carry_out(Assignment(to, is_quiet=is_quiet), keys, actor=actor).items():
            if answer.error:
                raise answer.error
            found[key] = answer.lead or found[key]
    return list(found.values())
