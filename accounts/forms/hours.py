"""When a company works."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.profile import time_zones
from accounts.rules.hours import Hours, Week, ends_late_enough
from leadportal.common.forms import BoundedDate, OneOf, PortalForm, TextLine, TimeOfDay

ENDS = ("opens", "closes")


class HoursForm(PortalForm):
    """The zone, and for each day of the week from when until when; a day without hours is free."""

    time_zone = OneOf(
        label=gettext_lazy("Time zone"),
        choices=time_zones,
        enter=gettext_lazy("Choose a time zone"),
        help_text=gettext_lazy("The hours below are those of this zone, in summer and in winter."),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        for day, name in WEEKDAYS.items():
            self.fields[f"opens_{day}"] = TimeOfDay(
                label=_("%(day)s from") % {"day": name}, required=False
            )
            self.fields[f"closes_{day}"] = TimeOfDay(
                label=_("%(day)s until") % {"day": name}, required=False
            )

    @staticmethod
    def values_of(hours: Hours) -> dict[str, object]:
        """Return what the form shows before somebody types."""
        found: dict[str, object] = {"time_zone": hours.zone.key}
        for day, span in enumerate(hours.week):
            for name, at in zip(ENDS, span or (None, None), strict=True):
                found[f"{name}_{day}"] = at and f"{at:%H:%M}"
        return found

    @property
    def days(self) -> list[list[forms.BoundField]]:
        """The two fields of each day, for the template."""
        return [[self[f"{name}_{day}"] for name in ENDS] for day in WEEKDAYS]

    def clean(self) -> dict[str, Any]:
        """Refuse a day with one end, a day that ends before it begins, and a week without a working day."""
        super().clean()
        data = self.cleaned_data
        for day in WEEKDAYS:
            if {f"opens_{day}", f"closes_{day}"} <= data.keys():
                self._check_day(day, data[f"opens_{day}"], data[f"closes_{day}"])
        if not self.errors and not any(self.week):
            sentence = _("Enter the hours of one working day at least")
            self.add_error("opens_0", ValidationError(sentence, code="week"))
        return data

    def _check_day(self, day: int, opens: time | None, closes: time | None) -> None:
        if (opens is None) != (closes is None):
            missing = "opens" if opens is None else "closes"
            sentence = _("Enter both times, or none for a free day")
            self.add_error(f"{missing}_{day}", ValidationError(sentence, code="half"))
        elif opens is not None and closes is not None and not ends_late_enough(opens, closes):
            sentence = _("Enter a later time. 00:00 is midnight at the end of the day")
            self.add_error(f"closes_{day}", ValidationError(sentence, code="order"))

    @property
    def week(self) -> Week:
        """The week as the rules read it."""
        data = self.cleaned_data
        spans = [(data[f"opens_{day}"], data[f"closes_{day}"]) for day in WEEKDAYS]
        return tuple(span if span[0] is not None else None for span in spans)


class HolidayForm(PortalForm):
    """A day, or several in a row, on which a company does not work."""

    first = BoundedDate(label=gettext_lazy("First day"), enter=gettext_lazy("Enter a date"))
    last = BoundedDate(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Empty: it is one day."),
    )
    name = TextLine(
        label=gettext_lazy("Name"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Like “Christmas”."),
    )
