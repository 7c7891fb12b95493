"""How stored answers read on a page."""

import pytest

from templates_app.enums import FieldKind
from templates_app.rules.fields import FieldSpec
from templates_app.rules.shown import shown_answers, shown_value

CASES = [
    (FieldKind.MONEY, {"amount": 12000, "currency": "EUR"}, "EUR 12,000"),
    (FieldKind.MONEY, {"amount": 12000.5, "currency": "EUR"}, "EUR 12,000.50"),
    (FieldKind.NUMBER, 1200, "1,200"),
    (FieldKind.NUMBER, 0, "0"),
    (FieldKind.DATE, "2025-11-21", "21 Nov 2025"),
    (FieldKind.DATE, "someday", "someday"),
    (FieldKind.YES_NO, True, "Yes"),
    (FieldKind.YES_NO, False, "No"),
    (FieldKind.CONSENT, True, "Agreed"),
    (FieldKind.CONSENT, False, "Not agreed"),
    (FieldKind.COUNTRY, "PT", "Portugal"),
    (FieldKind.COUNTRY, "ZZ", "ZZ"),
    (FieldKind.CHOICES, ["Large", "Small"], "Large, Small"),
    (FieldKind.SHORT_TEXT, "<b>", "<b>"),
    (FieldKind.SHORT_TEXT, None, ""),
    (FieldKind.CHOICES, [], ""),
    (FieldKind.MONEY, {"currency": "EUR"}, "EUR"),
]


@pytest.mark.parametrize(("kind", "value", "text"), CASES)
def test_stored_value_reads_well(kind, value, text):
    assert shown_value(kind, value) == text


def test_answers_come_in_template_order_with_the_empty_ones():
    fields = [
        FieldSpec("b", "Budget", FieldKind.MONEY),
        FieldSpec("h", "About you", FieldKind.HEADING),
        FieldSpec("a", "Name", FieldKind.SHORT_TEXT),
    ]
    lines = shown_answers(fields, {"a": "Ana", "gone": "x"})
    assert [(line.label, line.text, line.is_empty) for line in lines] == [
        ("Budget", "", True),
        ("Name", "Ana", False),
    ]
