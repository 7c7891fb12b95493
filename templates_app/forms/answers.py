"""The form of a template version: for the public page, the wizard, and the builder's preview."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from crispy_forms.layout import Field, Layout, TemplateNameMixin
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from leadportal.common.countries import COUNTRIES
from leadportal.common.forms import OFF, PortalForm, set_autofill
from leadportal.common.text import clean_line
from templates_app.enums import FieldKind, MapsTo
from templates_app.rules.answers import HIDDEN_LENGTH, Answers, validate_answers
from templates_app.rules.fields import FieldSpec

# ux.md F2: what a browser fills in when people are asked about themselves.
AUTOFILL: dict[str, str] = {
    MapsTo.FIRST_NAME: "given-name",
    MapsTo.LAST_NAME: "family-name",
    MapsTo.EMAIL: "email",
    MapsTo.PHONE: "tel",
    MapsTo.JOB_TITLE: "organization-title",
    MapsTo.COMPANY: "organization",
    MapsTo.WEBSITE: "url",
    MapsTo.STREET: "address-line1",
    MapsTo.POSTCODE: "postal-code",
    MapsTo.CITY: "address-level2",
    MapsTo.REGION: "address-level1",
    MapsTo.COUNTRY: "country",
}
YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class AnswersForm(PortalForm):
    """Asks what `specs` say, and hands everything typed to the validator; `answers` holds the outcome.

    `is_about_visitor` says that people type their own data, so that the browser may fill it in;
    False where staff type somebody else's (ux.md F2).
    """

    answers: Answers

    def __init__(
        self,
        *args: Any,
        specs: Sequence[FieldSpec],
        is_about_visitor: bool = True,
        prefix: str = "answer",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=prefix, **kwargs)
        self.specs = tuple(specs)
        for spec in self.specs:
            if spec.kind != FieldKind.HEADING:
                field = _AnswerField(spec)
                set_autofill(field, AUTOFILL.get(spec.maps_to, OFF) if is_about_visitor else OFF)
                self.fields[spec.key] = field
        self.helper.layout = Layout(*(_laid_out(spec) for spec in self.specs))

    def clean(self) -> dict[str, Any]:
        """Let the validator judge everything at once."""
        self.answers = validate_answers(self.specs, self.cleaned_data)
        for key, sentence in self.answers.errors.items():
            self.add_error(key, sentence)
        return self.answers.values


def hidden_from_query(specs: Sequence[FieldSpec], query: Mapping[str, str]) -> dict[str, str]:
    """Return the first values of hidden fields that an address carries: /f/form/?campaign=spring."""
    return {
        spec.key: clean_line(query[spec.key][: 4 * HIDDEN_LENGTH])[:HIDDEN_LENGTH]
        for spec in specs
        if spec.kind == FieldKind.HIDDEN and spec.key in query
    }


class _AnswerField(forms.Field):
    """Carries what was typed to the validator as it is; knows only how to ask."""

    def __init__(self, spec: FieldSpec) -> None:
        super().__init__(
            label=spec.label,
            help_text=spec.help_text,
            required=spec.is_required,
            widget=_widget(spec),
        )

    def clean(self, value: Any) -> Any:
        """Return `value` unchanged."""
        return value


class _Heading(TemplateNameMixin):
    """A heading between fields; the text of vendors is a value in a template, never a template."""

    template = "templates_app/_answer_heading.html"

    def __init__(self, spec: FieldSpec) -> None:
        self.spec = spec

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> str:
        return render_to_string(self.template, {"spec": self.spec})


class _WithSpec(Field):
    """A field whose template needs to know more: the currency, the address of the policy."""

    def __init__(self, spec: FieldSpec, template: str) -> None:
        super().__init__(spec.key, template=template)
        self.spec = spec

    def render(
        self,
        form: Any,
        context: Any,
        template_pack: str = TEMPLATE_PACK,
        extra_context: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> str:
        extra = {
            **(extra_context or {}),
            "spec": self.spec,
            "crispy_prepended_text": self.spec.currency,
        }
        return super().render(form, context, template_pack, extra_context=extra, **kwargs)


def _laid_out(spec: FieldSpec) -> Any:
    if spec.kind == FieldKind.HEADING:
        return _Heading(spec)
    if spec.kind == FieldKind.MONEY:
        return _WithSpec(spec, "bootstrap5/layout/prepended_appended_text.html")
    if spec.kind == FieldKind.CONSENT and spec.link:
        return _WithSpec(spec, "templates_app/_answer_consent.html")
    return spec.key


def _choices(options: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", ""), *options]


def _options(spec: FieldSpec) -> list[tuple[str, Any]]:
    return [(one, one) for one in spec.options]


# ux.md F3: the type and the keyboard that fit the answer.
_WIDGETS: dict[str, Callable[[FieldSpec], forms.Widget]] = {
    FieldKind.SHORT_TEXT: lambda _spec: forms.TextInput(),
    FieldKind.LONG_TEXT: lambda _spec: forms.Textarea(attrs={"rows": 4}),
    FieldKind.EMAIL: lambda _spec: forms.EmailInput(attrs={"inputmode": "email"}),
    FieldKind.PHONE: lambda _spec: forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    FieldKind.NUMBER: lambda _spec: forms.TextInput(attrs={"inputmode": "decimal"}),
    FieldKind.MONEY: lambda _spec: forms.TextInput(attrs={"inputmode": "decimal"}),
    FieldKind.DATE: lambda _spec: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    FieldKind.CHOICE: lambda spec: forms.Select(choices=_choices(_options(spec))),
    FieldKind.CHOICES: lambda spec: forms.CheckboxSelectMultiple(choices=_options(spec)),
    FieldKind.YES_NO: lambda _spec: forms.RadioSelect(choices=YES_NO),
    FieldKind.COUNTRY: lambda _spec: forms.Select(choices=_choices(COUNTRIES)),
    FieldKind.CONSENT: lambda _spec: forms.CheckboxInput(),
    FieldKind.HIDDEN: lambda _spec: forms.HiddenInput(),
}


def _widget(spec: FieldSpec) -> forms.Widget:
    if spec.maps_to == MapsTo.WEBSITE and spec.kind == FieldKind.SHORT_TEXT:
        return forms.TextInput(attrs={"type": "url", "inputmode": "url"})
    return _WIDGETS[spec.kind](spec)
