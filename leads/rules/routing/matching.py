"""Which rule a lead meets first."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from leadportal.common.text import fold
from leads.rules.routing.book import Area, Book, Condition, Op, Rule, Territory

# Where a field is found; "attribute:key" and "answer:key" stand beside these.
CHOSEN = ("territory", "country", "product", "marketplace", "template", "source", "channel")
NUMBERS = ("size", "score")
TEXTS = ("region", "city", "company", "industry", "job_title", "website", "email")
FIELDS = (*CHOSEN, *NUMBERS, "postcode", *TEXTS)
ATTRIBUTE, ANSWER = "attribute:", "answer:"

# Above this a text is no number that anybody means; Python itself refuses to read very long ones.
_LONGEST_NUMBER = 15


@dataclass(frozen=True)
class Subject:
    """A lead as rules look at it. `values` holds what is chosen (ids and codes) and texts, by field."""

    values: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    vendor_id: int | None = None

    def texts(self, name: str) -> list[str]:
        """Return what the lead says of a field: nothing, one text, or those of several boxes."""
        if name.startswith(ATTRIBUTE):
            found = self.attributes.get(name.removeprefix(ATTRIBUTE))
        elif name.startswith(ANSWER):
            found = self.answers.get(name.removeprefix(ANSWER))
        else:
            found = self.values.get(name)
        many = found if isinstance(found, list) else [found]
        return [str(one) for one in many if one not in (None, "")]


def match(subject: Subject, book: Book) -> Rule:
    """Return the first rule that is on and whose conditions all hold; *Otherwise* at last."""
    for rule in book.rules[:-1]:
        if rule.is_on and all(holds(one, subject, book) for one in rule.conditions):
            return rule
    return book.rules[-1]


def holds(condition: Condition, subject: Subject, book: Book) -> bool:
    """Say whether a condition is so for a lead."""
    if condition.field == "territory":
        named = (book.territory(key) for key in condition.values)
        is_inside = any(lies_in(subject, one) for one in named if one)
        return is_inside == (condition.op == Op.ONE_OF)
    texts = subject.texts(condition.field)
    if condition.op == Op.EMPTY:
        return not texts
    if condition.op == Op.NONE_OF:
        return not _any(_is_one, texts, condition)
    return _any(_TESTS[condition.op], texts, condition)


def _any(test: Callable[[str, Condition], bool], texts: list[str], condition: Condition) -> bool:
    return any(test(text, condition) for text in texts)


def _is_one(text: str, condition: Condition) -> bool:
    return fold(text) in {fold(value) for value in condition.values}


def _at_least(text: str, condition: Condition) -> bool:
    span = span_of(text)
    return span is not None and span[0] >= _limit(condition)


def _at_most(text: str, condition: Condition) -> bool:
    span = span_of(text)
    return span is not None and span[1] is not None and span[1] <= _limit(condition)


def _limit(condition: Condition) -> float:
    span = span_of(condition.values[0])
    return span[0] if span else 0


_TESTS: dict[Op, Callable[[str, Condition], bool]] = {
    Op.ONE_OF: _is_one,
    Op.FILLED: lambda _text, _condition: True,
    Op.CONTAINS: lambda text, one: any(fold(value) in fold(text) for value in one.values),
    Op.BEGINS: lambda text, one: any(fold(text).startswith(fold(value)) for value in one.values),
    Op.BETWEEN: lambda text, one: in_range(text, one.values[0], one.values[1]),
    Op.AT_LEAST: _at_least,
    Op.AT_MOST: _at_most,
}


def span_of(text: str) -> tuple[float, float | None] | None:
    """Return the smallest and largest number that a text means: "51–200", "1,000+", "250"; None for no number.

    The largest of "1,000+" is None: nobody knows.
    """
    close = re.sub(r"(?<=\d)[,' ](?=\d{3}\b)", "", text[:80])
    found = re.findall(r"(?:(?<![\w.–-])-)?\d+(?:\.\d+)?", close)
    if not found or any(len(one) > _LONGEST_NUMBER for one in found):
        return None
    numbers = [float(one) for one in found[:2]]
    if re.search(r"[+>]|more|over", close):
        return numbers[0], None
    return min(numbers), max(numbers)


# --- Places ---------------------------------------------------------------------------------------


def lies_in(subject: Subject, territory: Territory) -> bool:
    """Say whether a lead comes from a territory."""
    return any(_lies_in(subject.values, area) for area in territory.areas)


def _lies_in(place: Mapping[str, str], area: Area) -> bool:
    if place.get("country") != area.country:
        return False
    if area.region and fold(place.get("region", "")) != fold(area.region):
        return False
    return not area.low or in_range(place.get("postcode", ""), area.low, area.high)


def postcode_key(text: str) -> str:
    """Return a postcode as postcodes are compared: letters and digits alone."""
    return "".join(char for char in text.upper() if char.isalnum())


def in_range(text: str, low: str, high: str) -> bool:
    """Say whether a postcode lies between two, which may be its beginnings: 4000-123 between 4000 and 4999."""
    code, first, last = postcode_key(text), postcode_key(low), postcode_key(high)
    return bool(code) and code[: len(first)] >= first and code[: len(last)] <= last
