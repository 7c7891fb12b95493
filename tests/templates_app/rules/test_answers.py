"""THE validator: every kind with good and bad values; nothing that a sender writes is an error of ours."""

import json
import random
from decimal import Decimal

import pytest

from leads.models import Lead
from templates_app.enums import FieldKind, MapsTo
from templates_app.rules.answers import validate_answers
from templates_app.rules.fields import LEAD_LENGTHS, FieldSpec, can_map

HUGE = 10**5000
OPTIONS = ("Small", "Médium", "Large")


def spec(kind: FieldKind, **settings) -> FieldSpec:
    settings = {"options": OPTIONS, "currency": "EUR", **settings}
    return FieldSpec(key="q", label="Question", kind=kind, **settings)


def numbered(cases: list[tuple]) -> list[str]:
    """Name the cases by kind and place: some values are too long for a name."""
    return [f"{kind}-{number}" for number, (kind, *_rest) in enumerate(cases)]


GOOD = [
    (FieldKind.SHORT_TEXT, "  Ana \t Sousa ", "Ana Sousa"),
    (FieldKind.SHORT_TEXT, "a\x00b\ud800c\u202ed", "abcd"),
    (FieldKind.SHORT_TEXT, "<script>alert(1)</script>", "<script>alert(1)</script>"),
    (FieldKind.SHORT_TEXT, "e\u0301", "é"),
    (FieldKind.SHORT_TEXT, 4000, "4000"),
    (FieldKind.LONG_TEXT, " one\r\ntwo\x0b ", "one\ntwo"),
    (FieldKind.EMAIL, "Ana@NORTHWIND.Example", "Ana@northwind.example"),
    (FieldKind.PHONE, "+351912345678", "+351 912 345 678"),
    (FieldKind.PHONE, "+44 (0)20 7946 0958", "+44 20 7946 0958"),
    (FieldKind.NUMBER, "12,000.50", 12000.5),
    (FieldKind.NUMBER, "0", 0),
    (FieldKind.NUMBER, "−3", -3),
    (FieldKind.NUMBER, 7, 7),
    (FieldKind.NUMBER, 7.25, 7.25),
    (FieldKind.MONEY, "12 000", {"amount": 12000, "currency": "EUR"}),
    (FieldKind.MONEY, {"amount": 5, "currency": "EUR"}, {"amount": 5, "currency": "EUR"}),
    (FieldKind.DATE, "2025-11-21", "2025-11-21"),
    (FieldKind.DATE, "1900-01-01", "1900-01-01"),
    (FieldKind.CHOICE, "Small", "Small"),
    (FieldKind.CHOICE, "medium", "Médium"),
    (FieldKind.CHOICES, ["Large", "Small", "Small"], ["Small", "Large"]),
    (FieldKind.CHOICES, "Large", ["Large"]),
    (FieldKind.YES_NO, "yes", True),
    (FieldKind.YES_NO, "no", False),
    (FieldKind.YES_NO, False, False),
    (FieldKind.COUNTRY, "pt", "PT"),
    (FieldKind.COUNTRY, "portugal", "PT"),
    (FieldKind.CONSENT, True, True),
    (FieldKind.CONSENT, "on", True),
    (FieldKind.CONSENT, None, False),
    (FieldKind.HIDDEN, "spring\x00", "spring"),
    (FieldKind.HIDDEN, "x" * 5000, "x" * 300),
]


@pytest.mark.parametrize(("kind", "raw", "value"), GOOD, ids=numbered(GOOD))
def test_good_value_is_kept_clean(kind, raw, value):
    answers = validate_answers([spec(kind)], {"q": raw})
    assert (answers.values, answers.errors) == ({"q": value}, {})


BAD = [
    (FieldKind.SHORT_TEXT, "x" * 201, "Question must be 200 characters or fewer. You have entered 201."),
    (FieldKind.SHORT_TEXT, "x" * 100_000, "Question must be 200 characters or fewer. You have entered 100,000."),
    (FieldKind.SHORT_TEXT, ["Ana"], "Question must be text"),
    (FieldKind.SHORT_TEXT, {"a": 1}, "Question must be text"),
    (FieldKind.SHORT_TEXT, True, "Question must be text"),
    (FieldKind.SHORT_TEXT, HUGE, "Question must be text"),
    (FieldKind.LONG_TEXT, "x" * 4001, "Question must be 4,000 characters or fewer. You have entered 4,001."),
    (FieldKind.LONG_TEXT, 1.5, "Question must be text"),
    (FieldKind.EMAIL, "ana", "Enter an email address in the format name@example.com"),
    (FieldKind.EMAIL, "ana@", "Enter an email address in the format name@example.com"),
    (FieldKind.EMAIL, "ana@b.example, x@y.example", "Enter an email address in the format name@example.com"),
    (FieldKind.EMAIL, "a" * 250 + "@b.example", "Enter an email address in the format name@example.com"),
    (FieldKind.EMAIL, ["ana@b.example"], "Enter an email address in the format name@example.com"),
    (FieldKind.PHONE, "912 345 678", "Enter a phone number with its country code, like +351 912 345 678"),
    (FieldKind.PHONE, "+351 1", "Enter a phone number with its country code, like +351 912 345 678"),
    (FieldKind.PHONE, "+" + "9" * 400, "Enter a phone number with its country code, like +351 912 345 678"),
    (FieldKind.NUMBER, "NaN", "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, float("nan"), "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, float("1e999"), "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, "1e999", "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, "Infinity", "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, HUGE, "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, "9" * 5000, "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, True, "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, "١٢", "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, "1_000", "Question must be a number, like 1200 or 12.50"),
    (FieldKind.NUMBER, "1.234", "Question must have at most 2 decimals"),
    (FieldKind.NUMBER, "9999999999999", "Question must be 999,999,999,999.99 or less"),
    (FieldKind.MONEY, {"amount": 5, "currency": "USD"}, "Question must be in EUR"),
    (FieldKind.MONEY, {"amount": [5]}, "Question must be a number, like 1200 or 12.50"),
    (FieldKind.DATE, "9999-12-31", "Enter a date between 1900 and 2200, like 2025-11-21"),
    (FieldKind.DATE, "0001-01-01", "Enter a date between 1900 and 2200, like 2025-11-21"),
    (FieldKind.DATE, "2025-02-30", "Enter a date between 1900 and 2200, like 2025-11-21"),
    (FieldKind.DATE, "21/11/2025", "Enter a date between 1900 and 2200, like 2025-11-21"),
    (FieldKind.DATE, "20251121", "Enter a date between 1900 and 2200, like 2025-11-21"),
    (FieldKind.DATE, ["2025-11-21"], "Enter a date between 1900 and 2200, like 2025-11-21"),
    (FieldKind.CHOICE, "Huge", "Choose an answer for Question"),
    (FieldKind.CHOICE, ["Small"], "Choose an answer for Question"),
    (FieldKind.CHOICES, ["Small", "Huge"], "Choose an answer for Question"),
    (FieldKind.CHOICES, {"Small": 1}, "Choose an answer for Question"),
    (FieldKind.CHOICES, [["Small"]], "Choose an answer for Question"),
    (FieldKind.CHOICES, ["Small"] * 10_000, "Choose an answer for Question"),
    (FieldKind.YES_NO, "maybe", "Choose an answer for Question"),
    (FieldKind.YES_NO, ["yes"], "Choose an answer for Question"),
    (FieldKind.COUNTRY, "Atlantis", "Choose a country from the list"),
    (FieldKind.COUNTRY, "XX", "Choose a country from the list"),
    (FieldKind.CONSENT, "perhaps", "Choose an answer for Question"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "sentence"), BAD, ids=numbered(BAD))
def test_bad_value_is_refused_with_a_sentence(kind, raw, sentence):
    answers = validate_answers([spec(kind)], {"q": raw})
    assert (answers.values, answers.errors) == ({}, {"q": sentence})


@pytest.mark.parametrize("kind", [kind for kind in FieldKind if kind != FieldKind.HEADING])
@pytest.mark.parametrize(
    "raw", [None, "", "   ", "\x00\u200b"], ids=["none", "empty", "blank", "unseen"]
)
def test_empty_is_no_answer_and_refused_only_where_it_is_required(kind, raw):
    optional = validate_answers([spec(kind)], {"q": raw})
    assert not optional.errors
    assert optional.values in ({}, {"q": False})
    if kind != FieldKind.HIDDEN:
        required = validate_answers([spec(kind, is_required=True)], {"q": raw})
        assert "q" in required.errors
        assert not required.values


REQUIRED = [
    (FieldKind.SHORT_TEXT, "Work email", "Enter work email"),
    (FieldKind.SHORT_TEXT, "VAT number", "Enter VAT number"),
    (FieldKind.NUMBER, "How many seats?", "Answer the question “How many seats?”"),
    (FieldKind.CHOICE, "Size", "Choose an answer for Size"),
    (FieldKind.CONSENT, "I agree", "Tick “I agree” to continue"),
]


@pytest.mark.parametrize(("kind", "label", "sentence"), REQUIRED)
def test_missing_answer_is_named(kind, label, sentence):
    field = FieldSpec(key="q", label=label, kind=kind, is_required=True, options=OPTIONS)
    assert validate_answers([field], {}).errors == {"q": sentence}


def test_no_and_zero_are_answers_to_required_questions():
    fields = [
        FieldSpec("a", "A", FieldKind.YES_NO, is_required=True),
        FieldSpec("b", "B", FieldKind.NUMBER, is_required=True),
    ]
    assert validate_answers(fields, {"a": "no", "b": "0"}).values == {"a": False, "b": 0}


@pytest.mark.parametrize(
    ("raw", "is_good"), [("4", False), ("5", True), ("10", True), ("10.01", False)]
)
def test_limits_of_a_number_hold(raw, is_good):
    field = spec(FieldKind.NUMBER, min_value=Decimal(5), max_value=Decimal(10))
    assert bool(validate_answers([field], {"q": raw}).values) is is_good


def test_headings_and_unknown_keys_are_left_out():
    answers = validate_answers([spec(FieldKind.HEADING)], {"q": "x", "other": "y"})
    assert (answers.values, answers.errors, answers.mapped) == ({}, {}, {})


def test_consent_texts_are_handed_on():
    fields = [
        FieldSpec("a", "I agree", FieldKind.CONSENT),
        FieldSpec("b", "News, too", FieldKind.CONSENT),
    ]
    assert validate_answers(fields, {"a": "on"}).consents == ["I agree"]


def test_answers_fill_the_lead():
    fields = [
        FieldSpec("mail", "Mail", FieldKind.EMAIL, maps_to=MapsTo.EMAIL),
        FieldSpec("from", "From", FieldKind.COUNTRY, maps_to=MapsTo.COUNTRY),
        FieldSpec("site", "Site", FieldKind.SHORT_TEXT, maps_to=MapsTo.WEBSITE),
        FieldSpec("firm", "Firm", FieldKind.SHORT_TEXT, maps_to=MapsTo.COMPANY),
    ]
    raw = {"mail": "a@b.example", "from": "Spain", "site": "b.example", "firm": ""}
    assert validate_answers(fields, raw).mapped == {
        "email": "a@b.example",
        "country": "ES",
        "website": "https://b.example",
    }


@pytest.mark.parametrize(
    "raw", ["javascript:alert(1)", "//evil", "data:text/html,x", "b example.com"]
)
def test_a_web_site_is_a_web_address(raw):
    field = FieldSpec("q", "Site", FieldKind.SHORT_TEXT, maps_to=MapsTo.WEBSITE)
    assert validate_answers([field], {"q": raw}).errors == {
        "q": "Enter a web address, like www.example.com"
    }


def test_lead_columns_have_the_lengths_that_the_validator_keeps():
    kept = {part: Lead._meta.get_field(part).max_length for part in MapsTo}
    assert kept == LEAD_LENGTHS


@pytest.mark.parametrize("part", [part for part in MapsTo if can_map(FieldKind.SHORT_TEXT, part)])
def test_what_fills_the_lead_fits_its_column(part):
    field = spec(FieldKind.SHORT_TEXT, maps_to=part, max_length=5000)
    length = LEAD_LENGTHS[part] + 1
    raw = "https://b.example/" + "x" * length if part == MapsTo.WEBSITE else "x" * length
    assert "q" in validate_answers([field], {"q": raw}).errors


def test_nothing_that_can_be_sent_breaks_the_validator_or_the_json():
    """Random shapes over every kind: an answer or a sentence, and values that both databases can store."""
    dice = random.Random(7)
    atoms = [
        None, True, False, 0, -1, HUGE, 1.5, float("nan"), float("inf"), "", "\x00", "\ud800", "x" * 9000,
        "<img src=x onerror=alert(1)>", "9999-12-31", "Small", "PT", "yes", "=1+1", b"bytes", object(),
    ]  # fmt: skip

    def shape(depth: int):
        roll = dice.random()
        if depth and roll < 0.2:
            return [shape(depth - 1) for _ in range(dice.randrange(4))]
        if depth and roll < 0.4:
            return {"amount": shape(depth - 1), "currency": shape(depth - 1)}
        return dice.choice(atoms)

    fields = [
        FieldSpec(str(kind), "Q", kind, options=OPTIONS, currency="EUR") for kind in FieldKind
    ]
    for _ in range(400):
        answers = validate_answers(fields, {field.key: shape(2) for field in fields})
        text = json.dumps(answers.values, allow_nan=False)
        assert "\\u0000" not in text
        assert "\\ud800" not in text
