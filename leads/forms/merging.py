"""Which of two companies, or two leads, each field is taken from (ux.md C3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.companies import CompanyForm
from accounts.models import Company
from leadportal.common.countries import NAMES
from leadportal.common.forms import OneOf, PortalForm, TextLine
from leads.models import Lead
from leads.selectors.clashes import ATTRIBUTE, value_of
from leads.selectors.fields import field_label, shown_field
from leads.services.merging_leads import FIELDS
from templates_app.rules.attributes import AttributeSpec
from templates_app.rules.shown import shown_value

KEPT, GONE = "kept", "gone"


@dataclass(frozen=True)
class Differing:
    """A field that the two may disagree in, as it is stored and as people read it."""

    name: str
    label: Any
    kept: Any
    gone: Any
    words: tuple[str, str]


class MergeForm(PortalForm):
    """A choice for every field in which the two differ; where one is empty, the other is chosen before."""

    def __init__(self, data: Any, *, fields: Iterable[Differing], **options: Any) -> None:
        super().__init__(data, **options)
        self.asked = {one.name: one for one in fields if one.kept != one.gone}
        for one in self.asked.values():
            words = dict(zip((KEPT, GONE), one.words, strict=True))
            self.fields[one.name] = OneOf(
                label=one.label,
                choices=[(side, text or _("(empty)")) for side, text in words.items()],
                initial=KEPT if one.kept else GONE,
                widget=forms.RadioSelect,
            )

    @property
    def take(self) -> list[str]:
        """The fields that are taken from the one that goes."""
        return [name for name in self.asked if self.cleaned_data[name] == GONE]

    @property
    def chosen(self) -> list[tuple[Any, str]]:
        """What the one that stays will say in each field that was asked for."""
        return [
            (one.label, one.words[self.cleaned_data[one.name] == GONE] or _("(empty)"))
            for one in self.asked.values()
        ]


class CompanyMergeForm(MergeForm):
    """The profile of two companies."""

    def __init__(self, data: Any, *, kept: Company, gone: Company) -> None:
        super().__init__(
            data, fields=[_of_company(name, kept, gone) for name in CompanyForm.PROFILE]
        )


class LeadMergeForm(MergeForm):
    """Contact, company, next step and custom attributes of two leads.

    Carries which versions of the two it showed, so that nobody merges what they have not seen.
    """

    versions = TextLine(
        label=gettext_lazy("Versions"), max_length=40, required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, data: Any, *, kept: Lead, gone: Lead, specs: Iterable[AttributeSpec]
    ) -> None:
        fields = [_of_lead(name, kept, gone) for name in FIELDS]
        fields += [_of_attribute(spec, kept, gone) for spec in specs]
        super().__init__(data, fields=fields)
        self.fields["versions"].initial = f"{kept.version}-{gone.version}"

    @property
    def seen(self) -> tuple[int, int] | None:
        """The versions that the page showed; (0, 0), which nothing has, for what is no such thing."""
        numbers = self.cleaned_data["versions"].split("-")
        if len(numbers) == 2 and all(one.isascii() and one.isdigit() for one in numbers):
            return int(numbers[0]), int(numbers[1])
        return 0, 0


def _of_company(name: str, kept: Company, gone: Company) -> Differing:
    values = (getattr(kept, name), getattr(gone, name))
    words = [str(NAMES.get(one, one)) if name == "country" else one for one in values]
    label = CompanyForm.base_fields[name].label
    return Differing(name, label, *values, (words[0], words[1]))


def _of_lead(name: str, kept: Lead, gone: Lead) -> Differing:
    values = (getattr(kept, name), getattr(gone, name))
    words = tuple(shown_field(name, one) for one in values)
    return Differing(name, field_label(name), *values, (words[0], words[1]))


def _of_attribute(spec: AttributeSpec, kept: Lead, gone: Lead) -> Differing:
    name = f"{ATTRIBUTE}{spec.key}"
    values = (value_of(kept, name), value_of(gone, name))
    words = tuple(shown_value(spec.kind, one) for one in values)
    return Differing(name, spec.label, *values, (words[0], words[1]))
