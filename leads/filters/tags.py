"""The filters in force as words: one removable tag for each value (ux.md L15)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext

from leads.filters.asked import FILTERS, PAIRS, Asked
from leads.filters.leads import AXES
from leads.filters.views import EVERYTHING


@dataclass(frozen=True)
class Tag:
    """A filter in words, and the address of the list without it."""

    text: str
    url: str


def tags(asked: Asked) -> list[Tag]:
    """Return a tag for every value in force, in the order of the panel."""
    return [tag for name, make in _MAKERS.items() for tag in make(asked, name)]


def without_filters(asked: Asked) -> str:
    """Return the address of the list without any filter; what is searched for stays."""
    nothing: dict[str, Any] = dict.fromkeys(FILTERS)
    return asked.address(view=EVERYTHING, **nothing)


def _tag(asked: Any, name: str, value: object, **rest: Any) -> Tag:
    # Translators: a filter in words, "Product is Acme Backup".
    words = gettext("%(filter)s is %(value)s")
    label = asked.filters.filters[name].label
    return Tag(words % {"filter": label, "value": value}, asked.address(**{name: None, **rest}))


def _slugs(asked: Asked, name: str) -> Iterator[Tag]:
    members = asked.filters.values.get(name, ())
    for member in members:
        others = [other.slug for other in members if other != member]
        yield _tag(asked, name, member.label, **{name: others})


def _named(asked: Asked, name: str) -> Iterator[Tag]:
    for option in asked.filters.values.get(name, ())[:1]:
        yield _tag(asked, name, option.label)


def choice_tags(asked: Any, name: str) -> Iterator[Tag]:
    """Return a tag for every choice in force of the filter `name`, on leads or on companies."""
    value = asked.filters.values.get(name, ())
    field: Any = asked.filters.form.fields[name]
    labels = dict(field.choices)
    chosen = [value] if isinstance(value, str) else value
    for one in chosen:
        yield _tag(asked, name, labels[one], **{name: [other for other in chosen if other != one]})


def _days(asked: Asked, name: str) -> Iterator[Tag]:
    first, last = (asked.filters.values.get(end) for end in ("from", "to"))
    if first is None and last is None:
        return
    if first == last:
        words = "%(first)s"
    elif last is None:
        words = gettext("%(first)s or later")
    elif first is None:
        words = gettext("%(last)s or earlier")
    else:
        words = gettext("%(first)s to %(last)s")
    value = words % {"first": first and _day(first), "last": last and _day(last)}
    label = AXES[asked.filters.axis][1]
    nothing: dict[str, Any] = dict.fromkeys(("from", "to", "date_axis"))
    url = asked.address(**nothing)
    yield Tag(gettext("%(filter)s is %(value)s") % {"filter": label, "value": value}, url)


def _scores(asked: Asked, name: str) -> Iterator[Tag]:
    least, most = (asked.filters.values.get(end) for end in ("score_from", "score_to"))
    if least is None and most is None:
        return
    if most is None:
        words = gettext("Score is %(least)s or more")
    elif least is None:
        words = gettext("Score is %(most)s or less")
    else:
        words = gettext("Score is %(least)s to %(most)s")
    url = asked.address(score_from=None, score_to=None)
    yield Tag(words % {"least": least, "most": most}, url)


def _pairs(asked: Asked, name: str) -> Iterator[Tag]:
    pairs = asked.filters.values.get(name, ())
    for number, pair in enumerate(pairs):
        others = [other for place, other in enumerate(pairs) if place != number]
        changes: dict[str, Any] = {
            name: [other.key for other in others],
            PAIRS[name]: [other.value for other in others],
        }
        words = {"filter": pair.question.label, "value": pair.words}
        yield Tag(gettext("%(filter)s is %(value)s") % words, asked.address(**changes))


def _day(day: date) -> str:
    return dateformat.format(day, "j M Y")


_MAKERS: dict[str, Callable[[Asked, str], Iterator[Tag]]] = {
    "from": _days,
    "status": _slugs,
    "qualification": _slugs,
    "progress": _slugs,
    "outcome": _slugs,
    "kind": choice_tags,
    "product": _named,
    "marketplace": _named,
    "template": _named,
    "recipient": _named,
    "in_charge": _named,
    "source": _slugs,
    "imported": _named,
    "reason": _named,
    "referrer": _named,
    "score_from": _scores,
    "stage": choice_tags,
    "waiting": choice_tags,
    "attribute": _pairs,
    "question": _pairs,
}
