"""Territories by their places, and who is away."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from leadportal.common.countries import COUNTRIES
from leadportal.common.forms import BoundedDate, OneOf, PortalForm, TextBlock, TextLine
from leadportal.common.text import fold
from leads.forms.routing import POSTCODE_LENGTH, WhoForm, who_field
from leads.rules.routing.book import Area
from leads.rules.routing.matching import postcode_key
from leads.selectors.routing_pages import Option


class TerritoryForm(PortalForm):
    """A territory: its name, its places, and who looks after it."""

    name = TextLine(label=_("Name"), max_length=80, enter=_("Enter a name"))
    areas = TextBlock(
        label=_("Places"),
        max_length=20_000,
        enter=_("Enter at least one country, region or range of postcodes"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "One on each line: a country (Portugal), a region (Spain, Galicia), or postcodes (Portugal 4000–4999)."
        ),
    )

    def __init__(self, *args: Any, owners: Sequence[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = OneOf(
            label=_("Owner"),
            choices=[(str(one.member.company_id), one.label) for one in owners],
            empty=_("Nobody"),
            required=False,
            help_text=_("A rule can give leads to the owner of the territory."),
        )

    def clean_areas(self) -> tuple[Area, ...]:
        """Read the places; the first that cannot be read is named."""
        lines = self.cleaned_data["areas"].splitlines()
        return tuple(dict.fromkeys(_area(line.strip()) for line in lines if line.strip()))


_CODES = {fold(str(name)): code for code, name in COUNTRIES} | {
    code.lower(): code for code, _n in COUNTRIES
}


def _area(line: str) -> Area:
    """Read a line: a country, a region of it after a comma, postcodes at the end."""
    head, low, high = line, "", ""
    words = line.replace("—", "–").replace(" – ", "–").replace(" to ", "–").split(" ")
    last = words[-1]
    if any(char.isdigit() for char in last) and ("–" in last or "-" in last):
        low, _dash, high = last.partition("–") if "–" in last else last.partition("-")
        head = " ".join(words[:-1])
    country, _comma, region = head.partition(",")
    code = _CODES.get(fold(country.strip()))
    if code is None:
        raise forms.ValidationError(
            _now("“%(line)s” does not begin with a country. Check how it is spelled.")
            % {"line": line[:80]}
        )
    if (
        bool(low) != bool(high)
        or postcode_key(high) < postcode_key(low)
        or max(len(low), len(high)) > POSTCODE_LENGTH
    ):
        raise forms.ValidationError(
            _now("Postcodes are written like 4000–4999: “%(line)s” is not.") % {"line": line[:80]}
        )
    return Area(code, region.strip()[:80], low, high)


class DaysForm(PortalForm):
    """From when to when somebody is away."""

    first_day = BoundedDate(label=_("First day away"), enter=_("Enter a date"))
    last_day = BoundedDate(label=_("Last day away"), enter=_("Enter a date"))


class AbsenceForm(DaysForm, WhoForm):
    """Who is away, and from when to when."""

    def __init__(self, *args: Any, options: Sequence[Option], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = options
        self.fields["who"] = who_field(_("Company or person"), options, required=True)
        self.order_fields(["who", "first_day", "last_day"])

    def clean(self) -> dict[str, Any]:
        """Find who is meant."""
        data: dict[str, Any] = super().clean() or {}
        if "who" in data:
            data["member"] = self.member("who", self.options)
        return data
