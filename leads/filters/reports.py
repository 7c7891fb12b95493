"""What an address of a report asks for: a period, the one before it, a product, a recipient (ux.md R4)."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.forms import BoundedDate, OneOf, PortalForm, Tick
from leads.filters.asked import Asked
from leads.filters.fields import NamedThing
from leads.filters.months import month_after
from leads.selectors.options import Options
from leads.selectors.search import Rows

DEFAULT = timedelta(days=89)
EARLIEST = date(1900, 1, 1)  # as far as the list's own dates go
LONGEST = timedelta(days=5 * 366)
NARROWING = ("product", "recipient")
KEPT = ("from", "to", "by", *NARROWING, "compare")
STEPS = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
# More columns than these are no picture any more.
COLUMNS_MOST = 370
DAYS_BEST = 31


@dataclass(frozen=True)
class Period:
    """Whole days in the reader's zone, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1

    def before(self, other: "Period") -> "Period":
        """Return this part of `other`, as far back as `other` is long."""
        back = timedelta(days=other.days)
        return Period(self.first - back, self.last - back)

    def parts(self, step: str) -> list["Period"]:
        """Return the days, weeks (from Monday) or months, cut at both ends."""
        found, first = [], self.first
        while first <= self.last:
            last = min(_end_of(first, step), self.last)
            found.append(Period(first, last))
            first = last + timedelta(days=1)
        return found


def _end_of(day: date, step: str) -> date:
    if step == "week":
        return day + timedelta(days=6 - day.weekday())
    if step == "month":
        return month_after(day) - timedelta(days=1)
    return day


class ReportForm(PortalForm):
    """The line above a report; nothing in it is required."""

    is_filter = True

    by = OneOf(
        label=_("Columns"),
        choices=list(STEPS.items()),
        empty=_("Best fit"),
        enter=_("Choose from the list"),
        required=False,
    )
    product = NamedThing(label=_("Product"), kind="product", required=False)
    recipient = NamedThing(label=_("Recipient"), kind="recipient", required=False)
    compare = Tick(label=_("Compare with the period before"))

    field_order = ("from", "to", "by", *NARROWING, "compare")

    def __init__(self, query: QueryDict, options: Options) -> None:
        super().__init__(query)
        for name in NARROWING:
            field: Any = self.fields[name]
            field.options = options

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts, and one that is too long."""
        super().clean()
        first, last = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if first and last and last < first:
            sentence = _("End date must be the same as or after the start date")
            self.add_error("to", ValidationError(sentence, code="order"))
            del self.cleaned_data["from"]
        elif first and (last or today()) - first > LONGEST:
            self.add_error("from", ValidationError(_("Choose at most five years"), code="long"))
        return self.cleaned_data


# Words that Python keeps for itself.
for _word, _label in (("from", _("From")), ("to", _("Until"))):
    ReportForm.base_fields[_word] = BoundedDate(label=_label, required=False)


def today() -> date:
    """Return the reader's day."""
    return timezone.localdate(clock.now())


class ReportAsked:
    """What an address asks for, for one actor; what cannot be used stands in the form's errors."""

    def __init__(self, query: QueryDict, actor: Person) -> None:
        self.actor = actor
        self.options = Options(actor)
        self.query = query
        typed = query.copy()
        if not (query.get("from") or query.get("to")):
            typed["from"] = (today() - DEFAULT).isoformat()
            typed["to"] = today().isoformat()
        self.form = ReportForm(typed, self.options)
        self.form.full_clean()

    @cached_property
    def period(self) -> Period:
        """The days in which the leads were created: 90 up to today where none were named."""
        clean = self.form.cleaned_data
        first, last = clean.get("from"), clean.get("to")
        if first and not last:
            return Period(first, max(first, today()))
        last = last or today()
        return Period(first or max(last - DEFAULT, EARLIEST), last)

    @property
    def earlier(self) -> Period:
        """As many days before them."""
        return self.period.before(self.period)

    @property
    def compares(self) -> bool:
        """Whether the period before is asked for too."""
        return bool(self.form.cleaned_data.get("compare")) and self.earlier.first >= EARLIEST

    @property
    def step(self) -> str:
        """How long a column is: as asked for, unless there were too many."""
        days = self.period.days
        word = self.form.cleaned_data.get("by") or ("day" if days <= DAYS_BEST else "week")
        return "week" if word == "day" and days > COLUMNS_MOST else word

    @cached_property
    def narrowing(self) -> dict[str, list[str]]:
        """The filters beside the period, as the list knows them."""
        clean = self.form.cleaned_data
        return {name: self.query.getlist(name)[-1:] for name in NARROWING if clean.get(name)}

    def rows(self, period: Period) -> Rows:
        """Return the access rows of a period, deleted ones too: those of the list behind `leads_url`."""
        query = QueryDict(mutable=True)
        query.update({"from": period.first.isoformat(), "to": period.last.isoformat()})
        for name, words in self.narrowing.items():
            query.setlist(name, words)
        asked = Asked(query, self.actor)
        asked.options = self.options
        return asked.filters.in_any_status

    def leads_url(self, period: Period, **filters: list[str]) -> str:
        """Return the address of the list of exactly these leads."""
        days = {"from": [period.first.isoformat()], "to": [period.last.isoformat()]}
        return _address(reverse("leads:list"), {**self.narrowing, **days, **filters})

    def address(self, name: str, *args: str, **changes: str) -> str:
        """Return the address of a page about the same leads."""
        kept = {key: self.query.getlist(key)[-1:] for key in KEPT if self.query.get(key)}
        return _address(
            reverse(name, args=args), {**kept, **{key: [one] for key, one in changes.items()}}
        )


def _address(path: str, parameters: dict[str, list[str]]) -> str:
    query = urlencode(parameters, doseq=True)
    return f"{path}?{query}" if query else path
