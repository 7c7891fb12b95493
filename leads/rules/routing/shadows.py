"""Rules that can never match, because an earlier one takes all their leads (ux.md A5)."""

from collections.abc import Callable

from leadportal.common.text import fold
from leads.rules.routing.book import Area, Book, Condition, Op, Rule
from leads.rules.routing.matching import ANSWER, ATTRIBUTE, in_range, span_of


def shadows(book: Book) -> dict[str, Rule]:
    """Return the earlier rule that takes every lead of a later one, by key of the later one."""
    found = {}
    active = [one for one in book.rules if one.is_on]
    for place, later in enumerate(active):
        for earlier in active[:place]:
            if _takes_all(earlier, later, book):
                found[later.key] = earlier
                break
    return found


def _takes_all(earlier: Rule, later: Rule, book: Book) -> bool:
    """Say whether whatever meets `later` meets `earlier`: each of its conditions follows from one of the other's."""
    return all(
        any(_follows(wanted, given, book) for given in later.conditions)
        for wanted in earlier.conditions
    )


def _follows(wanted: Condition, given: Condition, book: Book) -> bool:
    if wanted.field != given.field:
        return _follows_from_place(wanted, given, book)
    if wanted.op == given.op:
        return _SAME[wanted.op](wanted, given)
    if wanted.op == Op.NONE_OF and given.op == Op.ONE_OF:
        return not _can_be_several(given.field) and _texts(wanted).isdisjoint(_texts(given))
    return wanted.op == Op.FILLED and given.op not in {Op.EMPTY, Op.NONE_OF}


def _can_be_several(field: str) -> bool:
    """Say whether a lead can lie in two territories, or have ticked two boxes: being one thing, it may be another."""
    return field == "territory" or field.startswith((ATTRIBUTE, ANSWER))


def _follows_from_place(wanted: Condition, given: Condition, book: Book) -> bool:
    """Countries that a territory has whole lie in it, and a territory lies in its countries."""
    if (wanted.op, given.op) != (Op.ONE_OF, Op.ONE_OF):
        return False
    if (wanted.field, given.field) == ("territory", "country"):
        whole = {area.country for area in _areas(wanted, book) if not (area.region or area.low)}
        return set(given.values) <= whole
    if (wanted.field, given.field) == ("country", "territory"):
        return {area.country for area in _areas(given, book)} <= set(wanted.values)
    return False


def _areas(condition: Condition, book: Book) -> list[Area]:
    named = (book.territory(key) for key in condition.values)
    return [area for one in named if one for area in one.areas]


def _texts(condition: Condition) -> set[str]:
    return {fold(value) for value in condition.values}


def _number(condition: Condition) -> float:
    span = span_of(condition.values[0])
    return span[0] if span else 0


_SAME: dict[Op, Callable[[Condition, Condition], bool]] = {
    Op.ONE_OF: lambda wanted, given: _texts(given) <= _texts(wanted),
    Op.NONE_OF: lambda wanted, given: _texts(wanted) <= _texts(given),
    Op.CONTAINS: lambda wanted, given: all(
        any(one in other for one in _texts(wanted)) for other in _texts(given)
    ),
    Op.BEGINS: lambda wanted, given: all(
        any(other.startswith(one) for one in _texts(wanted)) for other in _texts(given)
    ),
    Op.BETWEEN: lambda wanted, given: all(in_range(end, *wanted.values) for end in given.values),
    Op.AT_LEAST: lambda wanted, given: _number(given) >= _number(wanted),
    Op.AT_MOST: lambda wanted, given: _number(given) <= _number(wanted),
    Op.EMPTY: lambda _wanted, _given: True,
    Op.FILLED: lambda _wanted, _given: True,
}
