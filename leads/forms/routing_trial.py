"""Dry run and publishing: which leads to try, and from when a version counts."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import (
    BoundedDate,
    CountryChoice,
    OneOf,
    PortalForm,
    TextLine,
    Tick,
    TimeOfDay,
    WholeNumber,
)
from leads.models.routing import NOTE_LENGTH
from leads.rules.routing.matching import Subject
from leads.selectors.routing_words import Catalogue

SCOPES = (
    ("waiting", _("Leads that wait for a manager, oldest first (up to 1,000)")),
    ("50", _("The last 50 leads")),
    ("200", _("The last 200 leads")),
    ("1000", _("The last 1,000 leads")),
    ("view", _("The leads of a view, in its order (up to 1,000)")),
    ("lead", _("One lead")),
)
MOST = 1_000
_TYPED = ("country", "region", "postcode", "city", "size", "industry", "score")
_CHOSEN = ("product", "source")


class TrialForm(PortalForm):
    """Which leads to try the rules on."""

    what = OneOf(label=_("Leads"), choices=SCOPES, enter=_("Choose the leads"))
    lead = TextLine(
        label=_("Lead ID"), max_length=16, required=False, help_text=_("Only for one lead.")
    )
    changes = Tick(label=_("Show only changes"))

    def __init__(self, *args: Any, views: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["view"] = OneOf(
            label=_("View"),
            choices=views,
            empty=_("Choose…"),
            required=False,
            help_text=_("Only for the leads of a view."),
        )
        self.order_fields(["what", "view", "lead", "changes"])

    def clean(self) -> dict[str, Any]:
        """Ask for the view, or for the Lead ID of one lead."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("what") == "view" and not data.get("view"):
            self.add_error("view", _now("Choose a view"))
        if data.get("what") == "lead" and not data.get("lead"):
            self.add_error("lead", _now("Enter a Lead ID"))
        return data

    @property
    def wanted(self) -> dict[str, Any]:
        """What `leads_to_try` takes."""
        what = self.cleaned_data["what"]
        number = int(what) if what.isdigit() else MOST
        lead = self.cleaned_data["lead"].upper() if what == "lead" else ""
        return {"what": what, "number": number, "lead": lead}


class ValuesForm(PortalForm):
    """A lead that somebody makes up."""

    country = CountryChoice(required=False)
    region = TextLine(label=_("Region"), max_length=80, required=False)
    postcode = TextLine(label=_("Postcode"), max_length=20, required=False)
    city = TextLine(label=_("Town"), max_length=80, required=False)
    size = TextLine(label=_("Company size"), max_length=20, required=False)
    industry = TextLine(label=_("Industry"), max_length=80, required=False)
    score = WholeNumber(label=_("Score"), smallest=-10_000, largest=10_000, required=False)

    def __init__(self, *args: Any, catalogue: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for word in _CHOSEN:
            self.fields[word] = OneOf(
                label=catalogue.labels[word],
                choices=catalogue.choices(word),
                empty="",
                required=False,
            )

    @property
    def subject(self) -> Subject:
        """The lead as rules look at it."""
        data = self.cleaned_data
        values = {name: data.get(name) for name in (*_TYPED, *_CHOSEN)}
        said = {name: str(value) for name, value in values.items() if value not in (None, "")}
        return Subject({"score": "0", **said})


class PublishForm(PortalForm):
    """The note of a version, its start, and whether it is for the leads that wait already."""

    note = TextLine(
        label=_("What has changed, for your colleagues"), max_length=NOTE_LENGTH, required=False
    )
    start_on = BoundedDate(
        label=_("Counts from"), required=False, help_text=_("Empty: from now on.")
    )
    start_at = TimeOfDay(label=_("At"), required=False)
    applies = Tick(label=_("Give the leads that wait already, too"))

    def __init__(self, *args: Any, waiting: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        more = _("more than 10,000") if waiting > MOST * 10 else f"{waiting:,}"
        self.fields["applies"].help_text = _now("%(n)s leads wait for a manager now.") % {"n": more}

    @property
    def starts_at(self) -> datetime | None:
        """The moment of the start in the reader's zone; None for now."""
        day = self.cleaned_data["start_on"]
        at = self.cleaned_data["start_at"] or time(0)
        return timezone.make_aware(datetime.combine(day, at)) if day else None
