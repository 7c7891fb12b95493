"""What a vendor may ask: which settings belong to a field type, and what is wrong with them (R22)."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.utils.text import slugify
from django.utils.translation import gettext

from leadportal.common.text import fold
from templates_app.enums import FieldKind
from templates_app.rules.fields import (
    CURRENCIES,
    LEAD_LENGTHS,
    LIMITED_NUMBER,
    LIMITED_TEXT,
    LONGEST_TEXT,
    NEVER_REQUIRED,
    OPTION_LENGTH,
    OPTIONS_MOST,
    WITH_OPTIONS,
    FieldSpec,
    can_map,
)

KEY_LENGTH = 60


def settled(spec: FieldSpec) -> FieldSpec:
    """Return `spec` without the settings that its type does not have."""
    return replace(
        spec,
        is_required=spec.is_required and spec.kind not in NEVER_REQUIRED,
        options=spec.options if spec.kind in WITH_OPTIONS else (),
        max_length=spec.max_length if spec.kind in LIMITED_TEXT else None,
        min_value=spec.min_value if spec.kind in LIMITED_NUMBER else None,
        max_value=spec.max_value if spec.kind in LIMITED_NUMBER else None,
        currency=spec.currency if spec.kind == FieldKind.MONEY else "",
        link=spec.link if spec.kind == FieldKind.CONSENT else "",
    )


def problems(spec: FieldSpec) -> dict[str, str]:
    """Return what is wrong with a settled spec: setting → sentence; empty when all is well."""
    found: dict[str, str] = {}
    if not spec.label:
        found["label"] = gettext("Enter a label")
    if spec.kind in WITH_OPTIONS and (sentence := options_problem(spec.options)):
        found["options"] = sentence
    if spec.kind == FieldKind.MONEY and spec.currency not in CURRENCIES:
        found["currency"] = gettext("Choose a currency")
    if spec.max_length is not None and not 1 <= spec.max_length <= LONGEST_TEXT:
        found["max_length"] = gettext("Longest text must be between 1 and 10,000")
    if (
        spec.min_value is not None
        and spec.max_value is not None
        and spec.min_value > spec.max_value
    ):
        found["max_value"] = gettext("Largest must be the same as or more than smallest")
    if spec.maps_to and (sentence := _mapping_problem(spec)):
        found["maps_to"] = sentence
    return found


def options_problem(options: Sequence[str]) -> str:
    """Return what is wrong with the options of a choice, or nothing."""
    if len(options) < 2:
        return gettext("Enter at least two options, one on each line")
    if len(options) > OPTIONS_MOST:
        return gettext("There can be at most %(most)s options. You have entered %(count)s.") % {
            "most": OPTIONS_MOST,
            "count": len(options),
        }
    too_long = next((one for one in options if len(one) > OPTION_LENGTH), None)
    if too_long:
        return gettext("Each option must be %(most)s characters or fewer") % {"most": OPTION_LENGTH}
    seen: set[str] = set()
    for option in options:
        if fold(option) in seen:
            return gettext("The option %(option)s is there twice") % {"option": option}
        seen.add(fold(option))
    return ""


def make_key(label: str, taken: Collection[str], *, most: int = KEY_LENGTH) -> str:
    """Return the key of a new question: from its label, in ASCII, at most `most` long, none of `taken`."""
    stem = slugify(label).replace("-", "_").strip("_")[: most - 4].strip("_")
    if not stem[:1].isalpha():
        stem = f"field_{stem}".strip("_")
    key, number = stem, 2
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    return key


def _mapping_problem(spec: FieldSpec) -> str:
    if not can_map(spec.kind, spec.maps_to):
        return gettext("A field of this type cannot fill that part of a lead")
    limit = LEAD_LENGTHS[spec.maps_to]
    if any(len(option) > limit for option in spec.options):
        return gettext("That part of a lead keeps %(most)s characters; an option is longer") % {
            "most": limit
        }
    return ""
