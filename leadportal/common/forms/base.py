"""The base of every form, and what browsers may fill in."""

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet

from leadportal.common.errors import Invalid

OFF = "off"


class PortalForm(forms.Form):
    """The base of every form: rendered by crispy without its own <form>, refused in sentences.

    `autofill` maps a field to its HTML autofill token where people type their own data; every other
    field says "off", or the browser would fill in the employee's own (ux.md F2).
    """

    autofill: ClassVar[Mapping[str, str]] = {}
    is_filter: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        for name, field in self.fields.items():
            set_autofill(field, self.autofill.get(name, OFF))

    def offer(self, **rows: "QuerySet[Any]") -> None:
        """Let each named `OneRow` field choose among rows that the actor may see."""
        for name, queryset in rows.items():
            cast(forms.ModelChoiceField, self.fields[name]).queryset = queryset

    def add_refusal(self, refusal: Invalid) -> None:
        """Show what a service refused beside the fields it named; the rest above the form."""
        for name, sentence in refusal.errors.items():
            self.add_error(name if name in self.fields else NON_FIELD_ERRORS, sentence)


def set_autofill(field: forms.Field, token: str) -> None:
    """Tell the browser what a field is about; controls that cannot be filled in are left alone."""
    if isinstance(
        field.widget, forms.TextInput | forms.EmailInput | forms.Textarea | forms.Select
    ) and not isinstance(field.widget, forms.RadioSelect):
        field.widget.attrs["autocomplete"] = token
