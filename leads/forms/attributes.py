"""Custom attributes inside a form about a lead: one form, one error summary."""

from collections.abc import Mapping
from typing import Any

from crispy_forms.layout import Fieldset
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common.forms import PortalForm
from templates_app.forms.attributes import AttributesForm
from templates_app.selectors.attributes import attribute_specs

_PREFIX = "attribute"


class WithAttributes(PortalForm):
    """A form that also asks for the attributes which its actor may edit; the rules judge the values."""

    part: AttributesForm

    def ask_attributes(
        self, actor: Person, host_id: int | None, stored: Mapping[str, Any] | None = None
    ) -> None:
        """Add the fields at the end; call it once, when the form has its layout."""
        specs = attribute_specs(actor, host_id) if host_id else []
        data = self.data if self.is_bound else None
        self.part = AttributesForm(data, specs=specs, actor=actor, stored=stored, prefix=_PREFIX)
        names = {f"{_PREFIX}-{key}": key for key in self.part.fields}
        for name, key in names.items():
            self.fields[name] = self.part.fields[key]
            self.initial[name] = self.part.initial.get(key)
        if names:
            self.helper.layout.append(Fieldset(_("More about this lead"), *names))

    def clean(self) -> dict[str, Any]:
        """Let the rules of attributes judge theirs."""
        data: dict[str, Any] = super().clean() or {}
        self.part.is_valid()
        for key, sentences in self.part.errors.items():
            self.add_error(f"{_PREFIX}-{key}", list(sentences))
        return data

    @property
    def attributes(self) -> dict[str, Any]:
        """The value of every attribute that was asked for; None for one that was emptied."""
        values = self.part.attributes.values
        return {spec.key: values.get(spec.key) for spec in self.part.specs}

    @property
    def filled_attributes(self) -> dict[str, Any]:
        """The values alone, for a lead that does not exist yet."""
        return dict(self.part.attributes.values)
