"""What a desk does not learn of a lead before it accepts it (domain.md section 9): whom the lead is about.

What it decides by stays: product, score, size, industry, town, region and country, and the answers that are chosen,
counted or dated. Whatever people type freely could name the prospect.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from leads.rules.workflow import Action
from templates_app.enums import FieldKind
from templates_app.rules.fields import FieldSpec

MASKED = (
    *("first_name", "last_name", "email", "phone", "job_title"),
    *("company", "website", "street", "postcode"),
)
# Of these the access row carries a copy, which lists sort by.
NAMES = frozenset({"first_name", "last_name", "company"})
# Moves that need to know the prospect, or end what was not accepted.
WAIT_FOR_ACCEPT = frozenset(
    {Action.CONVERT, Action.REQUEST, Action.DISQUALIFY, Action.EDIT, Action.ASSOCIATE}
)
_FREELY_TYPED = frozenset(
    {
        FieldKind.SHORT_TEXT,
        FieldKind.LONG_TEXT,
        FieldKind.EMAIL,
        FieldKind.PHONE,
        FieldKind.HIDDEN,
        FieldKind.CONSENT,
    }
)


def names_prospect(spec: FieldSpec) -> bool:
    """Say whether the answer to a question could say whom a lead is about."""
    return spec.kind in _FREELY_TYPED or spec.maps_to in MASKED


def open_keys(specs: Iterable[FieldSpec]) -> frozenset[str]:
    """Return the questions whose answers stay; one that was ever asked otherwise does not."""
    closed, known = set(), set()
    for spec in specs:
        known.add(spec.key)
        if names_prospect(spec):
            closed.add(spec.key)
    return frozenset(known - closed)


def open_answers(answers: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """Return the answers that stay; what nobody asked does not."""
    return {key: value for key, value in answers.items() if key in keys}
