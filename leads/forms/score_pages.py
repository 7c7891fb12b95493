"""Forms beside the rules: what a draft is tested with, and tracked links."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leadportal.common.forms import OneOf, PortalForm, TextLine, WholeNumber
from leads.rules.scoring.kinds import BehaviourKind
from leads.rules.scoring.score import Deed, texts_of
from leads.rules.scoring.sheet import TIMES_MOST, VALUE_LENGTH, Group, Rule, Sheet
from leads.rules.scoring.words import choices_of, did, subject_label


class TestForm(PortalForm):
    """What a draft is tested with: a lead, or what one would say and do, typed for each thing that its rules ask."""

    reference = TextLine(label=_("Lead ID"), max_length=16, required=False)

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.said = {rule.subject: rule for rule in sheet.of(Group.FIT)}
        self.done = {(rule.subject, rule.about): rule for rule in sheet.of(Group.BEHAVIOUR)}
        for number, rule in enumerate(self.said.values()):
            self.fields[f"said-{number}"] = _said(rule)
        for number, rule in enumerate(self.done.values()):
            self.fields[f"done-{number}"] = WholeNumber(
                label=_("How many times: %(what)s") % {"what": did(rule.subject, rule.about)},
                smallest=0,
                largest=TIMES_MOST,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        data = super().clean() or {}
        reference = data.get("reference", "")
        is_typed = any(data[name] for name in data if name != "reference")
        if not self.errors and bool(reference) == is_typed:
            self.add_error(
                "reference", _("Enter a Lead ID, like LD-123456789, or values: one of them")
            )
        return data

    @property
    def facts(self) -> dict[str, tuple[str, ...]]:
        """What a lead would say."""
        data = self.cleaned_data
        return {
            subject: texts_of(data[f"said-{number}"]) for number, subject in enumerate(self.said)
        }

    @property
    def deeds(self) -> list[Deed]:
        """What its prospect would have done, just now."""
        return [
            Deed(kind, about, clock.now())
            for number, (kind, about) in enumerate(self.done)
            for _time in range(self.cleaned_data[f"done-{number}"] or 0)
        ]


def _said(rule: Rule) -> OneOf | TextLine:
    """Return a field for what a lead would say of the thing that a rule asks."""
    label = subject_label(rule)
    if choices := choices_of(rule.subject):
        return OneOf(label=label, choices=choices, empty=_("Not given"), required=False)
    return TextLine(label=label, max_length=VALUE_LENGTH, required=False)


class LinkForm(PortalForm):
    """A tracked link."""

    name = TextLine(label=_("Name"), max_length=80, enter=_("Enter a name, like Price list June"))
    kind = OneOf(
        label=_("It counts as"),
        choices=[
            (one.value, one.label) for one in BehaviourKind if one != BehaviourKind.FORM_REPEATED
        ],
    )
    about = TextLine(
        label=_("Page or paper"),
        max_length=80,
        required=False,
        help_text=_("What scoring rules call it, like pricing."),
    )
    address = TextLine(
        label=_("Goes to"),
        max_length=500,
        required=False,
        help_text=_("The address of the page or paper. An opened email has none."),
    )
