"""Forms beside the rules: which lead a draft is tested with, and tracked links."""

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm, TextLine
from leads.rules.scoring.kinds import BehaviourKind


class TestLeadForm(PortalForm):
    """Which lead the draft is tested with."""

    reference = TextLine(
        label=_("Lead ID"), max_length=16, enter=_("Enter a Lead ID, like LD-123456789")
    )


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
