"""What a vendor may ask, the keys of questions, and what publishing says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from templates_app.enums import FieldKind, MapsTo
from templates_app.rules.fields import FieldSpec
from templates_app.rules.publishing import changes, fingerprint, publish_problems, touched
from templates_app.rules.questions import make_key, problems, settled

TEXT = FieldSpec("", "Name", FieldKind.SHORT_TEXT)
CHOICE = FieldSpec("", "Size", FieldKind.CHOICE, options=("1–9", "10–49"))

PROBLEMS = [
    (TEXT, {}),
    (CHOICE, {}),
    (replace(TEXT, label=""), {"label": "Enter a label"}),
    (replace(CHOICE, options=("one",)), {"options": "Enter at least two options, one on each line"}),
    (replace(CHOICE, options=("Café", "cafe")), {"options": "The option cafe is there twice"}),
    (replace(CHOICE, options=("x" * 121, "y")), {"options": "Each option must be 120 characters or fewer"}),
    (
        replace(CHOICE, options=tuple(str(number) for number in range(101))),
        {"options": "There can be at most 100 options. You have entered 101."},
    ),
    (
        replace(CHOICE, options=("x" * 21, "y"), maps_to=MapsTo.SIZE),
        {"maps_to": "That part of a lead keeps 20 characters; an option is longer"},
    ),
    (replace(TEXT, maps_to=MapsTo.EMAIL), {"maps_to": "A field of this type cannot fill that part of a lead"}),
    (replace(TEXT, max_length=0), {"max_length": "Longest text must be between 1 and 10,000"}),
    (FieldSpec("", "Budget", FieldKind.MONEY, currency="XYZ"), {"currency": "Choose a currency"}),
    (
        FieldSpec("", "Seats", FieldKind.NUMBER, min_value=Decimal(5), max_value=Decimal(1)),
        {"max_value": "Largest must be the same as or more than smallest"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "found"), PROBLEMS)
def test_settings_are_judged(spec, found):
    assert problems(spec) == found


def test_settings_of_another_type_are_dropped():
    full = replace(
        CHOICE, kind=FieldKind.HEADING, is_required=True, max_length=5, currency="EUR", link="https://x.example"
    )  # fmt: skip
    assert settled(full) == FieldSpec("", "Size", FieldKind.HEADING)


KEYS = [
    ("Work email", [], "work_email"),
    ("Work email", ["work_email"], "work_email_2"),
    ("Größe & Maß", [], "große_ma"),
    ("3 things", [], "field_3_things"),
    ("会社", [], "field"),
    ("会社", ["field"], "field_2"),
    ("<script>", [], "script"),
    ("x" * 200, [], "x" * 56),
]


@pytest.mark.parametrize(("label", "taken", "key"), KEYS)
def test_key_is_made_from_the_label(label, taken, key):
    made = make_key(label, taken)
    assert made.isascii()
    assert made == key.replace("ö", "o").replace("ß", "")


CONTACT = FieldSpec("email", "Email", FieldKind.EMAIL, maps_to=MapsTo.EMAIL)


@pytest.mark.parametrize(
    ("specs", "is_good"),
    [
        ([], False),
        ([FieldSpec("h", "Hello", FieldKind.HEADING)], False),
        ([FieldSpec("x", "Campaign", FieldKind.HIDDEN)], False),
        ([TEXT], False),
        ([replace(CONTACT, maps_to="")], False),
        ([CONTACT], True),
        ([FieldSpec("p", "Phone", FieldKind.PHONE, maps_to=MapsTo.PHONE)], True),
    ],
)
def test_a_published_form_lets_people_be_contacted(specs, is_good):
    assert (publish_problems(specs) == []) is is_good


def test_changes_name_what_is_new_gone_and_different():
    name, size = replace(TEXT, key="name"), replace(CHOICE, key="size")
    fax = FieldSpec("fax", "Fax", FieldKind.PHONE)
    new = [
        CONTACT,
        replace(size, is_required=True, options=("a", "b")),
        replace(name, label="Full name"),
    ]
    found = changes([name, size, fax], new)
    assert found.added == ("Email",)
    assert found.removed == ("Fax",)
    assert found.changed == ("Size: now required, options", "Name is now called Full name")
    assert found.is_reordered
    assert not changes(new, new)


def test_what_others_may_miss_is_gone_retyped_has_fewer_options_or_fills_another_field():
    size = replace(CHOICE, key="size", options=("1-9", "10-49"), maps_to="size")
    name = replace(TEXT, key="name")
    fewer, more = replace(size, options=("1-9",)), replace(size, options=("1-9", "10-49", "50+"))
    assert touched([size, name], [more, replace(name, label="Full name", is_required=True)]) == {}
    assert touched([size], [fewer])["size"].fills == "size"
    assert touched([size], [replace(size, maps_to="")])["size"].fills == "size"
    gone = touched([size], [replace(size, key="staff")])["size"]
    assert (gone.is_removed, gone.fills) == (True, ""), "another question fills it now"


def test_fingerprint_follows_every_setting():
    assert fingerprint([TEXT]) == fingerprint([replace(TEXT)])
    assert fingerprint([TEXT]) != fingerprint([replace(TEXT, help_text="x")])
    assert fingerprint([TEXT, CHOICE]) != fingerprint([CHOICE, TEXT])
