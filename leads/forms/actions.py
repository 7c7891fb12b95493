"""The small forms of action pages: one for each action that asks something; the others only confirm."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import BoundedDate, OneOf, OneRow, PortalForm, TextBlock, TextLine
from leads.enums import Outcome, Progress
from leads.forms.compared import ComparedForm
from leads.models import DisqualifyReason
from leads.selectors.choices import disqualify_reasons, people_to_give_to
from leads.selectors.detail import Sight


class ActionForm(PortalForm):
    """What an action asks about one lead; without fields it is a confirmation.

    `is_complete` is False while a form is only at its first step: the page is shown again, nothing is done.
    `title` and `button` replace those of the page where the lead decides on the words.
    """

    is_complete = True
    title: Any = ""
    button: Any = ""

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sight = sight


class DeclineForm(ActionForm):
    """Why the lead is given back; read by managers and the own company."""

    reason = TextLine(
        label=_("Reason"),
        max_length=300,
        enter=_("Enter a reason for declining this lead"),
        help_text=_("Only the managers and your company can read it."),
    )


class DisqualifyFields(PortalForm):
    """The host's reasons, "Spam or test" first (ux.md D13); the service asks some of them for a text."""

    reason = OneRow(
        label=_("Reason"),
        enter=_("Choose a reason for disqualifying this lead"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    text = TextLine(
        label=_("Explanation"),
        max_length=300,
        required=False,
        help_text=_("Needed for “Other”; everybody on this lead can read it."),
    )

    def chosen(self) -> DisqualifyReason:
        """Return the reason that was chosen."""
        reason: DisqualifyReason = self.cleaned_data["reason"]
        return reason


class DisqualifyForm(DisqualifyFields, ActionForm):
    """Why one lead is turned down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(reason=disqualify_reasons([self.sight.lead.host_id]))


class GiveForm(ActionForm):
    """Who is to be in charge: people of the holding company."""

    person = OneRow(label=_("Person in charge"), enter=_("Choose a person"), empty_label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(person=people_to_give_to(self.sight.lead))
        people: Any = self.fields["person"]
        people.label_from_instance = lambda user: f"{user.full_name} ({user.email})"


class ProgressFields(PortalForm):
    """What the seller reached with the customer."""

    progress = OneOf(
        label=_("Progress"), choices=Progress.slug_choices(), enter=_("Choose the progress")
    )

    @property
    def chosen(self) -> Progress:
        """The progress that was chosen."""
        return Progress[self.cleaned_data["progress"].upper()]


class ProgressForm(ComparedForm, ProgressFields, ActionForm):
    """What the seller reached on one lead."""

    compared = ("progress",)

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"progress": Progress(sight.lead.progress).slug})
        super().__init__(*args, sight=sight, **kwargs)

    @property
    def typed(self) -> dict[str, Any]:
        """See `ComparedForm`."""
        return {"progress": int(self.chosen)}

    def words(self, name: str, value: Any) -> str:
        """See `ComparedForm`."""
        return str(Progress(value).label)


class OutcomeForm(ComparedForm, ActionForm):
    """How a converted lead ended."""

    compared = ("outcome",)

    outcome = OneOf(
        label=_("Outcome"),
        choices=[(one.slug, one.label) for one in (Outcome.OPEN, Outcome.WON, Outcome.LOST)],
        enter=_("Choose won, lost or open"),
    )

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"outcome": Outcome(sight.lead.outcome).slug})
        super().__init__(*args, sight=sight, **kwargs)

    @property
    def typed(self) -> dict[str, Any]:
        """See `ComparedForm`."""
        return {"outcome": int(Outcome[self.cleaned_data["outcome"].upper()])}

    def words(self, name: str, value: Any) -> str:
        """See `ComparedForm`."""
        return str(Outcome(value).label)


class CommentForm(ActionForm):
    """What goes with the answer to a conversion request."""

    comment = TextBlock(
        label=_("Comment"),
        max_length=300,
        required=False,
        help_text=_("The company that asked can read it."),
    )


class NextStepForm(ComparedForm, ActionForm):
    """What happens next, and when; both empty clears it."""

    compared = ("next_step", "next_step_on")

    next_step = TextLine(label=_("Next step"), max_length=200, required=False)
    next_step_on = BoundedDate(label=_("On"), required=False)

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        lead = sight.lead
        stored = {"next_step": lead.next_step, "next_step_on": lead.next_step_on}
        super().__init__(*args, sight=sight, initial=stored, **kwargs)

    @property
    def typed(self) -> dict[str, Any]:
        """See `ComparedForm`."""
        return {name: self.cleaned_data[name] for name in self.compared}

    def read_back(self, name: str, value: Any) -> Any:
        """See `ComparedForm`."""
        return date.fromisoformat(value) if name == "next_step_on" and value else value

    def clean(self) -> dict[str, Any]:
        """A date alone says nothing."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("next_step_on") and not data.get("next_step"):
            self.add_error("next_step", _("Enter the next step for that day"))
        return data
