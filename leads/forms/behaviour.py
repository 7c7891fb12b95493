"""What a program reports of a prospect's behaviour."""

from datetime import UTC
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import EmailLine, OneOf, PortalForm, TextLine
from leadportal.common.values import BadValueError
from leads.rules.scoring.kinds import BehaviourKind


class Moment(TextLine):
    """A moment as ISO 8601 writes it, in UTC unless it says otherwise; None when empty."""

    def read(self, value: Any) -> Any:
        """See `ReadField`."""
        text = super().read(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None or not 1900 <= moment.year <= 2200:
            raise BadValueError(str(_("Enter a moment, like 2025-11-21T18:42:00Z")))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


class ReportForm(PortalForm):
    """What was done, with what, when, and whose it was: one lead, or every open lead of an address."""

    kind = OneOf(label=_("What happened"), choices=BehaviourKind.choices)
    lead = TextLine(label=_("Lead ID"), max_length=16, required=False)
    email = EmailLine(required=False)
    about = TextLine(label=_("Page or paper"), max_length=80, required=False)
    at = Moment(label=_("When"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one way to say whose behaviour it was."""
        data = super().clean() or {}
        is_named = bool(data.get("lead")) != bool(data.get("email"))
        if not is_named and not {"lead", "email"} & self.errors.keys():
            self.add_error("lead", _("Send a Lead ID or an email address, one of them"))
        return data
