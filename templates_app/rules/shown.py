"""How a stored answer reads on a page: choices by label, money "EUR 12,000", days "21 Nov 2025"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import dateformat
from django.utils.translation import gettext

from leadportal.common.countries import NAMES
from templates_app.enums import FieldKind
from templates_app.rules.fields import FieldSpec


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of a lead page."""

    key: str
    label: str
    text: str
    is_empty: bool
    kind: str


def shown_answers(fields: Sequence[FieldSpec], values: Mapping[str, Any]) -> list[Shown]:
    """Return the answers in template order, empty ones included; headings are left out."""
    return [
        shown(spec.key, spec.label, spec.kind, values.get(spec.key))
        for spec in fields
        if spec.kind != FieldKind.HEADING
    ]


def shown(key: str, label: str, kind: str, value: Any) -> Shown:
    """Return one stored value as a line."""
    text = shown_value(kind, value)
    return Shown(key=key, label=label, text=text, is_empty=not text, kind=kind)


def shown_value(kind: str, value: Any) -> str:
    """Return a stored value as text. A value of an unexpected shape is shown as it is, never an error."""
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return _decided(kind, value)
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, Mapping):
        return f"{value.get('currency', '')} {shown_value(kind, value.get('amount'))}".strip()
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    text = str(value)
    if kind == FieldKind.DATE:
        return _day(text)
    if kind == FieldKind.COUNTRY:
        return str(NAMES.get(text, text))
    return text


def _decided(kind: str, value: bool) -> str:
    if kind == FieldKind.CONSENT:
        return gettext("Agreed") if value else gettext("Not agreed")
    return gettext("Yes") if value else gettext("No")


def _number(value: float | Decimal) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _day(text: str) -> str:
    try:
        return dateformat.format(date.fromisoformat(text), "j M Y")
    except ValueError:
        return text
