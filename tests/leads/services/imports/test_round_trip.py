"""What we export can be imported as it is: the same leads, field by field (ux.md I7, L34; domain.md section 5)."""

from typing import Any

import pytest

from leads.models import Lead
from leads.rules.imports import FIELDS, Sureness, guess_columns
from leads.selectors.import_targets import known_to, targets_for
from leads.services.notes import add_note
from templates_app.enums import FieldKind
from templates_app.models import CustomAttribute, Listing
from templates_app.rules.answers import validate_answers
from templates_app.selectors.lead_templates import specs_of
from tests.factories import make_lead, make_listing, make_product, make_version
from tests.leads.files import bring_in, check, csv_of, send
from tests.leads.sheets import content
from tests.leads.views.reading import text_of

ODD = "=1+1 „Ünïcode“ 🙂\nÀ la carte; \"quoted\", 'so'\n\n-last line"
# What a form may ask, and what somebody answers.
QUESTIONS: dict[FieldKind, tuple[str, dict[str, Any], Any]] = {
    FieldKind.LONG_TEXT: ("wish", {}, ODD),
    FieldKind.MONEY: ("spend", {"currency": "EUR"}, {"amount": 1234.5, "currency": "EUR"}),
    FieldKind.CHOICE: ("plan", {"options": ["+Basic", "Änderung"]}, "+Basic"),
    FieldKind.CHOICES: ("wants", {"options": ["Backup", "Mail", "@Home"]}, ["Backup", "@Home"]),
    FieldKind.YES_NO: ("existing", {}, False),
    FieldKind.DATE: ("start", {}, "2026-02-28"),
    FieldKind.COUNTRY: ("branch", {}, "DE"),
    FieldKind.PHONE: ("mobile", {}, "+351912345678"),
    FieldKind.CONSENT: ("consent", {}, True),
    FieldKind.HIDDEN: ("campaign", {}, "-spring"),
}
CONTACT: dict[str, Any] = {
    "first_name": "=Ana",
    "last_name": "'-Sousa",
    "email": "ana@x.example",
    "phone": "+351 912 345 678",
    "job_title": "@Buyer",
    "company": "+351 GmbH",
    "street": "-1 Läne\u00e9",
    "postcode": "01234",
    "city": "Porto, old",
    "region": 'The "North"',
    "country": "PT",
}


def exported_lead(cast):
    """Store a lead that has everything that our file has of one."""
    CustomAttribute.objects.create(host=cast.northgate, key="tier", label="Tier of partner")
    CustomAttribute.objects.create(
        host=cast.northgate,
        key="needs",
        label="Needs",
        kind="checkboxes",
        options=["Backup", "Mail", "Cloud"],
    )
    more = [
        {"key": key, "label": key.title(), "kind": kind, **options}
        for kind, (key, options, _answer) in QUESTIONS.items()
    ]
    product = make_product(cast.vertex, "=Acme „Größe“")
    version = make_version(cast.vertex, more=more)
    make_listing(product, cast.marketplace, version)
    raw = {key: answer for key, _options, answer in QUESTIONS.values()}
    raw |= {"email": "ana@x.example", "first_name": "=Ana", "last_name": "'-Sousa", "budget": 1000}
    answers = validate_answers(specs_of(version), raw)
    assert not answers.errors
    lead = make_lead(
        cast.northgate,
        marketplace=cast.marketplace,
        product=product,
        template_version=version,
        answers=answers.values,
        attributes={"tier": "=cmd", "needs": ["Backup", "Cloud"]},
        **CONTACT,
    )
    add_note(lead, body=ODD, kind="note", audience="company", actor=cast.olga)
    return lead


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_our_own_export_comes_back_field_by_field(cast, sign_in, kind):
    old = exported_lead(cast)
    client = sign_in(cast.olga)
    data = content(client.get(f"/leads/export.{kind}"))
    source = send(data, cast.olga, name=f"leads_all.{kind}")
    page = text_of(client.get(f"/imports/{source.pk}/columns/"))
    assert "This looks like a file from Lead Portal." in page
    assert "has no place for it: Lead ID, Created, Updated, Status, Qualification," in page
    assert "Last note, answer:consent." in page
    assert "Likely" not in page
    new = bring_in(data, cast.olga, name=f"leads_all.{kind}", duplicates="create")
    assert new.made == 1, list(new.faults.values())
    [lead] = Lead.objects.exclude(pk=old.pk)
    names = [*CONTACT, "marketplace", "product", "template_version", "attributes"]
    for name in names:
        assert getattr(lead, name) == getattr(old, name), name
    for key, answer in old.answers.items():
        # Who agreed to what did it here, by itself: no file says so.
        assert lead.answers.get(key) == (None if key == "consent" else answer), key
    assert not lead.consent_text
    again = check(send(data, cast.olga, name=f"leads_all.{kind}"), cast.olga)
    assert (again.counts["duplicate"], again.counts["new"]) == (1, 0)


def test_a_column_named_as_one_of_ours_is_certain(cast):
    CustomAttribute.objects.create(host=cast.northgate, key="tier", label="Tier of partner")
    header = [str(label) for label in FIELDS.values()]
    header += ["tier", "answer:budget"]
    guesses = guess_columns(header, [], targets=targets_for(known_to(cast.olga), header))
    assert {guess.sureness for guess in guesses} == {Sureness.CERTAIN}
    assert [guess.target for guess in guesses] == [*FIELDS, "attribute:tier", "answer:budget"]
    others = guess_columns(
        ["TIER OF PARTNER", "Surname"], [], targets=targets_for(known_to(cast.olga), [])
    )
    assert [(one.target, one.sureness) for one in others] == [
        ("attribute:tier", Sureness.CERTAIN),
        ("last_name", Sureness.LIKELY),
    ]


@pytest.mark.parametrize(
    ("product", "budget", "sentence"),
    [
        ("Acme Backup", "much", "Budget must be a number, like 1200 or 12.50"),
        ("Other", "10", "Budget: The form of the row's product does not ask this"),
        ("", "10", "Budget: The form of the row's product does not ask this"),
        ("", "", ""),
    ],
)
def test_an_answer_is_judged_by_the_form_of_its_product(cast, product, budget, sentence):
    closed = make_listing(make_product(cast.vertex, "Other"), cast.marketplace)
    Listing.objects.filter(pk=closed.pk).update(version=None)
    row = ["a@x.example", "Northgate Store", product, budget]
    header = ["Email", "Marketplace", "Product", "answer:budget"]
    source = check(send(csv_of(header, [row]), cast.olga), cast.olga)
    assert [one.sentence for one in source.faults.all()] == ([sentence] if sentence else [])
