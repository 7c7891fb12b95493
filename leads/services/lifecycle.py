"""Who holds a lead and how far it is: the moves between statuses (domain.md section 2)."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person, System
from accounts.models import Company
from leadportal.common import clock
from leadportal.common.errors import Invalid
from leads.enums import EventKind, HolderDesk, Qualification, Relation, RequestState, Status
from leads.models import ConversionRequest, DisqualifyReason, Lead
from leads.rules.workflow import Action
from leads.services.history import record
from leads.services.writing import Held, lock_lead, write_lead


def _moved(lead: Lead, to: Status) -> dict[str, str]:
    """Return the codes of a status change from the present status of `lead`."""
    return {"from": Status(lead.status).slug, "to": to.slug}


def _person(actor: Actor) -> int | None:
    return actor.user_id if isinstance(actor, Person) else None


def cancel_requests(lead: Lead, *, actor: Actor) -> None:
    """Cancel a pending conversion request of a locked `lead`: another move has overtaken it."""
    cancelled = ConversionRequest.objects.filter(lead=lead, state=RequestState.PENDING).update(
        state=RequestState.CANCELLED, decided_by=_person(actor), decided_at=clock.now()
    )
    if cancelled:
        record(lead, EventKind.APPROVAL_WITHDRAWN, actor=actor)


@transaction.atomic
def submit_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Submit to partner managers: the host holds the lead; a vendor keeps the vendor's moves."""
    held = lock_lead(lead, actor=actor, action=Action.SUBMIT)
    return _back_to_host(held, EventKind.SUBMITTED, actor=actor)


def _back_to_host(
    held: Held, kind: EventKind, *, actor: Actor, withdrawn: tuple[int, ...] = (), reason: str = ""
) -> Lead:
    fresh = held.lead
    data = {**_moved(fresh, Status.SUBMITTED), "from_holder": fresh.holder_id}
    values = {"reason": ("", reason)} if reason else None
    record(fresh, kind, actor=actor, data=data, values=values)
    write_lead(
        fresh,
        withdrawn=withdrawn,
        status=Status.SUBMITTED,
        holder=fresh.host,
        holder_desk=HolderDesk.HOST,
        in_charge=None,
    )
    return fresh


@transaction.atomic
def assign_lead(lead: Lead, *, to: Company | None, actor: Actor, message: str = "") -> Lead:
    """Assign to a company, or with `to` None to the host's sales desk (AppDirect, *Assign a Lead*).

    A company must be an active reseller of the host, or for the operator the product's vendor; the present
    holder is refused. Raises Invalid on field `company`. A pending conversion request is cancelled.
    """
    held = lock_lead(lead, actor=actor, action=Action.ASSIGN)
    fresh = held.lead
    if to is not None:
        may_pick_vendor = isinstance(actor, System) or Relation.OPERATOR in held.facts.relations
        _check_target(fresh, to, may_pick_vendor=may_pick_vendor)
    elif fresh.holder_desk == HolderDesk.SALES:
        raise Invalid({"target": _("The sales support representatives hold this lead already.")})
    cancel_requests(fresh, actor=actor)
    put_at(fresh, to, actor=actor, message=message)
    return fresh


def put_at(lead: Lead, to: Company | None, *, actor: Actor, message: str = "") -> None:
    """Record and write the assignment of a locked `lead` to a company, or to the sales desk."""
    holder = to or lead.host
    desk = HolderDesk.COMPANY if to else HolderDesk.SALES
    data = {
        **_moved(lead, Status.ASSIGNED),
        "from_holder": lead.holder_id,
        "from_desk": lead.holder_desk,
        "from_in_charge": lead.in_charge_id,
        "to_holder": holder.pk,
        "to_desk": int(desk),
    }
    values = {"message": ("", message)} if message else None
    record(lead, EventKind.ASSIGNED, actor=actor, data=data, values=values)
    write_lead(lead, status=Status.ASSIGNED, holder=holder, holder_desk=desk, in_charge=None)


def _check_target(lead: Lead, to: Company, *, may_pick_vendor: bool) -> None:
    """Refuse a company that cannot hold the lead, with a sentence for the field."""
    is_reseller = to.is_reseller and to.host_id == lead.host_id
    is_vendor = lead.product is not None and lead.product.vendor_id == to.pk
    if not (is_reseller or (is_vendor and may_pick_vendor)):
        raise Invalid(
            {"company": _("Choose a reseller company of %(host)s.") % {"host": lead.host.name}}
        )
    if not to.is_active:
        raise Invalid(
            {
                "company": _("%(company)s is not active. Choose another company.")
                % {"company": to.name}
            }
        )
    if lead.holder_id == to.pk and lead.holder_desk == HolderDesk.COMPANY:
        raise Invalid(
            {
                "company": _("%(company)s holds this lead already. Choose another company.")
                % {"company": to.name}
            }
        )


@transaction.atomic
def accept_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Accept an assigned lead: referred, the actor in charge if nobody is, sales qualified (SQL)."""
    held = lock_lead(lead, actor=actor, action=Action.ACCEPT)
    put_referred(held.lead, actor=actor)
    return held.lead


def put_referred(lead: Lead, *, actor: Actor) -> None:
    """Record and write the acceptance of a locked `lead`."""
    record(lead, EventKind.ACCEPTED, actor=actor, data=_moved(lead, Status.REFERRED))
    in_charge = lead.in_charge_id or _person(actor)
    write_lead(
        lead, status=Status.REFERRED, in_charge_id=in_charge, sql_at=lead.sql_at or clock.now()
    )


@transaction.atomic
def decline_lead(lead: Lead, *, reason: str, actor: Actor) -> Lead:
    """Decline an assigned lead: back to the host, access ends; a vendor of the product keeps *vendor*.

    Only operator and channel read `reason`, and the company that gave it.
    """
    held = lock_lead(lead, actor=actor, action=Action.DECLINE)
    cancel_requests(held.lead, actor=actor)
    return _back_to_host(
        held, EventKind.DECLINED, actor=actor, withdrawn=(held.lead.holder_id,), reason=reason
    )


@transaction.atomic
def disqualify_lead(lead: Lead, *, reason: DisqualifyReason, text: str = "", actor: Actor) -> Lead:
    """Disqualify with a reason of the host; one that needs an explanation is refused without `text`.

    Raises Invalid on field `text` or `reason`. A pending conversion request is cancelled.
    """
    held = lock_lead(lead, actor=actor, action=Action.DISQUALIFY)
    if reason.host_id != held.lead.host_id:
        raise Invalid({"reason": _("Choose a reason for disqualifying this lead")})
    if reason.needs_text and not text:
        raise Invalid({"text": _("Enter an explanation for this reason")})
    cancel_requests(held.lead, actor=actor)
    close_disqualified(held.lead, EventKind.DISQUALIFIED, reason=reason, text=text, actor=actor)
    return held.lead


def close_disqualified(
    lead: Lead, kind: EventKind, *, reason: DisqualifyReason | None, text: str, actor: Actor
) -> None:
    """Record and write the end of a locked `lead`."""
    data = {**_moved(lead, Status.DISQUALIFIED), "reason_id": reason.pk if reason else None}
    record(lead, kind, actor=actor, data=data, values={"text": ("", text)} if text else None)
    changes: dict[str, Any] = (
        {"qualification": Qualification.INVALID} if kind == EventKind.MARKED_INVALID else {}
    )
    write_lead(lead, status=Status.DISQUALIFIED, closed_reason=reason, closed_text=text, **changes)


@transaction.atomic
def delete_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Delete softly; operator and channel can restore it for 30 days. Cancels a pending conversion request."""
    held = lock_lead(lead, actor=actor, action=Action.DELETE)
    fresh = held.lead
    cancel_requests(fresh, actor=actor)
    record(fresh, EventKind.DELETED, actor=actor, data=_moved(fresh, Status.DELETED))
    write_lead(fresh, status=Status.DELETED, status_before_delete=fresh.status)
    return fresh


@transaction.atomic
def restore_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Give a deleted lead back the status that it had."""
    held = lock_lead(lead, actor=actor, action=Action.RESTORE)
    fresh = held.lead
    before = Status(fresh.status_before_delete or Status.SUBMITTED)
    record(fresh, EventKind.RESTORED, actor=actor, data=_moved(fresh, before))
    write_lead(fresh, status=before, status_before_delete=None)
    return fresh
