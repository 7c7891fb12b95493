"""Who holds a lead and how far it is: the moves between statuses (domain.md section 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person, System
from accounts.models import Company
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leads.enums import EventKind, HolderDesk, Qualification, Relation, Status
from leads.models import Cause, DisqualifyReason, Lead
from leads.rules.offers import OfferState
from leads.rules.workflow import Action
from leads.services.acts import (
    Act,
    Change,
    apply_changes,
    cancel_requests,
    carry_out_one,
    with_end_of_request,
)
from leads.services.history import Line, record
from leads.services.offers import end_offer, mark_unclaimed
from leads.services.placing import moved, placed
from leads.services.routing import route_again, route_leads
from leads.services.writing import Held, held_leads, lock_lead, lock_rows, write_lead

# Why a lead is offered to the next candidate.
_CAUSES = {OfferState.DECLINED: Cause.DECLINED, OfferState.EXPIRED: Cause.EXPIRED}


def _person(actor: Actor) -> int | None:
    return actor.user_id if isinstance(actor, Person) else None


@transaction.atomic
def submit_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Submit to partner managers: the host holds the lead, unless its assignment rules give it on at once.

    A vendor keeps the vendor's moves.
    """
    held = lock_lead(lead, actor=actor, action=Action.SUBMIT)
    fresh = _back_to_host(held, EventKind.SUBMITTED, actor=actor)
    route_leads([fresh])
    return fresh


def _back_to_host(
    held: Held,
    kind: EventKind,
    *,
    actor: Actor,
    withdrawn: tuple[int, ...] = (),
    reason: str = "",
    codes: Mapping[str, Any] | None = None,
) -> Lead:
    fresh = held.lead
    data = {
        **moved(fresh, Status.SUBMITTED),
        "from_holder": fresh.holder_id,
        "from_desk": fresh.holder_desk,
        "from_in_charge": fresh.in_charge_id,
        **(codes or {}),
    }
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


def assign_lead(lead: Lead, *, to: Company | None, actor: Actor, message: str = "") -> Lead:
    """Assign to a company, or with `to` None to the host's sales desk; see `Assignment`."""
    return carry_out_one(Assignment(to, message), lead, actor=actor)


@dataclass(frozen=True)
class Assignment(Act):
    """Assign to a company, or with `to` None to the host's sales desk (AppDirect, *Assign a Lead*).

    A company must be an active reseller of the host, or for the operator the product's vendor; the present
    holder is refused. Raises Invalid on field `company`. A pending conversion request is cancelled.
    """

    to: Company | None
    message: str = ""
    is_quiet: bool = False

    action = Action.ASSIGN

    def look(self, held: Sequence[Held], actor: Actor) -> dict[int, Company]:
        """Read the hosts: they hold what their sales desks get, and a refusal names them."""
        hosts = {one.lead.host_id for one in held}
        is_plain = self.to is not None and self.to.is_reseller and hosts == {self.to.host_id}
        return {} if is_plain else Company.objects.in_bulk(hosts)

    def decide(self, held: Held, seen: dict[int, Company], actor: Actor) -> Change:
        """See the class."""
        lead = held.lead
        if lead.host_id in seen:
            lead.host = seen[lead.host_id]
        if self.to is not None:
            may_pick_vendor = isinstance(actor, System) or Relation.OPERATOR in held.facts.relations
            _check_target(lead, self.to, may_pick_vendor=may_pick_vendor)
        elif lead.holder_desk == HolderDesk.SALES:
            raise Invalid(
                {"target": _("The sales support representatives hold this lead already.")}
            )
        change = placed(lead, self.to, self.message, is_quiet=self.is_quiet)
        return with_end_of_request(held, change)


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


def put_all_at_sales(leads: Sequence[Lead], *, actor: Person) -> None:
    """Record and write that the sales desk has locked `leads` and has accepted them: those it made itself."""
    apply_changes([placed(lead, None, "", is_quiet=True) for lead in leads], actor=actor)
    apply_changes([_referred(lead, actor, is_quiet=True) for lead in leads], actor=actor)


def put_referred(lead: Lead, *, actor: Actor) -> None:
    """Record and write the acceptance of a locked `lead`."""
    apply_changes([_referred(lead, actor)], actor=actor)


def _referred(lead: Lead, actor: Actor, *, is_quiet: bool = False) -> Change:
    line = Line(EventKind.ACCEPTED, moved(lead, Status.REFERRED), is_quiet=is_quiet)
    columns = {
        "status": Status.REFERRED,
        "in_charge_id": lead.in_charge_id or _person(actor),
        "sql_at": lead.sql_at or clock.now(),
    }
    if (
        lead.next_step and not lead.next_step_by_id
    ):  # the threshold set it for whoever takes the lead
        columns["next_step_by_id"] = columns["in_charge_id"]
    return Change(lead, (line,), columns)


@transaction.atomic
def decline_lead(lead: Lead, *, reason: str, actor: Actor) -> Lead:
    """Decline an assigned lead: back to the host, access ends; a vendor of the product keeps *vendor*.

    The host's assignment rules may give it to somebody else at once. Only operator and channel read `reason`,
    and the company that gave it.
    """
    held = lock_lead(lead, actor=actor, action=Action.DECLINE)
    return _give_back(held, EventKind.DECLINED, OfferState.DECLINED, actor=actor, reason=reason)


@transaction.atomic
def expire_lead(lead: Lead, *, clock_name: OfferState, actor: System) -> Lead:
    """Take a lead from who did not accept it, or reached nothing, in time: a decline by the system.

    `clock_name` says which of the two clocks has run out. Raises Conflict when the lead is past both by now.
    """
    held = held_leads(lock_rows([lead.pk], actor=actor), actor=actor)[0]
    if held.lead.status not in {Status.ASSIGNED, Status.REFERRED}:
        raise Conflict(_("This lead waits for nobody any more."))
    codes = {"clock": clock_name}
    return _give_back(held, EventKind.EXPIRED, OfferState.EXPIRED, actor=actor, codes=codes)


def _give_back(
    held: Held,
    kind: EventKind,
    state: OfferState,
    *,
    actor: Actor,
    reason: str = "",
    codes: Mapping[str, Any] | None = None,
) -> Lead:
    """Give a lead back to the host: who had it keeps no trace. Where nobody else is asked it needs attention."""
    cancel_requests(held.lead, actor=actor)
    offer = end_offer(held.lead, state)
    withdrawn = (held.lead.holder_id,)
    fresh = _back_to_host(held, kind, actor=actor, withdrawn=withdrawn, reason=reason, codes=codes)
    if offer is not None:
        mark_unclaimed(offer)
    route_again(fresh, cause=_CAUSES[state])
    return fresh


def disqualify_lead(lead: Lead, *, reason: DisqualifyReason, text: str = "", actor: Actor) -> Lead:
    """Disqualify with a reason of the host; see `Disqualification`."""
    return carry_out_one(Disqualification(reason, text), lead, actor=actor)


@dataclass(frozen=True)
class Disqualification(Act):
    """Disqualify with a reason of the host; one that needs an explanation is refused without `text`.

    Raises Invalid on field `text` or `reason`. A pending conversion request is cancelled.
    """

    reason: DisqualifyReason
    text: str = ""

    action = Action.DISQUALIFY

    def decide(self, held: Held, seen: None, actor: Actor) -> Change:
        """See the class."""
        if self.reason.host_id != held.lead.host_id:
            raise Invalid({"reason": _("Choose a reason for disqualifying this lead")})
        if self.reason.needs_text and not self.text:
            raise Invalid({"text": _("Enter an explanation for this reason")})
        change = closed(held.lead, EventKind.DISQUALIFIED, reason=self.reason, text=self.text)
        return with_end_of_request(held, change)


def closed(lead: Lead, kind: EventKind, *, reason: DisqualifyReason | None, text: str) -> Change:
    """Return the end of a locked `lead`."""
    data = {**moved(lead, Status.DISQUALIFIED), "reason_id": reason.pk if reason else None}
    columns: dict[str, Any] = {
        "status": Status.DISQUALIFIED,
        "closed_reason": reason,
        "closed_text": text,
    }
    if kind == EventKind.MARKED_INVALID:
        columns["qualification"] = Qualification.INVALID
    return Change(lead, (Line(kind, data, {"text": ("", text)} if text else {}),), columns)


@transaction.atomic
def delete_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Delete softly; operator and channel can restore it for 30 days. Cancels a pending conversion request."""
    held = lock_lead(lead, actor=actor, action=Action.DELETE)
    fresh = held.lead
    cancel_requests(fresh, actor=actor)
    record(fresh, EventKind.DELETED, actor=actor, data=moved(fresh, Status.DELETED))
    write_lead(fresh, status=Status.DELETED, status_before_delete=fresh.status)
    return fresh


@transaction.atomic
def restore_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Give a deleted lead back the status that it had."""
    held = lock_lead(lead, actor=actor, action=Action.RESTORE)
    fresh = held.lead
    before = Status(fresh.status_before_delete or Status.SUBMITTED)
    record(fresh, EventKind.RESTORED, actor=actor, data=moved(fresh, before))
    write_lead(fresh, status=before, status_before_delete=None)
    return fresh
