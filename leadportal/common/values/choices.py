"""Choices: options, yes or no, countries."""

from collections.abc import Sequence
from functools import cache

from django.utils.translation import get_language, gettext

from leadportal.common.countries import NAMES
from leadportal.common.text import fold
from leadportal.common.values.sentences import BadValueError, choose
from leadportal.common.values.texts import line_or


def read_option(raw: object, *, options: Sequence[str], label: object) -> str:
    """Return the one of `options` that is meant; case and accents do not matter, for imports."""
    value = line_or(raw, choose(label), max((len(option) for option in options), default=0) + 100)
    if not value or value in options:
        return value
    known = {fold(option): option for option in options}
    if fold(value) not in known:
        raise BadValueError(choose(label))
    return known[fold(value)]


def read_options(raw: object, *, options: Sequence[str], label: object) -> list[str]:
    """Return those of `options` that are meant, each once, in the order of `options`."""
    if raw is None or raw == "":
        return []
    several = [raw] if isinstance(raw, str) else raw
    if not isinstance(several, list | tuple) or len(several) > 10 * (len(options) + 1):
        raise BadValueError(choose(label))
    chosen = {read_option(one, options=options, label=label) for one in several}
    return [option for option in options if option in chosen]


def read_yes_no(raw: object, *, label: object) -> bool | None:
    """Return a yes or a no; None when nothing was said."""
    if raw is None or isinstance(raw, bool):
        return raw
    words = {"": None, "yes": True, "true": True, "on": True, "1": True}
    words |= {"no": False, "false": False, "off": False, "0": False}
    value = line_or(raw, choose(label), 100).lower()
    if value not in words:
        raise BadValueError(choose(label))
    return words[value]


def read_country(raw: object) -> str:
    """Return the ISO code of a country named by its code or its English name."""
    sentence = gettext("Choose a country from the list")
    value = line_or(raw, sentence, 80)
    if not value or value.upper() in NAMES:
        return value.upper()
    found = _codes(get_language() or "").get(fold(value))
    if found is None:
        raise BadValueError(sentence)
    return found


@cache
def _codes(_language: str) -> dict[str, str]:
    """Return the codes of countries by their folded names in the language of the moment; the first of equal ones."""
    codes: dict[str, str] = {}
    for code, name in NAMES.items():
        codes.setdefault(fold(str(name)), code)
    return codes
