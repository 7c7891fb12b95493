"""The filter panel of the lead list: every field with what it offers, ready for the template."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from django.utils import timezone
from django.utils.translation import gettext

from leadportal.common import clock
from leads.filters import Asked, LeadFilterSet
from leads.filters.asked import PAIRS
from leads.filters.fields import Pair
from leads.filters.leads import NAMED, QUESTIONS
from leads.selectors.options import OFFERED_MOST, Question
from leads.views.paging import Link


@dataclass(frozen=True)
class Line:
    """A question of the panel with its value: which of `questions` it is, what was typed, what is wrong."""

    name: str
    value_name: str
    questions: list[Question]
    pair: Pair
    number: int = 0

    @property
    def suggested(self) -> list[Question]:
        """What a text box suggests."""
        return self.questions[:OFFERED_MOST]

    @property
    def options(self) -> list[str]:
        """What the value can be chosen from; what was typed stays a choice."""
        question, value = self.pair.question, self.pair.value
        offered = list(question.options) if question else []
        return offered if not value or value in offered else [*offered, value]

    @property
    def label(self) -> str:
        """What the first control chooses."""
        return str(LeadFilterSet.base_filters[self.name].label)

    @property
    def is_long(self) -> bool:
        """Whether there are too many questions for a select."""
        return len(self.questions) > OFFERED_MOST

    @property
    def control(self) -> str:
        """The type of the value's control."""
        question = self.pair.question
        if question is None:
            return "text"
        if question.kind in {"yes_no", "consent"}:
            return "yes_no"
        if question.has_range:
            return "range"
        return "select" if question.options else "text"

    @property
    def input_type(self) -> str:
        """The type of both controls of a range."""
        is_date = self.pair.question is not None and self.pair.question.kind == "date"
        return "date" if is_date else "number"


class Panel:
    """The filter panel: every field with what it offers."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.form = asked.filters.form
        for name in NAMED:
            field: Any = self.form.fields[name]
            field.show_options(self.form[name].value() or "")

    @property
    def fields(self) -> list[Any]:
        """The fields in the order of domain.md section 5; those without anything to choose are left out."""
        return [
            self.form[name]
            for name in self.form.fields
            if name not in PAIRS
            and not (name in NAMED and cast(Any, self.form.fields[name]).is_empty)
        ]

    @property
    def lines(self) -> dict[str, list[Line]]:
        """The lines of custom attributes, one to begin with, and of answers; one more when asked for."""
        return {name: self._lines(name) for name in PAIRS}

    def _lines(self, name: str) -> list[Line]:
        field: Any = self.form.fields[name]
        pairs = list(field.pairs)
        if self.asked.query.get("add") == name or (name == "attribute" and not pairs):
            pairs.append(Pair("", ""))
        # Forms have asked for much; where no line shows it, it is not read.
        questions = pairs and (field.questions or QUESTIONS[name](self.asked.actor))
        offered = list(questions.values()) if questions else []
        return [
            Line(name, field.value_name, offered, pair, number) for number, pair in enumerate(pairs)
        ]

    @property
    def spans(self) -> list[Link]:
        """The date ranges that are one click away."""
        today = timezone.localdate(clock.now())
        starts = [
            (gettext("Today"), today),
            (gettext("Last 7 days"), today - timedelta(days=6)),
            (gettext("Last 30 days"), today - timedelta(days=29)),
            (gettext("This month"), today.replace(day=1)),
        ]
        return [Link(label, self._days(start, today)) for label, start in starts]

    def _days(self, first: date, last: date) -> str:
        ends: dict[str, Any] = {"from": first.isoformat(), "to": last.isoformat()}
        return self.asked.address(**ends)

    @property
    def zone(self) -> str:
        """The zone that days are counted in."""
        return timezone.get_current_timezone_name()
