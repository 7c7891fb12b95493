"""The filters of the lead list over access rows; an unusable value is named and left out."""

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common.forms import BoundedDate, OneOf, PortalForm
from leadportal.common.pagination import Order
from leads.enums import Outcome, Progress, Qualification, SourceKind, Status
from leads.filters.columns import (
    NEAR,
    ImportFilter,
    InChargeFilter,
    KindFilter,
    NamedFilter,
    PartFilter,
    ReasonFilter,
    RecipientFilter,
    ScoreFilter,
    SlugsFilter,
    StageFilter,
    WaitingFilter,
)
from leads.filters.fields import Pair, Pairs
from leads.models import LeadAccess
from leads.selectors.options import Options, answer_questions, attribute_questions
from leads.selectors.search import Rows, Stored

FARTHEST = 1_000_000
AXES = {
    "created": ("created_at", _("Created")),
    "updated": ("updated_at", _("Updated")),
    "status": ("status_changed_at", _("Status changed")),
}
QUESTIONS = {"attribute": attribute_questions, "question": answer_questions}
EMPTY: tuple[Any, ...] = ("", None, [], ())
NAMED = (
    "product",
    "marketplace",
    "template",
    "recipient",
    "in_charge",
    "imported",
    "reason",
    "referrer",
)
# An index begins with the desk and one of these, and goes on with the day of creation.
INDEXED = frozenset(
    "status kind product_id marketplace_id template_id holder_id in_charge_id source_kind qualification"
    " progress outcome is_mql is_sql".split()
)


class LeadFilterForm(PortalForm):
    """The panel: nothing in it is required."""

    is_filter = True
    field_order = ("date_axis", "from", "to", "status")

    def clean(self) -> dict[str, Any]:
        """Refuse ranges that end before they start; both ends are kept, and neither is used."""
        super().clean()
        self._refuse("from", "to", _("End date must be the same as or after the start date"))
        self._refuse(
            "score_from", "score_to", _("Highest score must be the same as or more than the lowest")
        )
        return self.cleaned_data

    def _refuse(self, lower: str, upper: str, sentence: Any) -> None:
        least, most = self.cleaned_data.get(lower), self.cleaned_data.get(upper)
        if least is not None and most is not None and most < least:
            self.add_error(upper, ValidationError(sentence, code="order"))
            del self.cleaned_data[lower]


class LeadFilterSet(django_filters.FilterSet):
    """Every filter of domain.md section 5, in its order.

    `rows` narrows a scoped queryset; `stored` is what must stand on the lead itself. Deleted leads are left
    out unless their status is chosen.
    """

    date_axis = PartFilter(
        OneOf, label=_("Date"), choices=[(word, label) for word, (_column, label) in AXES.items()]
    )
    status = SlugsFilter("status", "in", label=_("Status"), words=Status)
    qualification = SlugsFilter(
        "qualification", "in", label=_("Qualification"), words=Qualification
    )
    progress = SlugsFilter("progress", "in", label=_("Progress"), words=Progress)
    outcome = SlugsFilter(
        "outcome",
        "in",
        label=_("Outcome"),
        words=Outcome,
        members=[Outcome.OPEN, Outcome.WON, Outcome.LOST],
    )
    kind = KindFilter(
        "kind",
        label=_("Product kind"),
        choices=[("application", _("Applications")), ("service", _("Services"))],
        empty=_("All"),
        enter=_("Choose from the list"),
    )
    product = NamedFilter("product_id", label=_("Product"), kind="product")
    marketplace = NamedFilter("marketplace_id", label=_("Marketplace"), kind="marketplace")
    template = NamedFilter("template_id", label=_("Template"), kind="template")
    recipient = RecipientFilter("holder_id", label=_("Recipient"), kind="recipient")
    in_charge = InChargeFilter("in_charge_id", label=_("Person in charge"), kind="in_charge")
    source = SlugsFilter("source_kind", "in", label=_("Source"), words=SourceKind)
    imported = ImportFilter("lead", label=_("Import"), kind="imported")
    reason = ReasonFilter("lead__closed_reason", label=_("Disqualify reason"), kind="reason")
    referrer = NamedFilter("lead__maker", label=_("Referred by"), kind="referrer")
    score_from = ScoreFilter(
        "score", "gte", label=_("Lowest score"), smallest=-FARTHEST, largest=FARTHEST
    )
    score_to = ScoreFilter(
        "score", "lte", label=_("Highest score"), smallest=-FARTHEST, largest=FARTHEST
    )
    stage = StageFilter(
        label=_("Stage"),
        choices=[
            (NEAR, _("Close to the threshold")),
            ("mql", _("Marketing qualified (MQL)")),
            ("sql", _("Sales qualified (SQL)")),
        ],
        enter=_("Choose from the list"),
    )
    waiting = WaitingFilter(
        label=_("Waiting"),
        choices=[
            ("yes", _("Over 48 hours")),
            ("unopened", _("Not opened by anybody here")),
            ("unnoted", _("In my charge, without a note")),
        ],
        enter=_("Choose from the list"),
    )
    attribute = PartFilter(
        Pairs, label=_("Custom attribute"), column="attributes", value_name="value"
    )
    question = PartFilter(
        Pairs, label=_("Answer on the form"), column="answers", value_name="answer"
    )

    class Meta:
        model = LeadAccess
        fields: list[str] = []
        form = LeadFilterForm

    def __init__(self, data: QueryDict, rows: Rows, *, actor: Person, options: Options) -> None:
        super().__init__(data, rows)
        self.actor, self.options = actor, options

    @property
    def form(self) -> LeadFilterForm:
        """See django-filter; the fields learn here what the actor may choose from."""
        if not hasattr(self, "_form"):
            form = super().form
            for name in NAMED:
                form.fields[name].options = self.options
            for name, questions in QUESTIONS.items():
                if any(self.data.getlist(name)):
                    form.fields[name].questions = questions(self.actor)
        return super().form

    @cached_property
    def values(self) -> dict[str, Any]:
        """What can be used of what was asked for: a clean value for each filter in force."""
        self.form.full_clean()
        return {
            name: value
            for name, value in self.form.cleaned_data.items()
            if value not in EMPTY and name != "date_axis"
        }

    @property
    def axis(self) -> str:
        """The day that the date range is about."""
        return self.form.cleaned_data.get("date_axis") or "created"

    @property
    def columns(self) -> frozenset[str]:
        """The columns that are narrowed, beside the exclusion of deleted leads."""
        columns: set[str] = set()
        for name in self.values:
            columns |= self.filters[name].columns
        if {"from", "to"} & self.values.keys():
            columns.add(AXES[self.axis][0])
        return frozenset(columns)

    @property
    def stored(self) -> tuple[Stored, ...]:
        """What must stand on the lead: values of custom attributes and answers."""
        pairs: list[Pair] = [pair for name in QUESTIONS for pair in self.values.get(name, ())]
        return tuple(pair.stored for pair in pairs if pair.stored)

    def suits_index(self, order: Order, more: frozenset[str] = frozenset()) -> bool:
        """Say whether one index answers these filters, and `more` narrowed columns, in this order."""
        others = (self.columns | more) - {order.fields[0]}
        is_by_creation = order.fields[0] == "created_at"
        return not others or (is_by_creation and len(others) == 1 and others <= INDEXED)

    def filter_queryset(self, rows: Rows) -> Rows:
        """See django-filter."""
        rows = self.in_any_status
        if "status" in self.values:
            return self.filters["status"].filter(rows, self.values["status"])
        # Deleted is the last step of life: the others are one range of the index.
        return rows.filter(status__lt=Status.DELETED)

    @cached_property
    def in_any_status(self) -> Rows:
        """The rows that all filters but the status leave."""
        rows = self.queryset
        for name, value in self.values.items():
            if name != "status":
                rows = self.filters[name].filter(rows, value)
        column, _label = AXES[self.axis]
        if first := self.values.get("from"):
            rows = rows.filter(**{f"{column}__gte": midnight(first)})
        if last := self.values.get("to"):
            rows = rows.filter(**{f"{column}__lt": midnight(last + timedelta(days=1))})
        return rows


# Words that Python keeps for itself.
for _word, _label in (("from", _("From")), ("to", _("Until"))):
    LeadFilterSet.base_filters[_word] = PartFilter(BoundedDate, label=_label)


def midnight(day: date) -> datetime:
    """Return the moment at which `day` begins in the viewer's zone."""
    return timezone.make_aware(datetime.combine(day, time.min))
