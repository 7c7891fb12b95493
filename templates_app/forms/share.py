"""Where an embedded form may stand, and how it looks there (ux.md F9)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm, TextBlock, TextLine
from leadportal.common.text import clean_line
from templates_app.enums import Corner
from templates_app.rules.sites import SITES_MOST, read_sites
from templates_app.rules.themes import accent_problem

_LINE = 300


class SiteLines(TextBlock):
    """Web sites, one on each line; a list of origins."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_LINE * SITES_MOST, **options)

    def read(self, value: Any) -> Any:
        """See `ReadField`."""
        lines = (clean_line(line) for line in super().read(value).split("\n"))
        return read_sites([line for line in lines if line])

    def prepare_value(self, value: Any) -> Any:
        """Show stored sites as lines."""
        return "\n".join(value) if isinstance(value, list) else value


class EmbedForm(PortalForm):
    """The settings of a form on other sites."""

    allowed_sites = SiteLines(
        label=_("Allowed sites"),
        required=False,
        help_text=_(
            "One on each line, like https://www.example.com. Pages of other sites cannot show the form."
        ),
    )
    accent = TextLine(
        label=_("Accent colour"),
        max_length=7,
        enter=_("Choose a colour"),
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_("Of buttons and links. White text has to be readable on it."),
    )
    corner = OneOf(label=_("Corners"), choices=Corner.choices, enter=_("Choose the corners"))

    def clean_accent(self) -> str:
        """Return the colour; say why it cannot be read, and which one can."""
        accent: str = self.cleaned_data["accent"]
        if problem := accent_problem(accent):
            raise ValidationError(problem, code="bad")
        return accent

    def clean_corner(self) -> Corner:
        """Return the corners as the services know them."""
        return Corner(self.cleaned_data["corner"])
