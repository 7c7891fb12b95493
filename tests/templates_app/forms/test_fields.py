"""The portal's own form fields: they clean, name themselves and keep what was typed."""

from datetime import date

import pytest
from django.template.loader import render_to_string

from leadportal.common.errors import Invalid
from leadportal.common.forms import (
    Amount,
    BoundedDate,
    CountryChoice,
    EmailLine,
    OneOf,
    PhoneLine,
    PortalForm,
    SeveralOf,
    TextBlock,
    TextLine,
    Tick,
    WebAddress,
    WholeNumber,
)

PAIRS = [("a", "A"), ("b", "B")]


class Sample(PortalForm):
    autofill = {"company": "organization"}

    company = TextLine(
        label="Company", max_length=120, enter="Enter a company name", help_text="<b>Help</b>"
    )
    vat = TextLine(label="VAT number", max_length=12)
    note = TextBlock(label="Note", max_length=20)
    email = EmailLine()
    phone = PhoneLine(region="PT")
    site = WebAddress()
    start = BoundedDate(label="Start date")
    budget = Amount(label="Budget", smallest=0)
    seats = WholeNumber(label="Seats", smallest=1, largest=10)
    country = CountryChoice()
    size = OneOf(label="Size", choices=PAIRS, empty="")
    colours = SeveralOf(label="Colours", choices=PAIRS)
    terms = Tick(label="I agree", enter="Tick that you agree")
    extra = Tick(label="Extra")


GOOD = {
    "company": " North\x00wind \u202e ",
    "vat": "PT1",
    "note": "a\r\nb",
    "email": "Ana@B.Example",
    "phone": "912 345 678",
    "site": "b.example",
    "start": "2025-11-21",
    "budget": "1,200.50",
    "seats": "3",
    "country": "PT",
    "size": "a",
    "colours": ["b"],
    "terms": "on",
}


def test_good_values_come_out_clean():
    form = Sample(GOOD)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["company"] == "Northwind"
    assert form.cleaned_data["note"] == "a\nb"
    assert form.cleaned_data["email"] == "Ana@b.example"
    assert form.cleaned_data["phone"] == "+351 912 345 678"
    assert form.cleaned_data["site"] == "https://b.example"
    assert form.cleaned_data["start"] == date(2025, 11, 21)
    assert str(form.cleaned_data["budget"]) == "1200.50"
    assert form.cleaned_data["seats"] == 3
    assert form.cleaned_data["extra"] is False


def test_every_missing_field_names_itself():
    assert {name: lines[0] for name, lines in Sample({}).errors.items()} == {
        "company": "Enter a company name",
        "vat": "Enter VAT number",
        "note": "Enter note",
        "email": "Enter an email address",
        "phone": "Enter a phone number",
        "site": "Enter a web address",
        "start": "Enter start date",
        "budget": "Enter budget",
        "seats": "Enter seats",
        "country": "Choose a country",
        "size": "Choose an answer for Size",
        "colours": "Choose an answer for Colours",
        "terms": "Tick that you agree",
    }


ODD = [
    "\x00", "\ud800", "x" * 100_000, "9" * 5000, "NaN", "1e999", "9999-12-31", "<script>alert(1)</script>",
    ["a", "b"], {"a": 1}, 10**5000, float("nan"), b"x", True, object(),
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD, ids=[str(number) for number in range(len(ODD))])
def test_odd_values_end_in_sentences(odd):
    form = Sample(dict.fromkeys(GOOD, odd))
    for sentence in (line for lines in form.errors.values() for line in lines):
        assert sentence
    for value in form.cleaned_data.values():
        assert "\x00" not in str(value)
        assert "\ud800" not in str(value)


def test_too_long_says_by_how_much():
    form = Sample({**GOOD, "company": "x" * 134})
    assert form.errors["company"] == [
        "Company must be 120 characters or fewer. You have entered 134."
    ]


@pytest.mark.parametrize(
    ("typed", "is_good"), [("0", False), ("1", True), ("10", True), ("11", False)]
)
def test_whole_numbers_have_limits(typed, is_good):
    form = Sample({**GOOD, "seats": typed})
    assert form.is_valid() is is_good
    if not is_good:
        assert form.errors["seats"] == ["Seats must be between 1 and 10"]


def test_whole_numbers_are_whole():
    assert Sample({**GOOD, "seats": "2.5"}).errors["seats"] == ["Seats must be a whole number"]


def test_page_keeps_what_was_typed_escapes_help_and_names_autofill():
    html = render_to_string(
        "templates_app/_form.html", {"form": Sample({**GOOD, "vat": '"><script>', "seats": "many"}), "button": "Save"}
    )  # fmt: skip
    assert "&lt;b&gt;Help&lt;/b&gt;" in html
    assert "<script>" not in html
    assert 'value="many"' in html
    assert "&quot;&gt;&lt;script&gt;" in html
    assert 'autocomplete="organization"' in html
    assert html.count('autocomplete="off"') == 10
    for kind in ("email", "tel", "url", "date"):
        assert f'type="{kind}"' in html


def test_refusals_of_services_stand_beside_their_fields():
    form = Sample(GOOD)
    assert form.is_valid()
    form.add_refusal(Invalid({"company": "Taken", "somewhere": "Else"}))
    assert form.errors["company"] == ["Taken"]
    assert form.non_field_errors() == ["Else"]
