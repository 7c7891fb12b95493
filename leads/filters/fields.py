"""The fields of the filter panel. None breaks on odd input; each says in words what it cannot take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import SYSTEM
from leadportal.common.forms import SeveralOf
from leadportal.common.text import clean_line, fold
from leadportal.common.values import BadValueError
from leads.enums import Slugged
from leads.filters import ranges
from leads.selectors.options import Option, Options, Question
from leads.selectors.search import Stored
from templates_app.rules.answers import validate_answers
from templates_app.rules.attributes import AttributeSpec, validate_attributes
from templates_app.rules.fields import FieldSpec

NAME_LENGTH = 200
ROWS_MOST = 10


class Slugs(SeveralOf):
    """Several members of an enumeration, by their words in addresses."""

    def __init__(
        self, *, words: type[Slugged], members: Sequence[Slugged] = (), **options: Any
    ) -> None:
        self.words = words
        choices = [(member.slug, member.label) for member in members or words]
        super().__init__(choices=choices, enter=_("Choose from the list"), **options)

    def clean(self, value: Any) -> list[Slugged]:
        """Return the members; an empty word (status=) chooses nothing."""
        slugs = super().clean([slug for slug in value or [] if slug])
        return [self.words.from_slug(slug) for slug in dict.fromkeys(slugs)]


class NamedThing(forms.Field):
    """A product, company or person that the actor may see: chosen by its word, or called by its name.

    A select up to a hundred of them; above that a text box with suggestions, which takes the exact name.
    """

    def __init__(self, *, kind: str, **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind
        self.options: Options | None = None
        self.suggested: list[str] = []

    def clean(self, value: Any) -> list[Option]:
        """Return what is called so: more than one where vendors give products the same name."""
        text = clean_line(str(value or "")[: 4 * NAME_LENGTH])[:NAME_LENGTH]
        if not text or self.options is None:
            return []
        found = self.options.find(self.kind, text)
        if not found:
            raise ValidationError(
                gettext("We cannot find “%(name)s”. Choose from the list, or clear this filter")
                % {"name": text},
                code="unknown",
            )
        return found

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to choose."""
        return self.options is None or not self.options.offered(self.kind)

    def show_options(self, typed: str) -> None:
        """Become a select of what there is, or a text box with suggestions; `typed` is kept."""
        if self.options is None:
            return
        offered = [(option.word, option.label) for option in self.options.offered(self.kind)]
        if self.options.is_long(self.kind):
            self.widget = forms.TextInput(
                attrs={"autocomplete": "off", "list": f"{self.kind}-names"}
            )
            self.suggested = [label for _word, label in offered]
            return
        if typed and typed not in dict(offered):
            offered.append((typed, typed))
        self.widget = forms.Select(choices=[("", _("Any")), *dict.fromkeys(offered)])


@dataclass(frozen=True)
class Pair:
    """One line of the panel: a question, what was typed for it, and what is wrong with it.

    `ends` are what the two controls of a range show, `words` the value as people read it.
    """

    key: str
    value: str
    question: Question | None = None
    stored: Stored | None = None
    error: str = ""
    ends: tuple[str, str] = ("", "")
    words: str = ""


class PairsWidget(forms.Widget):
    """Reads lines of two controls whose names repeat, like attribute=budget&value=10."""

    def __init__(self, value_name: str) -> None:
        super().__init__()
        self.value_name = value_name
        self.wrong = 0

    def id_for_label(self, id_: str) -> str:
        """Return the control that an error is about."""
        return f"{id_}_{self.wrong}"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[tuple[str, str]]:
        """Return key and value of each line; a missing value is an empty one."""
        keys, values = data.getlist(name), data.getlist(self.value_name)
        values += [""] * (len(keys) - len(values))
        return list(zip(keys, values, strict=False))[:ROWS_MOST]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """See Django."""
        return name not in data


class Pairs(forms.Field):
    """Custom attributes or answers with the value that a lead must have (ux.md L13)."""

    def __init__(self, *, column: str, value_name: str, **options: Any) -> None:
        super().__init__(widget=PairsWidget(value_name), **options)
        self.column, self.value_name = column, value_name
        self.questions: Mapping[str, Question] = {}
        self.pairs: list[Pair] = []

    def clean(self, value: Any) -> list[Pair]:
        """Return the lines that are filled in; what is wrong with one stands beside it."""
        self.pairs = [self._pair(key, text) for key, text in value or [] if key or text.strip()]
        wrong = [place for place, pair in enumerate(self.pairs) if pair.error]
        if wrong:
            self.widget.wrong = wrong[0]
            raise ValidationError([self.pairs[place].error for place in wrong])
        return self.pairs

    def _pair(self, key: str, text: str) -> Pair:
        question = self.questions.get(key) or self._called(key)
        text = clean_line(text[: 4 * NAME_LENGTH])[:NAME_LENGTH]
        if question is None:
            sentence = gettext("Choose what “%(value)s” is a value of, or remove this filter")
            return Pair(
                key, text, error=sentence % {"value": text or clean_line(key[:NAME_LENGTH])}
            )
        if not text or (question.has_range and not any(map(str.strip, ranges.ends(text)))):
            sentence = gettext("Enter a value for %(label)s, or remove this filter")
            return Pair(key, text, question, error=sentence % {"label": question.label})
        if question.has_range:
            return self._range(key, text, question)
        values, error = _read(question, text)
        if error:
            return Pair(key, text, question, error=error)
        stored = Stored(self.column, question.key, values, question.hosts, question.names_prospect)
        return Pair(key, text, question, stored, words=text)

    def _range(self, key: str, text: str, question: Question) -> Pair:
        try:
            span = ranges.read_span(question, text)
        except BadValueError as bad:
            return Pair(key, text, question, error=bad.sentence, ends=ranges.ends(text))
        # One value alone is found by the index of the JSON column, which knows no order.
        alone = _read(question, ranges.typed(span.low))[0] if span.low == span.high else ()
        stored = Stored(
            self.column, question.key, alone or (span,), question.hosts, question.names_prospect
        )
        ends = (ranges.typed(span.low), ranges.typed(span.high))
        return Pair(key, text, question, stored, ends=ends, words=ranges.words(question, span))

    def _called(self, label: str) -> Question | None:
        named = (one for one in self.questions.values() if fold(one.label) == fold(label))
        return next(named, None) if label else None


def _read(question: Question, text: str) -> tuple[tuple[Any, ...], str]:
    """Return how each definition of a question stores `text`, or a sentence when none can."""
    values: list[Any] = []
    error = ""
    for spec in question.specs:
        result = _read_as(spec, text)
        error = result.errors.get(spec.key, error)
        if spec.key in result.values and result.values[spec.key] not in values:
            values.append(result.values[spec.key])
    return tuple(values), "" if values else error


def _read_as(spec: AttributeSpec | FieldSpec, text: str) -> Any:
    if isinstance(spec, AttributeSpec):
        return validate_attributes([spec], {spec.key: text}, SYSTEM)
    return validate_answers([spec], {spec.key: text})
