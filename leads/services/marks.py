"""What people mark on a lead beside its status: verdict, progress, outcome, who is in charge, next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from accounts.models import Membership, User
from leadportal.common import clock
from leadportal.common.errors import Invalid
from leads.enums import EventKind, Outcome, Progress, Qualification
from leads.models import Lead
from leads.rules.workflow import Action
from leads.selectors.choices import open_leads_of
from leads.services.acts import Act, Change, apply_changes, carry_out_one
from leads.services.clashes import own_changes
from leads.services.history import Line, record
from leads.services.lifecycle import closed
from leads.services.writing import PARTS, Held, lock_lead, write_lead

Seen = Mapping[str, object]


@transaction.atomic
def qualify_lead(lead: Lead, *, actor: Actor) -> Lead:
    """Record the vendor's verdict that a pending lead is a real opportunity (CloudBlue, *Qualified*)."""
    fresh = lock_lead(lead, actor=actor, action=Action.QUALIFY).lead
    record(fresh, EventKind.QUALIFIED, actor=actor, data={"from": "pending", "to": "qualified"})
    write_lead(fresh, qualification=Qualification.QUALIFIED)
    return fresh


@transaction.atomic
def mark_invalid(lead: Lead, *, actor: Actor) -> Lead:
    """Record the vendor's verdict that a pending lead is no opportunity (CloudBlue, *Invalid*): disqualified."""
    fresh = lock_lead(lead, actor=actor, action=Action.INVALID).lead
    change = closed(fresh, EventKind.MARKED_INVALID, reason=None, text=_("Invalid"))
    apply_changes([change], actor=actor)
    return fresh


@transaction.atomic
def mark_sales_qualified(lead: Lead, *, actor: Actor) -> Lead:
    """Mark a referred lead as sales qualified (SQL)."""
    fresh = lock_lead(lead, actor=actor, action=Action.SALES_QUALIFIED).lead
    record(fresh, EventKind.SALES_QUALIFIED, actor=actor)
    write_lead(fresh, sql_at=clock.now())
    return fresh


def set_progress(lead: Lead, *, progress: Progress, seen: Seen | None = None, actor: Actor) -> Lead:
    """Set what the seller reached, in any order (Oracle); the same value again writes nothing.

    `seen` is what a form showed; raises Clash when somebody else has changed it since.
    """
    return carry_out_one(ProgressMark(progress, seen), lead, actor=actor)


@dataclass(frozen=True)
class ProgressMark(Act):
    """Set what the seller reached; `shown` is what the form of a single lead showed."""

    progress: Progress
    shown: Seen | None = None

    action = Action.PROGRESS

    def decide(self, held: Held, seen: None, actor: Actor) -> Change | None:
        """See `set_progress`."""
        if not _is_meant(held.lead, "progress", self.progress, self.shown, actor):
            return None
        present = Progress(held.lead.progress)
        if present == self.progress:
            return None
        line = Line(EventKind.PROGRESS_CHANGED, {"from": present.slug, "to": self.progress.slug})
        return Change(held.lead, (line,), {"progress": self.progress})


def _is_meant(lead: Lead, name: str, value: int, shown: Seen | None, actor: Actor) -> bool:
    """Say whether a form that showed `shown` changes the field: left as it was, it does not. Raises Clash."""
    return shown is None or bool(own_changes(lead, {name: value}, shown, actor=actor))


@transaction.atomic
def set_outcome(lead: Lead, *, outcome: Outcome, seen: Seen | None = None, actor: Actor) -> Lead:
    """Mark a converted lead as won, lost or open (AppDirect); the same value again writes nothing.

    See `set_progress` for `seen`.
    """
    fresh = lock_lead(lead, actor=actor, action=Action.OUTCOME).lead
    if outcome == Outcome.NONE:
        raise Invalid({"outcome": _("Choose won, lost or open")})
    if fresh.outcome != outcome and _is_meant(fresh, "outcome", outcome, seen, actor):
        data = {"from": Outcome(fresh.outcome).slug, "to": outcome.slug}
        record(fresh, EventKind.OUTCOME_CHANGED, actor=actor, data=data)
        write_lead(fresh, outcome=outcome)
    return fresh


@transaction.atomic
def take_lead(lead: Lead, *, actor: Person) -> Lead:
    """Put the actor in charge."""
    fresh = lock_lead(lead, actor=actor, action=Action.TAKE).lead
    _put_in_charge(fresh, actor.user_id, actor=actor)
    return fresh


@transaction.atomic
def give_lead(lead: Lead, *, to: User, actor: Actor) -> Lead:
    """Put somebody of the holding company in charge. Raises Invalid on field `person`."""
    fresh = lock_lead(lead, actor=actor, action=Action.GIVE).lead
    if not Membership.objects.active().filter(user=to, company=fresh.holder_id).exists():
        raise Invalid(
            {"person": _("Choose a person of %(company)s.") % {"company": fresh.holder.name}}
        )
    _put_in_charge(fresh, to.pk, actor=actor)
    return fresh


def hand_over(
    membership: Membership, heir: Membership | None, actor: Actor, **_signal: Any
) -> None:
    """Put `heir` in charge of the open leads of somebody who leaves the company, or nobody (ux.md U3)."""
    leads = open_leads_of(membership).select_for_update(of=("self",))
    for lead in leads.select_related(*PARTS).order_by("pk"):
        _put_in_charge(lead, heir.user_id if heir else None, actor=actor)


def _put_in_charge(lead: Lead, user_id: int | None, *, actor: Actor) -> None:
    if lead.in_charge_id != user_id:
        data = {"from_in_charge": lead.in_charge_id, "to_in_charge": user_id}
        record(lead, EventKind.IN_CHARGE_CHANGED, actor=actor, data=data)
        write_lead(lead, in_charge_id=user_id)


@transaction.atomic
def set_next_step(
    lead: Lead, *, text: str, on: date | None, seen: Seen | None = None, actor: Person
) -> Lead:
    """Set what happens next and when; whoever may edit the lead sets it for themselves.

    `seen` is what a form showed; the field that only somebody else changed since stays, and the same
    field changed by both raises Clash.
    """
    fresh = lock_lead(lead, actor=actor, action=Action.EDIT).lead
    if seen is not None:
        stored: dict[str, Any] = {
            "next_step": fresh.next_step,
            "next_step_on": fresh.next_step_on,
            **own_changes(fresh, {"next_step": text, "next_step_on": on}, seen, actor=actor),
        }
        text = stored["next_step"]
        on = stored["next_step_on"] if text else None
    if (fresh.next_step, fresh.next_step_on) != (text, on):
        values = {"next_step": (fresh.next_step, text), "next_step_on": (fresh.next_step_on, on)}
        record(fresh, EventKind.NEXT_STEP_SET, actor=actor, values=values)
        write_lead(
            fresh, next_step=text, next_step_on=on, next_step_by_id=actor.user_id if text else None
        )
    return fresh
