"""*Needs attention*: what the page can be narrowed to, and why something is set aside."""

from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm, TextLine
from leads.enums import AttentionReason, SourceKind, SubmissionState
from leads.models.intake import SENTENCE_LENGTH
from leads.selectors.attention import Asked

# What is typed by hand never waits: who types is told at once.
WAYS = [way for way in SourceKind if way != SourceKind.MANUAL]


class AttentionFilterForm(PortalForm):
    """Nothing in it is required; what waits is shown unless something else is asked for."""

    is_filter = True

    reason = OneOf(
        label=_("Kind of reason"),
        choices=AttentionReason.choices,
        empty=_("All kinds"),
        enter=_("Choose one of the kinds"),
        required=False,
    )
    way = OneOf(
        label=_("Way in"),
        choices=[(way.slug, way.label) for way in WAYS],
        empty=_("All ways in"),
        enter=_("Choose one of the ways in"),
        required=False,
    )
    state = OneOf(
        label=_("State"),
        choices=[(SubmissionState.SET_ASIDE.value, SubmissionState.SET_ASIDE.label)],
        empty=SubmissionState.ATTENTION.label,
        enter=_("Choose one of the states"),
        required=False,
    )
    receipt = TextLine(
        label=_("Receipt"), max_length=40, enter=_("Enter a receipt"), required=False
    )

    @property
    def asked(self) -> Asked:
        """What the page shows; everything that waits for values that are none."""
        if not self.is_bound or not self.is_valid():
            return Asked()
        data = self.cleaned_data
        return Asked(
            state=SubmissionState(data["state"] or SubmissionState.ATTENTION),
            reason=AttentionReason(data["reason"]) if data["reason"] else None,
            way=SourceKind[data["way"].upper()] if data["way"] else None,
            receipt=data["receipt"],
        )

    @property
    def query(self) -> str:
        """The filters as they stand in an address, to be continued with a cursor."""
        if not self.is_bound or not self.is_valid():
            return ""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


class SetAsideForm(PortalForm):
    """Why something is to be no lead: colleagues read it."""

    because = TextLine(
        label=_("Reason"),
        help_text=_("For example: spam, or a test of ours. Your colleagues read it."),
        max_length=SENTENCE_LENGTH,
        enter=_("Enter why this is to be no lead"),
    )
