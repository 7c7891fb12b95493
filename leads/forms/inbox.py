"""What the inbox can be narrowed to (ux.md N4): one kind, and days in the reader's zone."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import BoundedDate, OneOf, PortalForm
from leads.enums import InboxKind
from leads.filters.leads import midnight


class InboxFilterForm(PortalForm):
    """Nothing in it is required; both ends of the period are included."""

    is_filter = True

    kind = OneOf(
        label=_("What happened"),
        choices=InboxKind.choices,
        empty=_("Everything"),
        enter=_("Choose one of the kinds"),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts; both ends are kept."""
        super().clean()
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and last < first:
            sentence = _("End date must be the same as or after the start date")
            self.add_error("to", ValidationError(sentence, code="order"))
        return self.cleaned_data

    def chosen(self) -> dict[str, Any]:
        """Return what the inbox selector takes; nothing of values that are none."""
        if not self.is_bound or not self.is_valid():
            return {}
        data = self.cleaned_data
        return {
            "kind": InboxKind(data["kind"]) if data["kind"] else None,
            "since": midnight(data["from"]) if data["from"] else None,
            "before": midnight(data["to"] + timedelta(days=1)) if data["to"] else None,
        }

    @property
    def query(self) -> str:
        """The filters as they stand in an address, to be continued with a cursor."""
        if not self.is_bound or not self.is_valid():
            return ""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})


# Words that Python keeps for itself.
for _word, _label in (("from", _("From")), ("to", _("Until"))):
    InboxFilterForm.base_fields[_word] = BoundedDate(label=_label, required=False)
