"""Deals: begun from a lead, moved through the stages of a pipeline, won or lost (domain.md section 3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor, Person
from accounts.models import User
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leads.enums import EventKind, Outcome, Status
from leads.models import Deal, Lead, Stage
from leads.rules.money import rounded
from leads.rules.selling import Needed, missing_for
from leads.rules.workflow import Action
from leads.selectors.choices import people_to_give_to
from leads.selectors.deals import given_by
from leads.services.history import record
from leads.services.selling import lock_sale, store_new, write_sale
from leads.services.writing import lock_lead, write_lead

PREFIX = "DL"


@dataclass(frozen=True)
class DealValues:
    """What the form of a deal holds."""

    subject: str
    stage: Stage
    currency: str
    value: Decimal | None = None
    close_on: date | None = None
    owner: User | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The columns to write."""
        return {
            "subject": self.subject,
            "currency": self.currency,
            "value": None if self.value is None else rounded(self.value, self.currency),
            "close_on": self.close_on,
            "owner": self.owner,
        }


@transaction.atomic
def create_deal(lead: Lead, values: DealValues, *, actor: Actor) -> Deal:
    """Begin a deal for a referred or converted lead. The lead's history says so.

    Raises NotFound, Forbidden or Conflict as the table of moves says; Invalid on the field that is wrong: a stage
    of another host or of a pipeline out of use, what the stage asks for, somebody who does not work there.
    """
    fresh = lock_lead(lead, actor=actor, action=Action.DEAL).lead
    _check_stage(values.stage, fresh, None)
    _check_owner(values.owner, fresh)
    _check_needs(values.stage, {**values.columns, Needed.QUOTE: False})
    deal = Deal(stage=values.stage, stage_since=clock.now(), **values.columns)
    store_new(deal, PREFIX, lead=fresh, actor=actor)
    record(fresh, EventKind.DEAL_CREATED, actor=actor, data={"deal": deal.reference})
    write_lead(fresh)
    return deal


@transaction.atomic
def edit_deal(deal: Deal, values: DealValues, *, seen: int | None = None, actor: Actor) -> Deal:
    """Change an open deal, its stage included. Raises as `create_deal`, and Conflict when it is over."""
    fresh = _open(deal, actor=actor, seen=seen)
    _check_owner(values.owner, _lead(fresh))
    _enter(fresh, values.stage, values.columns, actor=actor)
    return fresh


@transaction.atomic
def move_deal(deal: Deal, *, stage: Stage, actor: Actor, **given: Any) -> Deal:
    """Move an open deal to another stage, with what the stage asks for. Raises as `edit_deal`."""
    fresh = _open(deal, actor=actor)
    if "owner" in given:
        _check_owner(given["owner"], _lead(fresh))
    if given.get("value") is not None:
        given["value"] = rounded(given["value"], fresh.currency)
    _enter(fresh, stage, given, actor=actor)
    return fresh


@transaction.atomic
def win_deal(deal: Deal, *, actor: Actor) -> Deal:
    """Mark a deal as won; the lead is won, too. Raises Conflict when it is over, or its lead is no customer yet."""
    fresh = _open(deal, actor=actor)
    lead = _lead(fresh)
    if lead.status != Status.CONVERTED:
        raise Conflict(_("Convert the lead to a customer first. Then the deal can be won."))
    _close(fresh, Outcome.WON, actor=actor)
    _set_outcome(lead, Outcome.WON, actor=actor)
    return fresh


@transaction.atomic
def lose_deal(deal: Deal, *, reason: str, actor: Actor) -> Deal:
    """Mark a deal as lost, and say why. The lead may have other deals: its outcome stays."""
    fresh = _open(deal, actor=actor)
    _close(fresh, Outcome.LOST, actor=actor, lost_reason=reason)
    return fresh


@transaction.atomic
def reopen_deal(deal: Deal, *, actor: Actor) -> Deal:
    """Work on a deal again; its lead is open again when no other deal of it was won. Conflict for an open one."""
    fresh = lock_sale(deal, actor=actor)
    if fresh.is_open:
        raise Conflict(_("This deal is open already."))
    was_won = fresh.outcome == Outcome.WON
    write_sale(fresh, outcome=Outcome.OPEN, closed_at=None, closed_by=None, lost_reason="")
    lead = _lead(fresh)
    still_won = Deal.objects.filter(lead=lead, outcome=Outcome.WON).exists()
    if was_won and not still_won and lead.outcome == Outcome.WON:
        _set_outcome(lead, Outcome.OPEN, actor=actor)
    return fresh


def _open(deal: Deal, *, actor: Actor, seen: int | None = None) -> Deal:
    fresh = lock_sale(deal, actor=actor, seen=seen)
    if not fresh.is_open:
        outcome = Outcome(fresh.outcome).label.lower()
        raise Conflict(_("This deal is %(outcome)s. Reopen it first.") % {"outcome": outcome})
    return fresh


def _lead(deal: Deal) -> Lead:
    """Return the lead of a deal: it has one for ever."""
    assert deal.lead is not None  # noqa: S101
    return deal.lead


def _enter(deal: Deal, stage: Stage, columns: dict[str, Any], *, actor: Actor) -> None:
    """Write columns, and the stage when it is another one."""
    lead = _lead(deal)
    _check_stage(stage, lead, deal)
    if stage.pk == deal.stage_id:
        write_sale(deal, **columns)
        return
    _check_needs(stage, {**given_by(deal), **columns})
    data = {"deal": deal.reference, "from_stage": deal.stage_id, "to_stage": stage.pk}
    write_sale(deal, stage=stage, stage_since=clock.now(), **columns)
    record(lead, EventKind.DEAL_MOVED, actor=actor, data=data)
    write_lead(lead)


def _close(deal: Deal, outcome: Outcome, *, actor: Actor, **more: Any) -> None:
    who = actor.user_id if isinstance(actor, Person) else None
    write_sale(deal, outcome=outcome, closed_at=clock.now(), closed_by_id=who, **more)


def _set_outcome(lead: Lead, outcome: Outcome, *, actor: Actor) -> None:
    if lead.outcome != outcome:
        data = {"from": Outcome(lead.outcome).slug, "to": outcome.slug}
        record(lead, EventKind.OUTCOME_CHANGED, actor=actor, data=data)
        write_lead(lead, outcome=outcome)


def _check_stage(stage: Stage, lead: Lead, deal: Deal | None) -> None:
    """Refuse a stage of another host, and one of a pipeline out of use that the deal is not in."""
    pipeline = stage.pipeline
    is_in_it = deal is not None and deal.stage.pipeline_id == pipeline.pk
    if pipeline.host_id != lead.host_id or not (pipeline.is_active or is_in_it):
        raise Invalid({"stage": _("Choose a stage")})


def _check_owner(owner: User | None, lead: Lead) -> None:
    if owner is not None and not people_to_give_to(lead).filter(pk=owner.pk).exists():
        sentence = _("Choose a person of %(company)s.") % {"company": lead.holder.name}
        raise Invalid({"owner": sentence})


def _check_needs(stage: Stage, given: dict[str, Any]) -> None:
    """Refuse when the deal lacks something that the stage asks for."""
    sentences = {
        Needed.VALUE: _("Enter a value: %(stage)s needs it."),
        Needed.CLOSE_ON: _("Enter an expected close date: %(stage)s needs it."),
        Needed.OWNER: _("Choose a person in charge: %(stage)s needs one."),
        Needed.QUOTE: _("Write a quote for this deal first: %(stage)s needs one."),
    }
    missing = missing_for(stage.needs, given)
    if missing:
        raise Invalid({need.value: sentences[need] % {"stage": stage.name} for need in missing})
