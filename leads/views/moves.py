"""What the page of each action says: one declaration each (ux.md decision 4).

What it asks and does stands in leads/forms/moves.py; which of them somebody has, and when, is the table of
moves (leads/rules/workflow.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from leads.models import Conversion
from leads.rules.workflow import Action
from leads.selectors.detail import Sight, customer_of
from leads.views.pages import lead_name

KEEP = _("Keep lead")


@dataclass(frozen=True)
class Move:
    """One action page. `title` and `said` may name %(lead)s, %(holder)s, %(person)s and %(company)s.

    `tell` replaces `said` where a sentence needs more than names. `is_final` marks what cannot be taken back:
    the focus starts on the way back.
    """

    title: Any
    button: Any
    said: Any = ""
    tell: Callable[[Any, Sight], str] | None = None
    keep: Any = KEEP
    is_danger: bool = False
    is_final: bool = False


def _converted(made: Conversion, sight: Sight) -> str:
    """Return AppDirect's message with a link to the new user's page; the template escapes the names."""
    customer = customer_of(sight.lead, sight.actor)
    context = {"lead": lead_name(sight.lead), "user": made.user, "customer": customer}
    return render_to_string("leads/_converted_message.html", context)


PAGES: dict[Action, Move] = {
    Action.SUBMIT: Move(
        _("Submit %(lead)s to partner managers?"),
        _("Submit to partner managers"),
        _("Lead submitted. %(holder)s now holds it."),
    ),
    Action.ASSIGN: Move(
        _("Assign a Lead"), _("Assign"), _("Lead assigned to %(holder)s."), keep=_("Cancel")
    ),
    Action.TAKE: Move(
        _("Take charge of %(lead)s?"),
        _("Take charge"),
        _("You are now in charge of this lead."),
        keep=_("Cancel"),
    ),
    Action.GIVE: Move(
        _("Choose the person in charge"),
        _("Put in charge"),
        _("%(person)s is now in charge of this lead."),
        keep=_("Cancel"),
    ),
    Action.ACCEPT: Move(
        _("Accept %(lead)s?"),
        _("Accept"),
        _("Lead accepted. Its status is now Referred, and %(person)s is in charge."),
        keep=_("Decide later"),
    ),
    Action.DECLINE: Move(
        _("Decline %(lead)s?"),
        _("Decline"),
        _("Lead declined. %(holder)s holds it again."),
        is_danger=True,
    ),
    Action.CONVERT: Move(
        _("Convert %(lead)s to a customer?"),
        _("Convert to Customer"),
        tell=_converted,
        keep=_("Keep as lead"),
        is_final=True,
    ),
    Action.REQUEST: Move(
        _("Request the conversion of %(lead)s?"),
        _("Request conversion"),
        _("Conversion requested. You find the answer among the approvals and on this page."),
        keep=_("Keep as lead"),
    ),
    Action.WITHDRAW: Move(
        _("Withdraw the conversion request?"),
        _("Withdraw request"),
        _("Conversion request withdrawn."),
        keep=_("Keep request"),
    ),
    Action.APPROVE: Move(
        _("Approve the conversion of %(lead)s?"),
        _("Approve conversion"),
        tell=_converted,
        keep=_("Decide later"),
        is_final=True,
    ),
    Action.DENY: Move(
        _("Deny the conversion of %(lead)s?"),
        _("Deny conversion"),
        _("Conversion denied. The lead stays as it was."),
        keep=_("Decide later"),
        is_danger=True,
    ),
    Action.DISQUALIFY: Move(
        _("Disqualify %(lead)s?"), _("Disqualify"), _("Lead disqualified."), is_danger=True
    ),
    Action.ASSOCIATE: Move(
        _("Associate Company"),
        _("Associate Company"),
        _("Lead associated with %(company)s. Converting it uses that company; none is created."),
        keep=_("Cancel"),
    ),
    Action.QUALIFY: Move(
        _("Mark %(lead)s as qualified?"),
        _("Mark as qualified"),
        _("Lead marked as qualified."),
        keep=_("Decide later"),
    ),
    Action.INVALID: Move(
        _("Mark %(lead)s as invalid?"),
        _("Mark as invalid"),
        _("Lead marked as invalid. Its status is now Disqualified."),
        is_danger=True,
        is_final=True,
    ),
    Action.SALES_QUALIFIED: Move(
        _("Mark %(lead)s as sales qualified?"),
        _("Mark as sales qualified"),
        _("Lead marked as sales qualified."),
        keep=_("Decide later"),
    ),
    Action.DELETE: Move(
        _("Delete %(lead)s?"),
        _("Delete Lead"),
        _("Lead deleted. The managers can restore it for 30 days."),
        is_danger=True,
        is_final=True,
    ),
    Action.RESTORE: Move(
        _("Restore %(lead)s?"), _("Restore lead"), _("Lead restored."), keep=_("Keep deleted")
    ),
    Action.PROGRESS: Move(
        _("Progress"), _("Save progress"), _("Progress saved."), keep=_("Cancel")
    ),
    Action.OUTCOME: Move(_("Outcome"), _("Save outcome"), _("Outcome saved."), keep=_("Cancel")),
    Action.EDIT: Move(_("Edit Lead"), _("Save"), _("Changes saved."), keep=_("Cancel")),
    Action.PRODUCTS: Move(
        _("Add Products to Lead"), _("Add"), _("Products added to this lead."), keep=_("Cancel")
    ),
    Action.REMOVE_PRODUCT: Move(
        _("Remove a product from this lead?"),
        _("Continue"),
        _("Product removed from this lead."),
        keep=_("Keep product"),
        is_final=True,
    ),
    Action.DEAL: Move(_("Create a deal"), _("Create deal"), _("Deal created."), keep=_("Cancel")),
    Action.LINK: Move(
        _("Link a quote or order to this lead"),
        _("Link"),
        _("Linked to this lead."),
        keep=_("Cancel"),
    ),
    Action.UNLINK: Move(
        _("Unlink a quote or order from this lead?"),
        _("Unlink"),
        _("Unlinked from this lead."),
        keep=_("Keep link"),
    ),
    Action.NOTE: Move(_("Add Note"), _("Add Note"), _("Note added."), keep=_("Cancel")),
}
