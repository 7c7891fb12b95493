"""What a lead's page offers: the one primary action, the Manage menu, and why something is missing (ux.md D3)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import CustomerRight, Role
from leads.enums import Relation, Status
from leads.models import Lead
from leads.rules.workflow import Action
from leads.selectors.detail import Sight
from leads.views.moves import PAGES
from leads.views.pages import lead_url

# In this order of life, the next step of a lead.
_PRIMARY = {
    Status.PENDING_SUBMISSION: (Action.SUBMIT,),
    Status.SUBMITTED: (Action.ASSIGN,),
    Status.ASSIGNED: (Action.ACCEPT, Action.SUBMIT, Action.ASSIGN),
    Status.REFERRED: (Action.CONVERT, Action.REQUEST),
    Status.CONVERTED: (Action.MANAGE,),
}
# Everything else is a control of the section that it changes.
_MENU = {
    Action.SUBMIT: "send",
    Action.ASSIGN: "user-plus",
    Action.ACCEPT: "check",
    Action.CONVERT: "building",
    Action.REQUEST: "send",
    Action.DECLINE: "arrow-left",
    Action.DISQUALIFY: "ban",
    Action.ASSOCIATE: "link",
    Action.MANAGE: "building",
}


@dataclass(frozen=True)
class Offered:
    """One action as the page offers it; `is_dialog` says that its page can be lifted into a dialog."""

    action: Action
    label: Any
    url: str
    icon: str
    is_dialog: bool
    is_danger: bool


def primary(sight: Sight) -> Offered | None:
    """Return the action that the lead waits for from this actor, or None."""
    wanted = _PRIMARY.get(Status(sight.lead.status), ())
    chosen = next((action for action in wanted if action in sight.allowed), None)
    return offered(chosen, sight.lead) if chosen else None


def menu(sight: Sight, first: Offered | None) -> list[Offered]:
    """Return the Manage menu.

    A reseller manager's is exactly AppDirect's table (domain.md section 2), so it repeats the primary
    action; everybody else's holds the others. Associate Company on a referred lead stands in Customer details.
    """
    is_table = Relation.CHANNEL in sight.facts.relations and not sight.actor.has(
        Role.MARKETPLACE_MANAGER
    )
    items = [offered(action, sight.lead) for action in _MENU if action in sight.allowed]
    if sight.lead.status == Status.REFERRED:
        items = [item for item in items if item.action is not Action.ASSOCIATE]
    return [item for item in items if is_table or first is None or item.action != first.action]


def offered(action: Action, lead: Lead) -> Offered:
    """Return an action as a page offers it."""
    is_manage = action is Action.MANAGE
    return Offered(
        action=action,
        label=gettext_lazy("Manage Company") if is_manage else PAGES[action].button,
        url=f"{lead_url(lead)}{action}/",
        icon=_MENU.get(action, "dots"),
        is_dialog=action not in {Action.MANAGE, Action.EDIT},
        is_danger=not is_manage and PAGES[action].is_danger,
    )


def explanations(sight: Sight) -> list[str]:
    """Return a sentence for each action that one expects here and does not find."""
    if sight.is_past:
        return []
    status, facts, actor = Status(sight.lead.status), sight.facts, sight.actor
    found = []
    holds = Relation.HOLDER in facts.relations and actor.has(Role.RESELLER)
    if holds and status in {Status.ASSIGNED, Status.REFERRED}:
        match actor.rights.create_customers:
            case CustomerRight.APPROVAL:
                found.append(_("Conversion needs the Reseller Manager's approval."))
            case CustomerRight.NO:
                found.append(
                    _("Your company may not create customer companies. Ask your Reseller Manager.")
                )
        if not actor.rights.disqualify_leads:
            found.append(_("Your company may not disqualify leads. Ask your Reseller Manager."))
    if (
        status == Status.ASSIGNED
        and Action.CONVERT not in sight.allowed
        and Relation.CHANNEL in facts.relations
    ):
        found.append(
            _("%(holder)s has not accepted this lead yet. It can be converted after that.")
            % {"holder": sight.lead.recipient_label}
        )
    if status == Status.DELETED and not facts.is_restorable:
        found.append(
            _("This lead was deleted more than 30 days ago, so it can no longer be restored.")
        )
    return found
