"""Custom attributes: who sees, edits and must fill one, and what a value may be (domain.md section 3).

Pure. A referral user's own attribute exists for that person alone; the marketplace managers of the
host see and edit all of the host's others.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from accounts.actors import Actor, Person
from accounts.enums import Role
from leadportal.common import values
from leadportal.common.values import BadValueError
from templates_app.enums import AttributeKind, TextFormat

ATTRIBUTES_MOST = 100
OWN_MOST = 20
TEXT_LENGTH = 200
LONGEST_TEXT = 2000
WITH_OPTIONS = frozenset({AttributeKind.CHOICE, AttributeKind.CHECKBOXES})
# Whom a host can name; its marketplace managers see and edit every attribute anyway.
ROLES = (
    Role.RESELLER_MANAGER,
    Role.SALES_SUPPORT,
    Role.VENDOR,
    Role.RESELLER,
    Role.REFERRAL,
)

_LETTERS = re.compile(r"[^\W\d_]+([ '’-][^\W\d_]+)*")
_DIGITS = re.compile(r"\d+", re.ASCII)
_POSTCODE = re.compile(r"[A-Z0-9]([A-Z0-9 -]{0,10}[A-Z0-9])?", re.ASCII | re.IGNORECASE)
_VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9]{2,13}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """One custom attribute as plain data. `owner_id` names the person whose own one it is."""

    key: str
    label: str
    kind: AttributeKind
    hint: str = ""
    text_format: TextFormat = TextFormat.ANY
    max_length: int | None = None
    options: tuple[str, ...] = ()
    view_roles: frozenset[str] = frozenset()
    edit_roles: frozenset[str] = frozenset()
    required_roles: frozenset[str] = frozenset()
    owner_id: int | None = None


@dataclass(slots=True)
class AttributeValues:
    """What came out: `values` and `errors` by key. A key of an emptied attribute is in neither."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def can_view(spec: AttributeSpec, actor: Actor) -> bool:
    """Say whether `actor` may know that the attribute exists; who edits or fills it sees it."""
    return _is_theirs(spec, actor, spec.view_roles | spec.edit_roles | spec.required_roles)


def can_edit(spec: AttributeSpec, actor: Actor) -> bool:
    """Say whether `actor` may set the value on a lead that it may edit; who must fill it may."""
    return _is_theirs(spec, actor, spec.edit_roles | spec.required_roles)


def must_fill(spec: AttributeSpec, actor: Actor) -> bool:
    """Say whether `actor` cannot leave the value empty on a form."""
    return isinstance(actor, Person) and any(actor.has(Role(role)) for role in spec.required_roles)


def editable(specs: Iterable[AttributeSpec], actor: Actor) -> list[AttributeSpec]:
    """Return those that a form shows to `actor`."""
    return [spec for spec in specs if can_edit(spec, actor)]


def validate_attributes(
    specs: Sequence[AttributeSpec], raw: Mapping[str, object], actor: Actor
) -> AttributeValues:
    """Read what `actor` sends for every attribute that it may edit; all other keys are ignored."""
    result = AttributeValues()
    for spec in editable(specs, actor):
        try:
            value = _READERS[spec.kind](spec, raw.get(spec.key))
            is_empty = value is None or value in ("", [])
            if is_empty and must_fill(spec, actor):
                raise BadValueError(_missing(spec))
        except BadValueError as bad:
            result.errors[spec.key] = bad.sentence
            continue
        if not is_empty:
            result.values[spec.key] = value
    return result


def _is_theirs(spec: AttributeSpec, actor: Actor, roles: frozenset[str]) -> bool:
    if not isinstance(actor, Person):
        return True
    if spec.owner_id is not None:
        return spec.owner_id == actor.user_id
    return actor.has(Role.MARKETPLACE_MANAGER) or any(actor.has(Role(role)) for role in roles)


def _missing(spec: AttributeSpec) -> str:
    if spec.kind in WITH_OPTIONS:
        return values.choose(spec.label)
    return values.enter(spec.label)


def _text(spec: AttributeSpec, raw: object) -> str:
    if spec.text_format == TextFormat.URL:
        return values.read_web_address(raw)
    limit = min(spec.max_length or TEXT_LENGTH, LONGEST_TEXT)
    value = values.read_line(raw, label=spec.label, max_length=limit)
    return _FORMATS[spec.text_format](spec, value) if value else ""


def _letters(spec: AttributeSpec, value: str) -> str:
    if not _LETTERS.fullmatch(value):
        raise BadValueError(gettext("%(label)s must have letters only") % {"label": spec.label})
    return value


def _digits(spec: AttributeSpec, value: str) -> str:
    if not _DIGITS.fullmatch(value):
        raise BadValueError(gettext("%(label)s must have digits only") % {"label": spec.label})
    return value


def _postcode(spec: AttributeSpec, value: str) -> str:
    if not _POSTCODE.fullmatch(value):
        raise BadValueError(
            gettext("%(label)s must be a postcode, like 1000-001") % {"label": spec.label}
        )
    return value.upper()


def _vat_number(spec: AttributeSpec, value: str) -> str:
    compact = value.upper().replace(" ", "").replace(".", "").replace("-", "")
    if not _VAT_NUMBER.fullmatch(compact):
        raise BadValueError(
            gettext("%(label)s must be a VAT number with its country letters, like PT123456789")
            % {"label": spec.label}
        )
    return compact


def _number(spec: AttributeSpec, raw: object) -> int | float | None:
    number = values.read_number(raw, label=spec.label)
    return None if number is None else values.as_json_number(number)


def _date(_spec: AttributeSpec, raw: object) -> str | None:
    day = values.read_date(raw)
    return None if day is None else day.isoformat()


_FORMATS: dict[str, Callable[[AttributeSpec, str], str]] = {
    TextFormat.ANY: lambda _spec, value: value,
    TextFormat.LETTERS: _letters,
    TextFormat.DIGITS: _digits,
    TextFormat.POSTCODE: _postcode,
    TextFormat.VAT_NUMBER: _vat_number,
}
_READERS: dict[str, Callable[[AttributeSpec, object], Any]] = {
    AttributeKind.TEXT: _text,
    AttributeKind.NUMBER: _number,
    AttributeKind.DATE: _date,
    AttributeKind.CHOICE: lambda spec, raw: values.read_option(
        raw, options=spec.options, label=spec.label
    ),
    AttributeKind.CHECKBOXES: lambda spec, raw: values.read_options(
        raw, options=spec.options, label=spec.label
    ),
}
