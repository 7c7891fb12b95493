"""What a lead's history can be narrowed to (ux.md D10)."""

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm
from leads.enums import EventKind


class HistoryFilterForm(PortalForm):
    """One kind of line, and one person; both may be empty."""

    is_filter = True

    kind = OneOf(
        label=_("What happened"),
        choices=EventKind.choices,
        empty=_("Everything"),
        enter=_("Choose one of the kinds"),
        required=False,
    )

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = OneOf(
            label=_("Person"),
            choices=[(str(pk), name) for pk, name in people],
            empty=_("Everybody"),
            enter=_("Choose one of the people"),
            required=False,
        )

    def chosen(self) -> dict[str, Any]:
        """Return what the history selector takes; nothing for values that are none."""
        if not self.is_bound or not self.is_valid():
            return {}
        data = self.cleaned_data
        return {
            "kind": EventKind(data["kind"]) if data["kind"] else None,
            "person": int(data["person"]) if data["person"] else None,
        }

    @property
    def query(self) -> str:
        """The filters as they stand in an address, to be continued with a cursor."""
        if not self.is_bound or not self.is_valid():
            return ""
        return urlencode({name: value for name, value in self.cleaned_data.items() if value})
