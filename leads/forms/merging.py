"""Which of two companies each field of the profile is taken from (ux.md C3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.forms.companies import CompanyForm
from accounts.models import Company
from leadportal.common.countries import NAMES
from leadportal.common.forms import OneOf, PortalForm

KEPT, GONE = "kept", "gone"


class MergeForm(PortalForm):
    """A choice for every field in which the two differ; where one is empty, the other is chosen before."""

    def __init__(self, data: Any, *, kept: Company, gone: Company) -> None:
        super().__init__(data)
        self.kept, self.gone = kept, gone
        for name in CompanyForm.PROFILE:
            values = {KEPT: getattr(kept, name), GONE: getattr(gone, name)}
            if values[KEPT] == values[GONE]:
                continue
            label = CompanyForm.base_fields[name].label
            self.fields[name] = OneOf(
                label=label,
                choices=[(side, _shown(name, value)) for side, value in values.items()],
                initial=KEPT if values[KEPT] else GONE,
                widget=forms.RadioSelect,
            )

    @property
    def take(self) -> list[str]:
        """The fields that are taken from the company that goes."""
        return [name for name, side in self.cleaned_data.items() if side == GONE]

    @property
    def chosen(self) -> list[tuple[Any, str]]:
        """What the company will say in each field that was asked for."""
        sides = {KEPT: self.kept, GONE: self.gone}
        return [
            (self.fields[name].label, _shown(name, getattr(sides[side], name)))
            for name, side in self.cleaned_data.items()
        ]


def _shown(name: str, value: str) -> str:
    if name == "country":
        value = str(NAMES.get(value, value))
    return value or _("(empty)")
