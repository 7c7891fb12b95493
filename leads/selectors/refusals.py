"""Say why something cannot be done any more: what happened, by whom, when (ux.md 4.2, "stale action")."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadportal.common.errors import Conflict, Forbidden
from leads.enums import EventKind, Qualification, Status
from leads.models import Event, Lead
from leads.rules.masking import WAIT_FOR_ACCEPT
from leads.rules.policy import verdict
from leads.rules.workflow import Action, Verdict
from leads.selectors.detail import Sight

# What can no longer be done, as the second half of a sentence.
_CANNOT = {
    Action.SUBMIT: gettext_lazy("it can no longer be submitted"),
    Action.ASSIGN: gettext_lazy("it can no longer be assigned"),
    Action.TAKE: gettext_lazy("nobody can take charge of it"),
    Action.GIVE: gettext_lazy("nobody can be put in charge of it"),
    Action.ACCEPT: gettext_lazy("it cannot be accepted"),
    Action.DECLINE: gettext_lazy("it cannot be declined"),
    Action.CONVERT: gettext_lazy("it cannot be converted"),
    Action.REQUEST: gettext_lazy("its conversion cannot be requested"),
    Action.WITHDRAW: gettext_lazy("there is no conversion request to withdraw"),
    Action.APPROVE: gettext_lazy("there is no conversion request to approve"),
    Action.DENY: gettext_lazy("there is no conversion request to deny"),
    Action.DISQUALIFY: gettext_lazy("it cannot be disqualified"),
    Action.ASSOCIATE: gettext_lazy("it cannot be associated with a company"),
    Action.MANAGE: gettext_lazy("there is no customer company to manage"),
    Action.QUALIFY: gettext_lazy("it cannot be marked as qualified"),
    Action.INVALID: gettext_lazy("it cannot be marked as invalid"),
    Action.SALES_QUALIFIED: gettext_lazy("it cannot be marked as sales qualified"),
    Action.DELETE: gettext_lazy("it cannot be deleted"),
    Action.RESTORE: gettext_lazy("it cannot be restored"),
    Action.PROGRESS: gettext_lazy("its progress cannot be changed"),
    Action.OUTCOME: gettext_lazy("its outcome cannot be changed"),
    Action.EDIT: gettext_lazy("it can no longer be edited"),
    Action.PRODUCTS: gettext_lazy("no products can be added"),
    Action.REMOVE_PRODUCT: gettext_lazy("no products can be removed"),
    Action.NOTE: gettext_lazy("no notes can be added"),
    Action.DEAL: gettext_lazy("no deal can be created for it"),
    Action.LINK: gettext_lazy("no quote or order can be linked to it"),
    Action.UNLINK: gettext_lazy("no quote or order can be unlinked from it"),
}

_HAPPENED = {
    EventKind.SUBMITTED: gettext_lazy("submitted"),
    EventKind.ASSIGNED: gettext_lazy("assigned"),
    EventKind.ACCEPTED: gettext_lazy("accepted"),
    EventKind.DECLINED: gettext_lazy("declined"),
    EventKind.EXPIRED: gettext_lazy("taken back"),
    EventKind.CONVERTED: gettext_lazy("converted"),
    EventKind.DISQUALIFIED: gettext_lazy("disqualified"),
    EventKind.DELETED: gettext_lazy("deleted"),
    EventKind.RESTORED: gettext_lazy("restored"),
    EventKind.QUALIFIED: gettext_lazy("marked as qualified"),
    EventKind.MARKED_INVALID: gettext_lazy("marked as invalid"),
}


def check_move(sight: Sight, action: Action) -> None:
    """Raise Forbidden or Conflict with a sentence when the table of moves does not allow `action` now."""
    match verdict(action, sight.facts, sight.actor):
        case Verdict.ALLOWED:
            return
        case Verdict.NOT_NOW:
            raise Conflict(why_not_now(sight.lead, action, is_masked=sight.facts.is_masked))
    raise Forbidden(_("Your role does not allow this for this lead."))


def why_not_now(lead: Lead, action: Action, *, is_masked: bool = False) -> str:
    """Return the sentence for an action that is allowed to the actor, but not in the lead's present state.

    `is_masked`: the actor does not know yet whom the lead is about.
    """
    return why_none_now([lead], action, masked={lead.pk} if is_masked else ())[lead.pk]


def why_none_now(
    leads: Iterable[Lead], action: Action, *, masked: Collection[int] = ()
) -> dict[int, str]:
    """Return the sentence of `why_not_now` for each of `leads`, by lead: a query at most, however many there are.

    `masked` are those whose contact the actor does not know yet.
    """
    cannot = _CANNOT[action]
    known = {
        lead: _why_before_accept(lead, action)
        if lead.pk in masked
        else _why_by_itself(lead, action)
        for lead in leads
    }
    last = _last_lines([lead.pk for lead, sentence in known.items() if not sentence])
    return {
        lead.pk: sentence or _what_happened(lead, last.get(lead.pk), cannot)
        for lead, sentence in known.items()
    }


def _why_before_accept(lead: Lead, action: Action) -> str:
    """Return the sentence for what has to wait until the lead is accepted, or nothing."""
    if action not in WAIT_FOR_ACCEPT or lead.status != Status.ASSIGNED:
        return ""
    return _("Accept this lead first: before that %(cannot)s.") % {"cannot": _CANNOT[action]}


def _why_by_itself(lead: Lead, action: Action) -> str:
    """Return the sentence that needs no look at the history, or nothing."""
    cannot = _CANNOT[action]
    if action in {Action.QUALIFY, Action.INVALID} and lead.qualification == Qualification.NONE:
        return _("This lead did not come for a product from a marketplace, so %(cannot)s.") % {
            "cannot": cannot
        }
    if action == Action.REQUEST and lead.status in {Status.ASSIGNED, Status.REFERRED}:
        return _("A conversion request is waiting for approval, so %(cannot)s again.") % {
            "cannot": cannot
        }
    return ""


def _last_lines(leads: Collection[int]) -> dict[int, Event]:
    """Return the last line of each lead that says what happened to it."""
    if not leads:
        return {}
    told = Event.objects.filter(kind__in=_HAPPENED)
    newest = told.filter(lead=OuterRef("lead")).order_by("-number").values("number")[:1]
    lines = told.filter(lead__in=leads, number=Subquery(newest)).select_related("actor_user")
    return {line.lead_id: line for line in lines.order_by()}


def _what_happened(lead: Lead, last: Event | None, cannot: Any) -> str:
    if last is None:
        status = Status(lead.status).label
        return _("This lead is %(status)s, so %(cannot)s.") % {
            "status": status.lower(),
            "cannot": cannot,
        }
    return _("This lead was %(happened)s by %(who)s at %(when)s, so %(cannot)s.") % {
        "happened": _HAPPENED[EventKind(last.kind)],
        "who": last.actor_user or last.actor_name,
        "when": formats.date_format(timezone.localtime(last.at), "j M Y, H:i"),
        "cannot": cannot,
    }
