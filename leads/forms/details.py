"""Contact and company of a lead: the fields that *Add lead* and *Edit Lead* share."""

from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import (
    CountryChoice,
    EmailLine,
    OneOf,
    PhoneLine,
    TextLine,
    WebAddress,
)
from leads.enums import Channel
from leads.forms.actions import ActionForm
from leads.forms.attributes import WithAttributes
from leads.forms.compared import ComparedForm
from leads.models import Lead
from leads.selectors.clashes import ATTRIBUTE
from leads.selectors.detail import Sight
from templates_app.rules.attributes import AttributeSpec
from templates_app.rules.shown import shown_value

CONTACT = ("first_name", "last_name", "email", "phone", "job_title")
COMPANY = ("company", "website", "size", "industry")
ADDRESS = ("street", "postcode", "city", "region", "country")


class DetailsForm(WithAttributes):
    """Somebody else's data, so that the browser never fills in its own user's (ux.md F2).

    A lead needs a person that one can name or reach; the company may be unknown.
    """

    first_name = TextLine(label=_("First name"), max_length=80, required=False)
    last_name = TextLine(label=_("Last name"), max_length=80, required=False)
    email = EmailLine(required=False)
    phone = PhoneLine(required=False)
    job_title = TextLine(label=_("Job title"), max_length=80, required=False)
    company = TextLine(label=_("Company"), max_length=120, required=False)
    website = WebAddress(required=False)
    size = TextLine(
        label=_("Company size"),
        max_length=20,
        required=False,
        help_text=_("Number of people, for example 50 to 249."),
    )
    industry = TextLine(label=_("Industry"), max_length=80, required=False)
    street = TextLine(label=_("Street"), max_length=120, required=False)
    postcode = TextLine(label=_("Postcode"), max_length=20, required=False)
    city = TextLine(label=_("Town"), max_length=80, required=False)
    region = TextLine(label=_("Region"), max_length=80, required=False)
    country = CountryChoice(required=False)
    channel = OneOf(
        label=_("Channel"),
        choices=Channel.slug_choices(),
        enter=_("Choose how the lead came in"),
        help_text=_("How the lead got in touch."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            Fieldset(
                _("Contact"), _row("first_name", "last_name"), _row("email", "phone"), "job_title"
            ),
            Fieldset(
                _("Company"),
                _row("company", "website"),
                _row("size", "industry"),
                "street",
                _row("postcode", "city"),
                _row("region", "country"),
            ),
            "channel",
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a lead whom nobody can name or reach."""
        data: dict[str, Any] = super().clean() or {}
        known = ("first_name", "last_name", "email", "phone")
        if not any(data.get(name) or name in self.errors for name in known):
            self.add_error("first_name", _("Enter a name, an email address or a phone number"))
        return data

    @property
    def details(self) -> dict[str, Any]:
        """The clean values as the lead stores them."""
        values = {name: self.cleaned_data[name] for name in (*CONTACT, *COMPANY, *ADDRESS)}
        return {**values, "channel": Channel.from_slug(self.cleaned_data["channel"])}


class EditForm(ComparedForm, ActionForm, DetailsForm):
    """*Edit Lead*; carries what it showed, so that nobody overwrites a change unseen."""

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, sight=sight, initial=stored_details(sight.lead), **kwargs)
        self.ask_attributes(sight.actor, sight.lead.host_id, sight.lead.attributes)
        if company := sight.lead.associated_company:
            self.button = gettext("Save and remove link to %(company)s") % {"company": company.name}

    @property
    def compared(self) -> tuple[str, ...]:
        """See `ComparedForm`."""
        asked = (f"{ATTRIBUTE}{spec.key}" for spec in self.part.specs)
        return (*CONTACT, *COMPANY, *ADDRESS, "channel", *asked)

    @property
    def typed(self) -> dict[str, Any]:
        """See `ComparedForm`."""
        asked = {f"{ATTRIBUTE}{key}": value for key, value in self.attributes.items()}
        return {**self.details, **asked}

    def label_of(self, name: str) -> str:
        """See `ComparedForm`."""
        spec = self._spec(name)
        return str(spec.label) if spec else super().label_of(name)

    def words(self, name: str, value: Any) -> str:
        """See `ComparedForm`."""
        spec = self._spec(name)
        return shown_value(spec.kind, value) if spec else super().words(name, value)

    def _spec(self, name: str) -> AttributeSpec | None:
        return next((one for one in self.part.specs if name == f"{ATTRIBUTE}{one.key}"), None)


def _row(*names: str) -> Div:
    """Put fields beside each other where there is room."""
    return Div(*names, css_class="field-row")


def stored_details(lead: Lead) -> dict[str, Any]:
    """Return what the lead holds, as the form's first values."""
    values = {name: getattr(lead, name) for name in (*CONTACT, *COMPANY, *ADDRESS)}
    return {**values, "channel": Channel(lead.channel).slug}
