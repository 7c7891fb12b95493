"""The form of a template: what vendors write is data, what visitors see has the right controls."""

import re

import pytest
from django.template import engines

from templates_app.enums import FieldKind, MapsTo
from templates_app.forms.answers import AnswersForm, hidden_from_query
from templates_app.forms.attributes import AttributesForm
from templates_app.rules.attributes import AttributeSpec
from templates_app.rules.fields import FieldSpec
from tests.templates_app.rules.test_attributes import OPERATOR, RESELLER

EVIL = "<script>alert(1)</script>\"'{{ 7|add:7 }}{% now 'Y' %}"


def drawn(form) -> str:
    template = engines["django"].from_string("{% load crispy_forms_tags %}{% crispy form %}")
    return template.render({"form": form})


def all_kinds(**settings) -> list[FieldSpec]:
    return [
        FieldSpec(f"f{number}", f"{kind.label}{settings.get('label', '')}", kind, **{
            "options": ("A", "B"), "currency": "EUR",
            **{name: value for name, value in settings.items() if name != "label"},
        })
        for number, kind in enumerate(FieldKind)
    ]  # fmt: skip


def test_what_vendors_write_is_escaped_everywhere():
    specs = all_kinds(
        label=EVIL, help_text=EVIL, options=(EVIL, "B"), link="https://x.example/?a=1&b=2"
    )
    for form in (AnswersForm(specs=specs), AnswersForm({}, specs=specs)):
        html = drawn(form)
        assert "<script" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "{{ 7|add:7 }}" in html  # data, never a template
        assert 'href="https://x.example/?a=1&amp;b=2"' in html


def test_controls_fit_the_answers():
    html = drawn(AnswersForm(specs=all_kinds()))
    for part in (
        'type="email"', 'type="tel"', 'type="date"', 'type="radio"', 'type="checkbox"', 'type="hidden"',
        "<textarea", "<select", 'inputmode="decimal"', '<span class="input-group-text">EUR</span>', "<h2",
    ):  # fmt: skip
        assert part in html, part


TOKENS = [(part, token) for part, token in zip(MapsTo, [
    "given-name", "family-name", "email", "tel", "organization-title", "organization", "url", "off", "off",
    "address-line1", "postal-code", "address-level2", "address-level1", "country",
], strict=True)]  # fmt: skip


@pytest.mark.parametrize(("part", "token"), TOKENS)
def test_browsers_fill_in_what_visitors_say_about_themselves(part, token):
    kind = {"email": FieldKind.EMAIL, "phone": FieldKind.PHONE, "country": FieldKind.COUNTRY}.get(
        part, FieldKind.SHORT_TEXT
    )
    specs = [FieldSpec("q", "Q", kind, maps_to=part)]
    assert f'autocomplete="{token}"' in drawn(AnswersForm(specs=specs))
    html = drawn(AnswersForm(specs=specs, is_about_visitor=False))
    assert re.findall(r'autocomplete="([^"]*)"', html) == ["off"]


def test_optional_questions_say_so_and_consents_start_empty():
    html = drawn(AnswersForm(specs=[
        FieldSpec("a", "Name", FieldKind.SHORT_TEXT),
        FieldSpec("b", "Mail", FieldKind.EMAIL, is_required=True),
        FieldSpec("c", "I agree", FieldKind.CONSENT, link="https://x.example/policy"),
    ]))  # fmt: skip
    assert html.count("(optional)") == 1
    assert "checked" not in html
    assert 'target="_blank" rel="noopener noreferrer"' in html
    assert "opens in a new tab" in html


def test_a_refused_form_keeps_everything_and_names_the_fields():
    specs = [
        FieldSpec("a", "Name", FieldKind.SHORT_TEXT, is_required=True),
        FieldSpec("b", "Budget", FieldKind.MONEY, currency="EUR"),
    ]
    form = AnswersForm({"answer-a": "", "answer-b": "lots"}, specs=specs)
    assert not form.is_valid()
    assert form.errors == {
        "a": ["Enter name"],
        "b": ["Budget must be a number, like 1200 or 12.50"],
    }
    html = drawn(form)
    assert 'value="lots"' in html
    assert "There is a problem" in html
    assert 'href="#id_answer-a"' in html
    assert 'aria-invalid="true"' in html


def test_hidden_fields_take_their_values_from_the_address():
    specs = [
        FieldSpec("campaign", "Campaign", FieldKind.HIDDEN),
        FieldSpec("name", "N", FieldKind.SHORT_TEXT),
    ]
    query = {"campaign": "spring\x00\n" + "x" * 5000, "name": "no", "other": "no"}
    initial = hidden_from_query(specs, query)
    assert list(initial) == ["campaign"]
    assert len(initial["campaign"]) == 300
    assert 'name="answer-campaign" value="spring ' in drawn(
        AnswersForm(specs=specs, initial=initial)
    )


def test_attributes_form_asks_for_what_one_may_edit():
    specs = [
        AttributeSpec(
            "a", "<b>Budget</b>", "text", hint=EVIL, required_roles=frozenset({"reseller"})
        ),
        AttributeSpec("b", "Secret", "number"),
    ]
    form = AttributesForm({}, specs=specs, actor=RESELLER)
    assert list(form.fields) == ["a"]
    assert form.errors == {"a": ["Enter <b>Budget</b>"]}
    assert "<b>" not in drawn(form)
    assert "<script" not in drawn(form)
    good = AttributesForm({"attribute-a": "x", "attribute-b": "7"}, specs=specs, actor=OPERATOR)
    assert good.is_valid()
    assert good.attributes.values == {"a": "x", "b": 7}
    assert AttributesForm({}, specs=[specs[1]], actor=RESELLER).is_valid()
