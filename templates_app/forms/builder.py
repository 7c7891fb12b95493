"""Forms of the template builder: the template itself, one field of it, and where a field goes."""

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import (
    Amount,
    OneOf,
    OneRow,
    PortalForm,
    TextBlock,
    TextLine,
    Tick,
    WebAddress,
    WholeNumber,
)
from leadportal.common.text import clean_line
from leadportal.common.values import LARGEST
from templates_app.enums import FieldKind, MapsTo
from templates_app.models import Product
from templates_app.rules.fields import (
    CURRENCIES,
    LIMITED_NUMBER,
    LIMITED_TEXT,
    LONGEST_TEXT,
    NEVER_REQUIRED,
    OPTION_LENGTH,
    OPTIONS_MOST,
    WITH_OPTIONS,
    FieldSpec,
    can_map,
)


class TemplateForm(PortalForm):
    """Name and product of a lead template."""

    name = TextLine(label=_("Name"), max_length=120, enter=_("Enter a name for the template"))
    product = OneRow(
        label=_("Product"),
        required=False,
        empty_label=_("Any product"),
        help_text=_("A template for one product can only be listed with it."),
    )

    def __init__(self, *args: Any, products: "QuerySet[Product]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(product=products)


class EditTemplateForm(TemplateForm):
    """The same, with what the prospect gets by mail."""

    sends_acknowledgement = Tick(
        label=_("Acknowledge by email"),
        help_text=_("Whoever sends the form gets an email with the receipt, once."),
    )
    acknowledgement = TextBlock(
        label=_("What happens next"),
        max_length=1000,
        required=False,
        help_text=_(
            "Said in that email, beside the receipt and the day by which somebody answers."
        ),
    )
    masks_contact = Tick(
        label=_("Mask the contact until a lead is accepted"),
        help_text=_(
            "Partners and sales support see what is wanted and where, and learn name, email, phone, company and"
            " street when they accept. Answers that people type freely are masked, too."
        ),
    )


class NewTemplateForm(TemplateForm):
    """The same, with a first set of fields to start from."""

    with_contact_fields = Tick(
        label=_("Start with name, email and company"),
        help_text=_("Four fields that nearly every form asks. You can change or remove them."),
    )


class OptionLines(TextBlock):
    """Options of a choice, one on each line; a tuple of clean lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=(OPTION_LENGTH + 2) * (OPTIONS_MOST + 20), **options)

    def read(self, value: Any) -> Any:
        """See `ReadField`."""
        return tuple(line for line in map(clean_line, super().read(value).split("\n")) if line)

    def prepare_value(self, value: Any) -> Any:
        """Show stored options as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value


class FieldForm(PortalForm):
    """One question of the type `kind`, with the settings that this type has and no others."""

    label = TextLine(label=_("Label"), max_length=200, enter=_("Enter a label"))
    help_text = TextLine(
        label=_("Help text"),
        max_length=300,
        required=False,
        help_text=_("Why you ask, or an example. Shown above the answer."),
    )
    link = WebAddress(
        label=_("Policy address"),
        required=False,
        help_text=_("Where people read what they agree to. Opens in a new tab."),
    )
    options = OptionLines(
        label=_("Options"),
        enter=_("Enter at least two options, one on each line"),
        help_text=_("One on each line."),
    )
    currency = OneOf(
        label=_("Currency"),
        choices=[(code, code) for code in CURRENCIES],
        enter=_("Choose a currency"),
        initial="EUR",
    )
    max_length = WholeNumber(
        label=_("Longest text"),
        smallest=1,
        largest=LONGEST_TEXT,
        required=False,
        help_text=_(
            "In characters. What fills a part of the lead has the limit of that part, too."
        ),
    )
    min_value = Amount(label=_("Smallest"), smallest=-LARGEST, largest=LARGEST, required=False)
    max_value = Amount(label=_("Largest"), smallest=-LARGEST, largest=LARGEST, required=False)
    maps_to = OneOf(
        label=_("Fills in the lead"),
        choices=MapsTo.choices,
        empty=_("Nothing: it stays an answer"),
        required=False,
        help_text=_("The part of the lead that the answer becomes, and what browsers may fill in."),
    )
    is_required = Tick(label=_("Required"))

    def __init__(self, *args: Any, kind: FieldKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for name in _settings_without(kind):
            del self.fields[name]
        if "maps_to" in self.fields:
            parts = [part for part in MapsTo if can_map(kind, part)]
            cast(OneOf, self.fields["maps_to"]).choices = [
                ("", _("Nothing: it stays an answer")),
                *((part.value, part.label) for part in parts),
            ]

    @property
    def spec(self) -> FieldSpec:
        """The question that a valid form describes; its key is the services' matter."""
        data = self.cleaned_data
        return FieldSpec(
            key="",
            label=data["label"],
            kind=self.kind,
            help_text=data.get("help_text", ""),
            is_required=data.get("is_required", False),
            options=data.get("options", ()),
            max_length=data.get("max_length"),
            min_value=data.get("min_value"),
            max_value=data.get("max_value"),
            currency=data.get("currency", ""),
            maps_to=data.get("maps_to", ""),
            link=data.get("link", ""),
        )


class PositionForm(PortalForm):
    """Where a field goes."""

    position = WholeNumber(
        label=_("Position"), smallest=1, largest=1000, enter=_("Enter a position, like 3")
    )


def initial_of(spec: FieldSpec) -> dict[str, Any]:
    """Return a stored question as the first values of `FieldForm`."""
    return {name: getattr(spec, name) for name in FieldForm.base_fields}


def _settings_without(kind: FieldKind) -> list[str]:
    """Return the settings that a field of `kind` does not have."""
    has = {
        "help_text": kind != FieldKind.HIDDEN,
        "link": kind == FieldKind.CONSENT,
        "options": kind in WITH_OPTIONS,
        "currency": kind == FieldKind.MONEY,
        "max_length": kind in LIMITED_TEXT,
        "min_value": kind in LIMITED_NUMBER,
        "max_value": kind in LIMITED_NUMBER,
        "maps_to": any(can_map(kind, part) for part in MapsTo),
        "is_required": kind not in NEVER_REQUIRED,
    }
    return [name for name, is_there in has.items() if not is_there]
