"""Conversion: a lead becomes a customer company with its first user, once (domain.md section 3)."""

from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from accounts.enums import DeskKind, Role
from accounts.models import Company, CustomerLink, Desk, Membership, User
from accounts.services.companies import unique_slug
from accounts.services.desks import show_company
from accounts.services.invitations import create_first_user
from accounts.services.merging import hold_customer
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leads.enums import EventKind, HolderDesk, Outcome, RequestState, Status
from leads.models import Conversion, ConversionRequest, Lead
from leads.rules.access import desk_sees
from leads.rules.workflow import Action
from leads.services.history import record
from leads.services.sellers import name_customer
from leads.services.writing import lock_lead, write_lead


@dataclass(frozen=True)
class Wish:
    """What the Convert dialog holds. `company_id` names an existing customer company to use instead of a new one."""

    company_name: str
    email: str
    first_name: str = ""
    last_name: str = ""
    company_id: int | None = None


@transaction.atomic
def convert_lead(lead: Lead, *, wish: Wish, actor: Actor) -> Conversion:
    """Convert to a customer: company, first user, link to the reseller, in one transaction.

    A repeat by the same person answers with the conversion that is there. A pending request is approved.
    Raises Invalid on fields `company_name`, `email`, `company_id`; Conflict when somebody else was faster.
    """
    if known := _own_conversion(lead, actor):
        return known
    fresh = lock_lead(lead, actor=actor, action=Action.CONVERT).lead
    _decide_pending(fresh, RequestState.APPROVED, actor=actor)
    return _convert(fresh, wish, actor=actor)


def _own_conversion(lead: Lead, actor: Actor) -> Conversion | None:
    if not isinstance(actor, Person):
        return None
    visible = Lead.objects.visible_to(actor).filter(pk=lead.pk)
    return Conversion.objects.filter(lead__in=visible, converted_by=actor.user_id).first()


def _convert(lead: Lead, wish: Wish, *, actor: Actor) -> Conversion:
    """Convert a locked lead that may be converted."""
    company, user = _existing_customer(lead, wish)
    is_new = company is None
    if company is None:
        company, user = _new_customer(lead, wish, actor=actor)
    else:
        company = hold_customer(company)
    assert user is not None  # noqa: S101  (both or neither)
    reseller = _reseller_of(lead, actor)
    if reseller is not None:
        CustomerLink.objects.get_or_create(
            customer=company, reseller=reseller, defaults={"linked_by_id": _user_id(actor)}
        )
    conversion = Conversion.objects.create(
        lead=lead,
        company=company,
        user=user,
        reseller=reseller,
        is_new_company=is_new,
        converted_by_id=_user_id(actor),
        converted_at=clock.now(),
    )
    data = {
        "from": Status(lead.status).slug,
        "to": Status.CONVERTED.slug,
        "company": company.pk,
        "user": user.pk,
        "reseller": reseller.pk if reseller else None,
    }
    record(lead, EventKind.CONVERTED, actor=actor, data=data)
    write_lead(lead, status=Status.CONVERTED, outcome=Outcome.OPEN)
    _show_customer(lead, company, reseller)
    name_customer(lead, company)
    return conversion


def _existing_customer(lead: Lead, wish: Wish) -> tuple[Company | None, User | None]:
    """Return the company and user that conversion must use instead of new ones, or (None, None).

    An associated company is used as it is. Else an account with this e-mail decides: its customer companies
    are the choice; none, or staff, is refused with a sentence.
    """
    if lead.associated_company and lead.associated_user:
        return lead.associated_company, lead.associated_user
    user = User.objects.filter(email=wish.email.lower()).first()
    if user is None:
        return None, None
    if user.is_staff:
        raise Invalid(
            {
                "email": _("%(email)s belongs to the portal's staff. Use another address.")
                % {"email": wish.email}
            }
        )
    companies = {m.company_id: m.company for m in _customer_memberships(user)}
    if not companies:
        raise Invalid(
            {
                "email": _(
                    "%(email)s has an account that belongs to no customer company. Use another address."
                )
                % {"email": wish.email}
            }
        )
    if wish.company_id not in companies:
        names = ", ".join(company.name for company in companies.values())
        raise Invalid(
            {
                "company_id": _(
                    "%(email)s already belongs to %(names)s. Link this lead to that company instead."
                )
                % {"email": wish.email, "names": names}
            }
        )
    return companies[wish.company_id], user


def _customer_memberships(user: User) -> list[Membership]:
    memberships = Membership.objects.active().filter(user=user).select_related("company")
    return [membership for membership in memberships if membership.company.is_customer]


def customer_companies(user: User) -> list[Company]:
    """Return the customer companies that `user` belongs to."""
    return [membership.company for membership in _customer_memberships(user)]


def _new_customer(lead: Lead, wish: Wish, *, actor: Actor) -> tuple[Company, User]:
    """Create a company without access rights, and its first user as Company Admin and Billing Admin."""
    _check_complete(wish)
    address = {
        field: getattr(lead, field) for field in ("street", "postcode", "city", "region", "country")
    }
    company = Company.objects.create(
        name=wish.company_name,
        slug=unique_slug(wish.company_name),
        size=lead.size,
        industry=lead.industry,
        registered_by=lead.host,
        created_at=clock.now(),
        **address,
    )
    user = create_first_user(
        company,
        email=wish.email,
        first_name=wish.first_name,
        last_name=wish.last_name,
        roles=(Role.COMPANY_ADMIN, Role.BILLING_ADMIN),
        actor=actor,
    )
    # Two leads of one person, converted at the same moment: the e-mail's unique key made us wait for the
    # other one, whose company this person now belongs to.
    if Membership.objects.filter(user=user).exclude(company=company).exists():
        raise Conflict(
            _(
                "%(email)s was just made a customer from another lead. Open this lead again and choose that company."
            )
            % {"email": wish.email}
        )
    return company, user


def _check_complete(wish: Wish) -> None:
    """Refuse a wish without company name or e-mail: both are asked in the dialog."""
    missing = {}
    if not wish.company_name:
        missing["company_name"] = _("Enter a company name")
    if not wish.email:
        missing["email"] = _("Enter an email address in the format name@example.com")
    if missing:
        raise Invalid(missing)


def _reseller_of(lead: Lead, actor: Actor) -> Company | None:
    """Return who sells to the customer: the reseller that held the lead, else the converting person's."""
    if lead.holder_desk == HolderDesk.COMPANY and lead.holder.is_reseller:
        return lead.holder
    if isinstance(actor, Person) and actor.has(Role.RESELLER):
        return Company.objects.filter(pk=actor.company_id, is_reseller=True).first()
    return None


def _show_customer(lead: Lead, company: Company, reseller: Company | None) -> None:
    """Let the desks that manage the lead see the customer; having made the lead is not enough."""
    parties = replace(lead.parties, maker_id=None, maker_in_programme=reseller is not None)
    sellers = {reseller.pk} if reseller else set()
    desks = [
        desk
        for desk in Desk.objects.filter(company_id__in=parties.companies | sellers)
        if desk_sees(parties, desk.company_id, DeskKind(desk.kinds)) or desk.company_id in sellers
    ]
    show_company(company, desks)


def _user_id(actor: Actor) -> int | None:
    return actor.user_id if isinstance(actor, Person) else None


# --- With approval (reseller right 2) ---------------------------------------------------------------


@transaction.atomic
def request_conversion(lead: Lead, *, wish: Wish, actor: Person) -> ConversionRequest:
    """Ask the reseller manager to approve the conversion; what the dialog held is kept for that moment."""
    fresh = lock_lead(lead, actor=actor, action=Action.REQUEST).lead
    if fresh.associated_company_id is None:
        company, _user = _existing_customer(fresh, wish)
        if company is None:
            _check_complete(wish)
    request = ConversionRequest.objects.create(
        lead=fresh,
        company_id=actor.company_id,
        requested_by_id=actor.user_id,
        requested_at=clock.now(),
        values=asdict(wish),
    )
    record(fresh, EventKind.APPROVAL_REQUESTED, actor=actor, data={"request": request.pk})
    write_lead(fresh)
    return request


@transaction.atomic
def withdraw_request(lead: Lead, *, actor: Person) -> Lead:
    """Take the own company's pending request back."""
    fresh = lock_lead(lead, actor=actor, action=Action.WITHDRAW).lead
    _decide_pending(fresh, RequestState.CANCELLED, actor=actor)
    write_lead(fresh)
    return fresh


@transaction.atomic
def approve_conversion(lead: Lead, *, comment: str = "", actor: Actor) -> Conversion:
    """Approve a pending request: the lead is converted as the requester asked."""
    fresh = lock_lead(lead, actor=actor, action=Action.APPROVE).lead
    request = _decide_pending(fresh, RequestState.APPROVED, comment=comment, actor=actor)
    assert request is not None  # noqa: S101  (the table asks for a pending request)
    return _convert(fresh, Wish(**request.values), actor=actor)


@transaction.atomic
def deny_conversion(lead: Lead, *, comment: str = "", actor: Actor) -> Lead:
    """Deny a pending request; the lead stays as it is."""
    fresh = lock_lead(lead, actor=actor, action=Action.DENY).lead
    _decide_pending(fresh, RequestState.DENIED, comment=comment, actor=actor)
    write_lead(fresh)
    return fresh


_DECISIONS = {
    RequestState.APPROVED: EventKind.APPROVAL_APPROVED,
    RequestState.DENIED: EventKind.APPROVAL_DENIED,
    RequestState.CANCELLED: EventKind.APPROVAL_WITHDRAWN,
}


def _decide_pending(
    lead: Lead, state: RequestState, *, actor: Actor, comment: str = ""
) -> ConversionRequest | None:
    """Decide the pending request of a locked lead, if there is one, and record it."""
    request = ConversionRequest.objects.filter(lead=lead, state=RequestState.PENDING).first()
    if request is None:
        return None
    request.state, request.comment = state, comment
    request.decided_by_id, request.decided_at = _user_id(actor), clock.now()
    request.save(update_fields=["state", "comment", "decided_by", "decided_at"])
    values = {"comment": ("", comment)} if comment else None
    record(lead, _DECISIONS[state], actor=actor, data={"request": request.pk}, values=values)
    return request
