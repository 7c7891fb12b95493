"""What a message makes of a lead: every value judged, none of them able to stop the others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.actors import SYSTEM
from leadportal.common.values import BadValueError, read_phone
from leads.rules.sources.mapping import NAME, Sorted, split_name
from leads.rules.sources.shapes import Entry
from templates_app.enums import FieldKind, MapsTo
from templates_app.rules.answers import validate_answers
from templates_app.rules.attributes import WITH_OPTIONS, AttributeSpec, validate_attributes
from templates_app.rules.fields import LEAD_LENGTHS, FieldSpec

NOTE_LENGTH = 10_000
# So many digits have a country code in front; fewer may be a number of any country.
WITH_COUNTRY_CODE = 11
_KINDS = {
    MapsTo.EMAIL: FieldKind.EMAIL,
    MapsTo.PHONE: FieldKind.PHONE,
    MapsTo.COUNTRY: FieldKind.COUNTRY,
}
# The lead's own fields, asked like the questions of a form: one validator for every door.
_FIELDS = [
    FieldSpec(str(one), str(one.label), _KINDS.get(one, FieldKind.SHORT_TEXT), maps_to=one)
    for one in MapsTo
]


@dataclass(slots=True)
class Draft:
    """What a lead begins with. `others` are submitted answers that no field or question takes, by label."""

    contact: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    consents: list[str] = field(default_factory=list)

    @property
    def can_be_reached(self) -> bool:
        """Whether there is a valid email address or phone number: without one it is no lead."""
        return bool(self.contact.get(MapsTo.EMAIL) or self.contact.get(MapsTo.PHONE))


def draft_of(
    found: Sorted,
    *,
    specs: Sequence[FieldSpec] = (),
    attributes: Sequence[AttributeSpec] = (),
    region: str = "",
) -> Draft:
    """Judge sorted entries: `specs` are the questions of the form, `region` the country whose phones need no code.

    A value that its field cannot take is kept as a submitted answer, so that a person can read it.
    """
    others = list(found.others)
    asked = _asked(found, specs)
    answers = validate_answers(
        specs, {key: _as_sent(specs, key, one) for key, one in asked.items()}
    )
    others += [one for key, one in found.answers.items() if key not in answers.values]

    raw: dict[str, object] = {name: entry.text for name, entry in found.fields.items()}
    if phone := found.fields.get(MapsTo.PHONE):
        raw[MapsTo.PHONE] = _dialled(phone.text, region)
    contact = validate_answers(_FIELDS, raw).mapped
    others += [
        entry for name, entry in found.fields.items() if name != NAME and name not in contact
    ]
    contact = _with_name({**answers.mapped, **contact}, found.fields.get(NAME))

    chosen = {spec.key: spec.kind in WITH_OPTIONS for spec in attributes}
    wanted = {
        key: entry.value if chosen.get(key) and isinstance(entry.value, list) else entry.text
        for key, entry in found.attributes.items()
    }
    values = validate_attributes(attributes, wanted, SYSTEM).values
    others += [entry for key, entry in found.attributes.items() if key not in values]

    return Draft(
        contact=contact,
        answers={**_by_label(others, taken=answers.values), **answers.values},
        attributes=values,
        note="\n\n".join(entry.text for entry in found.notes)[:NOTE_LENGTH],
        consents=answers.consents,
    )


def _asked(found: Sorted, specs: Sequence[FieldSpec]) -> dict[str, Entry]:
    """Return the answer to each question: its own, or what fills the lead field that it maps to."""
    own = dict(found.answers)
    for spec in specs:
        if spec.maps_to in found.fields:
            own.setdefault(spec.key, found.fields[spec.maps_to])
    return own


def _as_sent(specs: Sequence[FieldSpec], key: str, entry: Entry) -> object:
    """Return several choices as several, whether a sender lists them or joins them by commas."""
    spec = next((one for one in specs if one.key == key), None)
    if spec is None or spec.kind != FieldKind.CHOICES:
        return entry.text
    if isinstance(entry.value, list) or entry.value in spec.options:
        return entry.value
    return [part.strip() for part in entry.value.split(",") if part.strip()]


def _dialled(text: str, region: str) -> str:
    """Return a number as it is dialled from abroad, also one that came as digits alone; else as it came."""
    tries = [(text, None), (text, region or None)]
    if text.isdigit() and len(text) >= WITH_COUNTRY_CODE:
        tries.append((f"+{text}", None))
    for candidate, country in tries:
        try:
            return read_phone(candidate, region=country)
        except BadValueError:
            continue
    return text


def _with_name(contact: dict[str, str], whole: Entry | None) -> dict[str, str]:
    if whole is None or contact.get(MapsTo.FIRST_NAME) or contact.get(MapsTo.LAST_NAME):
        return contact
    names = zip((MapsTo.FIRST_NAME, MapsTo.LAST_NAME), split_name(whole.text), strict=True)
    return {**contact, **{name: text[: LEAD_LENGTHS[name]] for name, text in names}}


def _by_label(others: Sequence[Entry], taken: dict[str, Any]) -> dict[str, str | list[str]]:
    """Return entries by their label; where it is a question's key, or came before, by label and key."""
    answers: dict[str, str | list[str]] = {}
    for entry in others:
        label = entry.label
        if label in answers or label in taken:
            label = f"{entry.label} ({entry.key})"
        answers[label] = entry.value
    return answers
