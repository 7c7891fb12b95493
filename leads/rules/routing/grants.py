"""Which parts of a rule book belong to a reseller manager: those of its programme (domain.md section 4)."""

from collections.abc import Collection

from leads.rules.routing.book import Book, Gives, Rule

_NAMED = frozenset({Gives.COMPANY, Gives.PERSON, Gives.ROUND_ROBIN})


def is_of_programme(rule: Rule, programme: Collection[int]) -> bool:
    """Say whether a rule gives leads to companies of `programme` alone; one that is off and has nobody yet may."""
    if rule.gives == Gives.OWNER:
        return True
    if rule.gives in _NAMED and rule.members:
        return all(one.company_id in programme for one in rule.members)
    return not rule.is_on and not rule.members and rule.gives != Gives.SALES


def foreign_rules(before: Book, after: Book, programme: Collection[int]) -> list[Rule]:
    """Return the rules that a change touches beyond the programme.

    A rule is touched when it is made, changed or removed, when its territories change, and when another one comes
    before it that did not: that one would take its leads.
    """
    keys = dict.fromkeys(one.key for one in (*before.rules, *after.rules))
    found = []
    for key in keys:
        old, new = before.rule(key), after.rule(key)
        states = [one for one in (old, new) if one]
        if all(is_of_programme(one, programme) for one in states):
            continue
        is_last = states[-1].is_otherwise  # whatever is made comes before it
        is_passed = not is_last and old and new and not _ahead(after, key) <= _ahead(before, key)
        if old != new or is_passed or _places(before, old) != _places(after, new):
            found.append(states[-1])
    return found


def _ahead(book: Book, key: str) -> set[str]:
    keys = [one.key for one in book.rules]
    return set(keys[: keys.index(key)])


def _places(book: Book, rule: Rule | None) -> set:
    named = (one.values for one in rule.conditions if one.field == "territory") if rule else ()
    return {book.territory(key) for values in named for key in values}
