"""The moves that admin offers, as one table: what each is called, what it asks, which service does it.

Staff act as operator of the lead's host; the table of moves decides whether that may happen now.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import SYSTEM, Person
from accounts.models import Company
from leadportal.common.errors import Invalid
from leadportal.common.forms import OneOf, OneRow, TextLine
from leads.enums import Outcome, Progress
from leads.models import Lead
from leads.rules.privacy import ErasureReason
from leads.rules.workflow import Action
from leads.selectors.staff import reason_called, reason_labels
from leads.services.conversion import approve_conversion, deny_conversion
from leads.services.lifecycle import assign_lead, delete_lead, disqualify_lead, restore_lead
from leads.services.marks import mark_invalid, qualify_lead, set_outcome, set_progress
from leads.services.privacy import anonymise_lead

Values = Mapping[str, Any]


class CompanySelect(AutocompleteSelect):
    """Django's search for a row; keys that no row can have do not reach the database."""

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        """Return the chosen company as the only option."""
        keys = [one for one in value if str(one).isdecimal() and int(one) < 2**63]
        return super().optgroups(name, keys, attr)


class MoveForm(forms.Form):
    """What a move asks about some leads; without fields it only confirms."""

    def __init__(self, *args: Any, leads: Sequence[Lead], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leads = leads


class AssignForm(MoveForm):
    """To whom the leads go."""

    to = OneOf(
        label=_("Assign to"),
        choices=[
            ("sales", _("All the sales support representatives of the host")),
            ("company", _("A company")),
        ],
        widget=forms.RadioSelect,
        initial="company",
    )
    company = OneRow(label=_("Company"), enter=_("Choose a company"), required=False)
    message = TextLine(label=_("Message"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        company: Any = self.fields["company"]
        company.queryset = Company.objects.visible_to(SYSTEM).filter(is_active=True)
        company.widget = CompanySelect(Lead._meta.get_field("holder"), admin.site)
        company.widget.choices = company.choices

    def clean(self) -> dict[str, Any]:
        """A company is needed unless the sales desk gets the leads."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("to") == "company" and not data.get("company") and "company" not in self.errors:
            self.add_error("company", _("Choose a company"))
        return data


class DisqualifyForm(MoveForm):
    """Why nothing will come of the leads, in the words of their hosts."""

    reason = OneOf(
        label=_("Reason"), choices=(), enter=_("Choose a reason for disqualifying this lead")
    )
    text = TextLine(label=_("Explanation"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason: Any = self.fields["reason"]
        reason.choices = [("", ""), *((label, label) for label in reason_labels(self.leads))]


class CommentForm(MoveForm):
    """What goes with the answer to a conversion request."""

    comment = TextLine(label=_("Comment"), max_length=300, required=False)


class ProgressForm(MoveForm):
    """What the seller reached."""

    progress = OneOf(label=_("Progress"), choices=Progress.slug_choices(), empty="")


class OutcomeForm(MoveForm):
    """How converted leads ended."""

    outcome = OneOf(
        label=_("Outcome"),
        choices=[(one.slug, one.label) for one in (Outcome.OPEN, Outcome.WON, Outcome.LOST)],
        empty="",
        enter=_("Choose won, lost or open"),
    )


class EraseForm(MoveForm):
    """Why personal data go."""

    reason = OneOf(
        label=_("Reason"),
        choices=ErasureReason.choices,
        empty="",
        enter=_("Choose why the personal data are removed"),
    )


@dataclass(frozen=True)
class Move:
    """One entry of the table. `action` is None for what the table of moves does not know."""

    slug: str
    title: Any
    button: Any
    run: Callable[[Lead, Values, Person], object]
    form: type[MoveForm] = MoveForm
    action: Action | None = None
    warning: Any = ""


def _assign(lead: Lead, values: Values, actor: Person) -> object:
    to = values["company"] if values["to"] == "company" else None
    return assign_lead(lead, to=to, message=values["message"], actor=actor)


def _disqualify(lead: Lead, values: Values, actor: Person) -> object:
    reason = reason_called(lead, values["reason"])
    if reason is None:
        host = {"host": lead.host.name, "reason": values["reason"]}
        raise Invalid({"reason": gettext("%(host)s has no reason “%(reason)s”.") % host})
    return disqualify_lead(lead, reason=reason, text=values["text"], actor=actor)


MOVES = {
    move.slug: move
    for move in (
        Move("assign", _("Assign leads"), _("Assign"), _assign, AssignForm, Action.ASSIGN),
        Move(
            "disqualify",
            _("Disqualify leads"),
            _("Disqualify"),
            _disqualify,
            DisqualifyForm,
            Action.DISQUALIFY,
        ),
        Move(
            "qualify",
            _("Mark leads as qualified"),
            _("Mark as qualified"),
            lambda lead, _values, actor: qualify_lead(lead, actor=actor),
            action=Action.QUALIFY,
        ),
        Move(
            "invalid",
            _("Mark leads as invalid"),
            _("Mark as invalid"),
            lambda lead, _values, actor: mark_invalid(lead, actor=actor),
            action=Action.INVALID,
        ),
        Move(
            "approve",
            _("Approve conversions"),
            _("Approve"),
            lambda lead, values, actor: approve_conversion(
                lead, comment=values["comment"], actor=actor
            ),
            CommentForm,
            Action.APPROVE,
        ),
        Move(
            "deny",
            _("Deny conversions"),
            _("Deny"),
            lambda lead, values, actor: deny_conversion(
                lead, comment=values["comment"], actor=actor
            ),
            CommentForm,
            Action.DENY,
        ),
        Move(
            "progress",
            _("Set the progress of leads"),
            _("Set progress"),
            lambda lead, values, actor: set_progress(
                lead, progress=Progress[values["progress"].upper()], actor=actor
            ),
            ProgressForm,
            Action.PROGRESS,
        ),
        Move(
            "outcome",
            _("Set the outcome of leads"),
            _("Set outcome"),
            lambda lead, values, actor: set_outcome(
                lead, outcome=Outcome[values["outcome"].upper()], actor=actor
            ),
            OutcomeForm,
            Action.OUTCOME,
        ),
        Move(
            "delete",
            _("Delete leads"),
            _("Delete"),
            lambda lead, _values, actor: delete_lead(lead, actor=actor),
            action=Action.DELETE,
            warning=_("Deleted leads can be restored for 30 days."),
        ),
        Move(
            "restore",
            _("Restore leads"),
            _("Restore"),
            lambda lead, _values, actor: restore_lead(lead, actor=actor),
            action=Action.RESTORE,
        ),
        Move(
            "anonymise",
            _("Anonymise leads"),
            _("Remove personal data"),
            lambda lead, values, actor: anonymise_lead(
                lead, reason=ErasureReason(values["reason"]), actor=actor
            ),
            EraseForm,
            warning=_(
                "Names, contact data, answers, attributes and notes are removed for good, also for companies"
                " that had these leads before. Status and history lines stay."
            ),
        ),
    )
}
ERASE = MOVES["anonymise"]
