"""What people set for themselves."""

import functools
import zoneinfo

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Density, Theme
from leadportal.common.forms import OneOf, PortalForm, TextLine, Tick, WholeNumber


@functools.cache  # the names stand in a folder of files
def time_zones() -> list[tuple[str, str]]:
    """Return the zones that people may choose, by name: UTC and the places, without old spellings."""
    areas = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia"}
    areas |= {"Europe", "Indian", "Pacific"}
    known = sorted(zoneinfo.available_timezones())
    places = [name for name in known if name.partition("/")[0] in areas]
    return [(name, name.replace("_", " ")) for name in ("UTC", *places)]


class ProfileForm(PortalForm):
    """Names, zone and look of one's own account."""

    autofill = {"first_name": "given-name", "last_name": "family-name"}

    first_name = TextLine(label=_("First name"), max_length=80, enter=_("Enter your first name"))
    last_name = TextLine(label=_("Last name"), max_length=80, enter=_("Enter your last name"))
    time_zone = OneOf(
        label=_("Time zone"),
        choices=time_zones,
        help_text=_("Times on every page are shown in this zone."),
        enter=_("Choose a time zone"),
    )
    theme = OneOf(
        label=_("Theme"), choices=Theme.choices, widget=forms.RadioSelect, enter=_("Choose a theme")
    )
    density = OneOf(
        label=_("Density of tables"),
        choices=Density.choices,
        widget=forms.RadioSelect,
        enter=_("Choose how dense tables are"),
    )
    shortcuts = Tick(
        label=_("Keyboard shortcuts"),
        help_text=_("Single keys, like / for the search. Press ? on any page for all of them."),
    )


class PreferencesForm(PortalForm):
    """Theme or density, from the account menu."""

    theme = OneOf(
        label=_("Theme"), choices=Theme.choices, empty="", required=False, enter=_("Choose a theme")
    )
    density = OneOf(
        label=_("Density"),
        choices=Density.choices,
        empty="",
        required=False,
        enter=_("Choose how dense tables are"),
    )


class SwitchForm(PortalForm):
    """Which company to work at."""

    company = WholeNumber(label=_("Company"), smallest=1, enter=_("Choose a company"))
