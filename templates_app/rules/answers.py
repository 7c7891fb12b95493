"""THE validator of answers: page, form, and later webhook, API and import all ask it.

Pure. Values come back as JSON keeps them: texts, numbers, booleans, lists of texts, days as
"2025-11-21", money as {"amount", "currency"}. Nothing that a sender writes ends in another error.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from leadportal.common import values
from leadportal.common.text import clean_line
from leadportal.common.values import BadValueError
from templates_app.enums import FieldKind, MapsTo
from templates_app.rules.fields import LEAD_LENGTHS, FieldSpec, length_limit

HIDDEN_LENGTH = 300


@dataclass(slots=True)
class Answers:
    """What came out: `values` by key (unanswered ones left out), `errors` by key as sentences.

    `mapped` holds the lead fields that the answers fill, `consents` the texts that were agreed to.
    """

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    mapped: dict[str, str] = field(default_factory=dict)
    consents: list[str] = field(default_factory=list)


def validate_answers(fields: Sequence[FieldSpec], raw: Mapping[str, object]) -> Answers:
    """Read the answer of every field in `raw`; keys that no field has are ignored."""
    answers = Answers()
    for spec in fields:
        if spec.kind == FieldKind.HEADING:
            continue
        try:
            value = _READERS[spec.kind](spec, raw.get(spec.key))
            if spec.is_required and _is_missing(spec, value):
                raise BadValueError(_missing(spec))
        except BadValueError as bad:
            answers.errors[spec.key] = bad.sentence
            continue
        if not _is_empty(value):
            _keep(answers, spec, value)
    return answers


def _is_empty(value: Any) -> bool:
    """Say whether nothing was answered; 0 and "no" are answers."""
    return value is None or value in ("", [])


def _is_missing(spec: FieldSpec, value: Any) -> bool:
    return _is_empty(value) or (spec.kind == FieldKind.CONSENT and not value)


def _keep(answers: Answers, spec: FieldSpec, value: Any) -> None:
    answers.values[spec.key] = value
    if spec.maps_to:
        answers.mapped[spec.maps_to] = str(value)[: LEAD_LENGTHS[spec.maps_to]]
    if spec.kind == FieldKind.CONSENT and value:
        answers.consents.append(spec.label)


def _missing(spec: FieldSpec) -> str:
    if spec.kind == FieldKind.CONSENT:
        return gettext("Tick “%(label)s” to continue") % {"label": spec.label}
    if spec.kind in {FieldKind.CHOICE, FieldKind.CHOICES, FieldKind.YES_NO, FieldKind.COUNTRY}:
        return values.choose(spec.label)
    return values.enter(spec.label)


def _short_text(spec: FieldSpec, raw: object) -> str:
    if spec.maps_to == MapsTo.WEBSITE:
        return values.read_web_address(raw)
    return values.read_line(raw, label=spec.label, max_length=length_limit(spec))


def _long_text(spec: FieldSpec, raw: object) -> str:
    return values.read_text(raw, label=spec.label, max_length=length_limit(spec))


def _hidden(spec: FieldSpec, raw: object) -> str:
    """Cut instead of refusing: the visitor neither sees nor can mend a hidden value."""
    limit = min(LEAD_LENGTHS.get(spec.maps_to, HIDDEN_LENGTH), HIDDEN_LENGTH)
    return clean_line(raw[: 4 * limit])[:limit].strip() if isinstance(raw, str) else ""


def _number(spec: FieldSpec, raw: object) -> int | float | None:
    number = values.read_number(
        raw, label=spec.label, smallest=spec.min_value, largest=spec.max_value
    )
    return None if number is None else values.as_json_number(number)


def _money(spec: FieldSpec, raw: object) -> dict[str, Any] | None:
    amount, currency = raw, spec.currency
    if isinstance(raw, Mapping):
        amount, currency = raw.get("amount"), raw.get("currency", spec.currency)
    if currency != spec.currency:
        raise BadValueError(
            gettext("%(label)s must be in %(currency)s")
            % {"label": spec.label, "currency": spec.currency}
        )
    number = _number(spec, amount)
    return None if number is None else {"amount": number, "currency": spec.currency}


def _date(spec: FieldSpec, raw: object) -> str | None:
    day = values.read_date(raw)
    return None if day is None else day.isoformat()


_READERS: dict[str, Callable[[FieldSpec, object], Any]] = {
    FieldKind.SHORT_TEXT: _short_text,
    FieldKind.LONG_TEXT: _long_text,
    FieldKind.EMAIL: lambda _spec, raw: values.read_email(raw),
    FieldKind.PHONE: lambda _spec, raw: values.read_phone(raw),
    FieldKind.NUMBER: _number,
    FieldKind.MONEY: _money,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: lambda spec, raw: values.read_option(
        raw, options=spec.options, label=spec.label
    ),
    FieldKind.CHOICES: lambda spec, raw: values.read_options(
        raw, options=spec.options, label=spec.label
    ),
    FieldKind.YES_NO: lambda spec, raw: values.read_yes_no(raw, label=spec.label),
    FieldKind.COUNTRY: lambda _spec, raw: values.read_country(raw),
    FieldKind.CONSENT: lambda spec, raw: bool(values.read_yes_no(raw, label=spec.label)),
    FieldKind.HIDDEN: _hidden,
}
