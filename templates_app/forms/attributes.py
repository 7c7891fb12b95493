"""Custom attributes: their values on a lead form, and the form that defines one."""

from collections.abc import Mapping, Sequence
from typing import Any

from crispy_forms.bootstrap import InlineCheckboxes
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.enums import Role
from leadportal.common.forms import (
    OFF,
    OneOf,
    PortalForm,
    SeveralOf,
    TextLine,
    WholeNumber,
    set_autofill,
)
from templates_app.enums import AttributeKind, TextFormat
from templates_app.forms.builder import OptionLines
from templates_app.models import CustomAttribute
from templates_app.rules.attributes import (
    LONGEST_TEXT,
    ROLES,
    WITH_OPTIONS,
    AttributeSpec,
    AttributeValues,
    editable,
    must_fill,
    validate_attributes,
)
from templates_app.services.attributes import Definition

ROLE_CHOICES = [(role.value, role.label) for role in ROLES]


class AttributesForm(PortalForm):
    """Asks `actor` for the attributes that it may edit; `attributes` holds the outcome.

    `stored` are the lead's present values. Show it beside another form in the same <form>; the
    prefix keeps the names apart. Without editable attributes it has no fields and is always valid.
    """

    attributes: AttributeValues

    def __init__(
        self,
        *args: Any,
        specs: Sequence[AttributeSpec],
        actor: Actor,
        stored: Mapping[str, Any] | None = None,
        prefix: str = "attribute",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=prefix, initial=dict(stored or {}), **kwargs)
        self.specs = editable(specs, actor)
        self.actor = actor
        for spec in self.specs:
            field = _ValueField(spec, is_required=must_fill(spec, actor))
            set_autofill(field, OFF)
            self.fields[spec.key] = field

    def clean(self) -> dict[str, Any]:
        """Let the rules judge everything at once."""
        self.attributes = validate_attributes(self.specs, self.cleaned_data, self.actor)
        for key, sentence in self.attributes.errors.items():
            self.add_error(key, sentence)
        return self.attributes.values


class AttributeForm(PortalForm):
    """Defines an attribute of the type `kind`; a referral user's own one has no roles."""

    label = TextLine(label=_("Label"), max_length=120, enter=_("Enter a label"))
    key = TextLine(
        label=_("Key"),
        max_length=40,
        required=False,
        help_text=_(
            "The column name in CSV files, like annual_budget. Made from the label when it is empty."
            " It never changes afterwards."
        ),
    )
    hint = TextLine(
        label=_("Hint"),
        max_length=200,
        required=False,
        help_text=_("Why you ask, or an example. Shown above the value."),
    )
    text_format = OneOf(
        label=_("Format"), choices=TextFormat.choices, required=False, enter=_("Choose a format")
    )
    max_length = WholeNumber(
        label=_("Longest text"),
        smallest=1,
        largest=LONGEST_TEXT,
        required=False,
        help_text=_("In characters."),
    )
    options = OptionLines(
        label=_("Options"),
        enter=_("Enter at least two options, one on each line"),
        help_text=_("One on each line."),
    )
    position = WholeNumber(
        label=_("Position"),
        smallest=0,
        largest=1000,
        required=False,
        help_text=_("Lower numbers come first."),
    )
    view_roles = SeveralOf(
        label=_("Who sees it"),
        choices=ROLE_CHOICES,
        required=False,
        help_text=_("Marketplace managers see and edit every attribute."),
    )
    edit_roles = SeveralOf(label=_("Who edits it"), choices=ROLE_CHOICES, required=False)
    required_roles = SeveralOf(
        label=_("Who must fill it"),
        choices=[
            (Role.MARKETPLACE_MANAGER.value, Role.MARKETPLACE_MANAGER.label),
            *ROLE_CHOICES,
        ],
        required=False,
    )

    def __init__(
        self, *args: Any, kind: AttributeKind, is_own: bool, is_new: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        has = {
            "key": is_new and not is_own,
            "text_format": kind == AttributeKind.TEXT,
            "max_length": kind == AttributeKind.TEXT,
            "options": kind in WITH_OPTIONS,
            **dict.fromkeys(("view_roles", "edit_roles", "required_roles"), not is_own),
        }
        for name in [name for name, is_there in has.items() if not is_there]:
            del self.fields[name]
        self.helper.layout = Layout(
            *(InlineCheckboxes(name) if name.endswith("_roles") else name for name in self.fields)
        )

    @property
    def definition(self) -> Definition:
        """What a valid form says."""
        data = {**self.cleaned_data}
        data.pop("key", None)
        data["position"] = data.get("position") or 0
        if "text_format" in data:
            data["text_format"] = TextFormat(data["text_format"])
        return Definition(**data)


def initial_of(attribute: CustomAttribute) -> dict[str, Any]:
    """Return a stored definition as the first values of `AttributeForm`."""
    return {name: getattr(attribute, name) for name in AttributeForm.base_fields}


class _ValueField(forms.Field):
    """Carries what was typed to the rules as it is; knows only how to ask."""

    def __init__(self, spec: AttributeSpec, *, is_required: bool) -> None:
        super().__init__(
            label=spec.label, help_text=spec.hint, required=is_required, widget=_widget(spec)
        )

    def clean(self, value: Any) -> Any:
        """Return `value` unchanged."""
        return value


def _widget(spec: AttributeSpec) -> forms.Widget:
    options = [(one, one) for one in spec.options]
    match spec.kind:
        case AttributeKind.NUMBER:
            return forms.TextInput(attrs={"inputmode": "decimal"})
        case AttributeKind.DATE:
            return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        case AttributeKind.CHOICE:
            return forms.Select(choices=[("", ""), *options])
        case AttributeKind.CHECKBOXES:
            return forms.CheckboxSelectMultiple(choices=options)
    return forms.TextInput()
