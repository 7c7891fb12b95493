"""Custom attributes: named formats, and who sees, edits and must fill one."""

import json

import pytest

from accounts.actors import SYSTEM, Person
from accounts.enums import Role
from templates_app.enums import AttributeKind, TextFormat
from templates_app.rules.attributes import (
    AttributeSpec,
    can_edit,
    can_view,
    must_fill,
    validate_attributes,
)

OPERATOR = Person(
    1, "Olga", "o@x.example", 1, "Northgate", frozenset({Role.MARKETPLACE_MANAGER}), host_id=1
)
RESELLER = Person(2, "Ann", "a@x.example", 2, "Alpha", frozenset({Role.RESELLER}), host_id=1)
REFERRAL = Person(3, "Ray", "r@x.example", 3, "Ripple", frozenset({Role.REFERRAL}), host_id=1)


def text(form: TextFormat = TextFormat.ANY, **settings) -> AttributeSpec:
    return AttributeSpec("a", "Attribute", AttributeKind.TEXT, text_format=form, **settings)


VALUES = [
    (text(), "  x\x00y ", "xy", ""),
    (text(max_length=3), "xxxx", None, "Attribute must be 3 characters or fewer. You have entered 4."),
    (text(), ["x"], None, "Attribute must be text"),
    (text(TextFormat.LETTERS), "Ana Maria O’Neill", "Ana Maria O’Neill", ""),
    (text(TextFormat.LETTERS), "Ana1", None, "Attribute must have letters only"),
    (text(TextFormat.DIGITS), "007", "007", ""),
    (text(TextFormat.DIGITS), "٣", None, "Attribute must have digits only"),
    (text(TextFormat.POSTCODE), "1000-001", "1000-001", ""),
    (text(TextFormat.POSTCODE), "sw1a 1aa", "SW1A 1AA", ""),
    (text(TextFormat.POSTCODE), "Lisbon, PT", None, "Attribute must be a postcode, like 1000-001"),
    (text(TextFormat.VAT_NUMBER), "pt 123.456.789", "PT123456789", ""),
    (
        text(TextFormat.VAT_NUMBER),
        "123456789",
        None,
        "Attribute must be a VAT number with its country letters, like PT123456789",
    ),
    (text(TextFormat.URL), "x.example/a", "https://x.example/a", ""),
    (text(TextFormat.URL), "javascript:alert(1)", None, "Enter a web address, like www.example.com"),
    (AttributeSpec("a", "Attribute", AttributeKind.NUMBER), "1,200", 1200, ""),
    (
        AttributeSpec("a", "Attribute", AttributeKind.NUMBER),
        "NaN",
        None,
        "Attribute must be a number, like 1200 or 12.50",
    ),
    (AttributeSpec("a", "Attribute", AttributeKind.DATE), "2025-11-21", "2025-11-21", ""),
    (
        AttributeSpec("a", "Attribute", AttributeKind.DATE),
        "9999-12-31",
        None,
        "Enter a date between 1900 and 2200, like 2025-11-21",
    ),
    (AttributeSpec("a", "Attribute", AttributeKind.CHOICE, options=("A", "B")), "b", "B", ""),
    (
        AttributeSpec("a", "Attribute", AttributeKind.CHECKBOXES, options=("A", "B")),
        ["B", "A"],
        ["A", "B"],
        "",
    ),
    (
        AttributeSpec("a", "Attribute", AttributeKind.CHECKBOXES, options=("A", "B")),
        ["C"],
        None,
        "Choose an answer for Attribute",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("spec", "raw", "value", "sentence"), VALUES, ids=[str(number) for number in range(len(VALUES))]
)
def test_value_is_kept_or_refused(spec, raw, value, sentence):
    result = validate_attributes([spec], {"a": raw}, OPERATOR)
    assert result.values == ({} if value is None else {"a": value})
    assert result.errors == ({"a": sentence} if sentence else {})
    json.dumps(result.values, allow_nan=False)


# spec, then (sees, edits, must fill) of the operator, the reseller, the referral user
ROLES = [
    (text(), "110", "000", "000"),
    (text(view_roles=frozenset({"reseller"})), "110", "100", "000"),
    (text(edit_roles=frozenset({"reseller"})), "110", "110", "000"),
    (text(required_roles=frozenset({"reseller"})), "110", "111", "000"),
    (text(required_roles=frozenset({"marketplace_manager"})), "111", "000", "000"),
    (text(owner_id=3), "000", "000", "110"),
    (text(owner_id=9, view_roles=frozenset({"referral"})), "000", "000", "000"),
]


@pytest.mark.parametrize(("spec", "operator", "reseller", "referral"), ROLES)
def test_roles_decide(spec, operator, reseller, referral):
    for actor, expected in ((OPERATOR, operator), (RESELLER, reseller), (REFERRAL, referral)):
        asked = (can_view(spec, actor), can_edit(spec, actor), must_fill(spec, actor))
        assert "".join(str(int(answer)) for answer in asked) == expected, actor.name
    assert can_edit(spec, SYSTEM)


def test_only_the_actors_attributes_are_read():
    shown = AttributeSpec("shown", "Shown", AttributeKind.TEXT, view_roles=frozenset({"reseller"}))
    open_one = AttributeSpec("open", "Open", AttributeKind.TEXT, edit_roles=frozenset({"reseller"}))
    result = validate_attributes(
        [shown, open_one], {"shown": "x", "open": "y", "other": "z"}, RESELLER
    )
    assert result.values == {"open": "y"}


def test_who_must_fill_is_told_so():
    spec = text(required_roles=frozenset({"reseller"}))
    assert validate_attributes([spec], {}, RESELLER).errors == {"a": "Enter attribute"}
    assert not validate_attributes([spec], {}, OPERATOR).errors
