"""Label and value pairs of a lead's page: what is known, and what is empty (ux.md D5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from leadportal.common.countries import NAMES
from leads.selectors.fields import field_label
from templates_app.rules.shown import Shown

CONTACT = ("first_name", "last_name", "email", "phone", "job_title")
COMPANY = (
    "company",
    "website",
    "size",
    "industry",
    "street",
    "postcode",
    "city",
    "region",
    "country",
)


@dataclass(frozen=True)
class Fact:
    """One line: `link` opens a mail, a call or a web site; `is_copied` gives it a copy button."""

    label: str
    text: str
    link: str = ""
    is_copied: bool = False


@dataclass(frozen=True)
class Facts:
    """A block of a page, the empty lines apart."""

    known: list[Fact]
    empty: list[Fact]


def contact_facts(values: Mapping[str, Any]) -> Facts:
    """Return the person of a lead; what `values` do not name is not spoken of."""
    return _sorted(_fact(name, values) for name in CONTACT if name in values)


def company_facts(values: Mapping[str, Any]) -> Facts:
    """Return the company of a lead; what `values` do not name is not spoken of."""
    return _sorted(_fact(name, values) for name in COMPANY if name in values)


def shown_facts(lines: Iterable[Shown]) -> Facts:
    """Return answers or custom attributes, in their own order."""
    return _sorted(Fact(line.label, line.text) for line in lines)


def _fact(name: str, values: Mapping[str, Any]) -> Fact:
    text = str(values.get(name) or "")
    label = field_label(name)
    match name:
        case "email":
            return Fact(label, text, f"mailto:{quote(text, safe='@')}", is_copied=True)
        case "phone":
            digits = "".join(char for char in text if char in "+0123456789")
            return Fact(label, text, f"tel:{digits}", is_copied=True)
        case "website" if text.startswith(("https://", "http://")):
            return Fact(label, text, text)
        case "country":
            return Fact(label, str(NAMES.get(text, text)))
    return Fact(label, text)


def _sorted(facts: Iterable[Fact]) -> Facts:
    known: list[Fact] = []
    empty: list[Fact] = []
    for fact in facts:
        (known if fact.text else empty).append(fact)
    return Facts(known, empty)
