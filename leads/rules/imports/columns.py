"""Which column of a file is which field of a lead: by the make of the file, by name, by sight. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.rules.imports.makes import key_of, source_of

# Before the key of a custom attribute and of a question: both may be called like a field.
ATTRIBUTE, ANSWER = "attribute:", "answer:"
# What a column can become, with its label. Marketplace, product and recipient are named by their names.
FIELDS: dict[str, Any] = {
    "name": _("Full name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "email": _("Email"),
    "phone": _("Phone"),
    "job_title": _("Job title"),
    "company": _("Company"),
    "website": _("Web site"),
    "size": _("Company size"),
    "industry": _("Industry"),
    "street": _("Street"),
    "postcode": _("Postcode"),
    "city": _("Town"),
    "region": _("Region"),
    "country": _("Country"),
    "channel": _("Channel"),
    "marketplace": _("Marketplace"),
    "product": _("Product"),
    "recipient": _("Recipient"),
}


class Sureness(StrEnum):
    """How sure a guess is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    NONE = "none"


@dataclass(frozen=True)
class Guess:
    """What a column seems to be; an empty target for "Do not import"."""

    target: str = ""
    sureness: Sureness = Sureness.NONE


# Other names that people give to columns.
_NAMES: dict[str, str] = {
    "name": "user|name|contact|contact name|customer name|lead name",
    "first_name": "first name|firstname|given name|forename|vorname|contact first name",
    "last_name": "last name|lastname|surname|family name|nachname|contact last name",
    "email": "email|e-mail|email address|e-mail address|work email|business email|mail|contact email",
    "phone": "phone|phone number|telephone|tel|telefon|business phone|work phone|mobile|mobile phone",
    "job_title": "job title|title|position|role|function",
    "company": "company|company name|organisation|organization|account|account name|firma|customer|employer",
    "website": "website|web site|url|web|homepage|domain|company website",
    "size": "company size|size|employees|number of employees|no of employees|headcount",
    "industry": "industry|sector|branch",
    "street": "street|address|street address|address line 1|strasse",
    "postcode": "postcode|postal code|zip|zip code|plz",
    "city": "city|town|ort|stadt",
    "region": "region|state|province|county|state province|state region",
    "country": "country|country region|land|country code",
    "channel": "channel",
    "marketplace": "marketplace|storefront",
    "product": "product|product name|offer",
    "recipient": "recipient|assigned to|reseller|partner",
}
_BY_NAME = {key_of(name): target for target, names in _NAMES.items() for name in names.split("|")}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# What our file of errors adds to the columns.
ADDED = frozenset({"row", "error"})


def guess_columns(
    header: Sequence[str],
    samples: Sequence[Sequence[str]],
    *,
    targets: Mapping[str, Any],
    known: Mapping[str, str] | None = None,
) -> list[Guess]:
    """Return what each column seems to be, as far as it is one of `targets`.

    `known` is a saved mapping, by key; what it says counts. `samples` are the values of some rows. Two columns
    of the same name get the same guess: which one counts is for people to say.
    """
    make = source_of(header)
    own = _own_names(targets)
    found = []
    for place, name in enumerate(header):
        key = key_of(name)
        if known is not None:
            guess = Guess(known.get(key, ""), Sureness.CERTAIN)
        elif make and key in make.targets:
            guess = Guess(make.targets[key], Sureness.CERTAIN)
        elif key in ADDED or (name.startswith(ANSWER) and name not in targets):
            guess = Guess("", Sureness.CERTAIN)
        elif key in own:
            guess = Guess(own[key], Sureness.CERTAIN)
        else:
            guess = _by_name_or_sight(key, [row[place : place + 1] for row in samples])
        is_offered = not guess.target or guess.target in targets
        found.append(guess if is_offered else Guess())
    return _without_later_guesses(found, header)


def left_out(header: Sequence[str], guesses: Sequence[Guess]) -> list[str]:
    """Return the columns of which it is known that no lead takes them; not those of our file of errors."""
    nothing = Guess("", Sureness.CERTAIN)
    return [
        name
        for name, guess in zip(header, guesses, strict=True)
        if guess == nothing and name and key_of(name) not in ADDED
    ]


def _own_names(targets: Mapping[str, Any]) -> dict[str, str]:
    """Return the targets by what our own files and pages call them: an attribute by its key, else by its label."""
    by_key = {key_of(one.removeprefix(ATTRIBUTE)): one for one in targets if ":" in one}
    by_label = {key_of(str(label)): one for one, label in reversed(list(targets.items()))}
    return by_label | by_key


def _by_name_or_sight(key: str, cells: Sequence[Sequence[str]]) -> Guess:
    if key in _BY_NAME:
        return Guess(_BY_NAME[key], Sureness.LIKELY)
    filled = [one for cell in cells for one in cell if one]
    if filled and all(_EMAIL.fullmatch(one) for one in filled):
        return Guess("email", Sureness.LIKELY)
    return Guess()


def _without_later_guesses(guesses: Sequence[Guess], header: Sequence[str]) -> list[Guess]:
    """Leave a target to the surest column that seems to be it, unless columns have the same name."""
    order = list(Sureness)
    first: dict[str, tuple[Guess, str]] = {}
    for guess, name in sorted(
        zip(guesses, header, strict=True), key=lambda pair: order.index(pair[0].sureness)
    ):
        first.setdefault(guess.target, (guess, key_of(name)))
    return [
        guess if not guess.target or first[guess.target][1] == key_of(name) else Guess()
        for guess, name in zip(guesses, header, strict=True)
    ]


def error_lines(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    faulty: Iterable[tuple[int, Sequence[str]]],
) -> tuple[list[str], Iterator[list[Any]]]:
    """Return the file of errors: the columns that were sent, then `row` and `error`; only the `faulty` rows.

    Both come in the order of the file. What an earlier file of errors had added is replaced. Cells beyond the
    header stay beyond it, so that nothing is lost and the row still says what is wrong.
    """
    kept = [place for place, name in enumerate(header) if key_of(name) not in ADDED]

    def lines() -> Iterator[list[Any]]:
        errors = iter(faulty)
        number, sentences = next(errors, (0, []))
        for row, cells in rows:
            while number and number < row:
                number, sentences = next(errors, (0, []))
            if not number:
                return
            if number == row:
                own = [cells[place] if place < len(cells) else "" for place in kept]
                yield [*own, row, " ".join(_ended(one) for one in sentences), *cells[len(header) :]]

    return [*(header[place] for place in kept), "row", "error"], lines()


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."
