"""*Add lead*: who has it, where the lead starts, one lead for each form, bad values."""

import re

import pytest

from leads.enums import Channel, HolderDesk, Status
from leads.models import Lead, Submission
from templates_app.models import CustomAttribute
from tests.factories import fresh, make_marketplace
from tests.leads.views.reading import sent_from, text_of

ADDRESS = "/leads/new/"
LEAD = {
    "first_name": "Ana",
    "last_name": "Sousa",
    "email": "ana@northwind.example",
    "company": "Northwind",
    "channel": "phone",
    "key": "one",
}


@pytest.fixture
def creating_alpha(cast):
    cast.alpha.can_create_leads = True
    cast.alpha.save()


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("olga", 200),
        ("rita", 200),
        ("sam", 200),
        ("ray", 200),
        ("vera", 302),
        ("ann", 404),
        ("cleo", 404),
    ],
)
def test_page_is_there_for_those_who_make_leads(cast, sign_in, who, code):
    client = sign_in(getattr(cast, who))
    assert client.get(ADDRESS).status_code == code
    assert client.post(ADDRESS, LEAD).status_code in {302, 404}


def test_reseller_with_right_one_adds_leads(cast, sign_in, creating_alpha):
    sign_in(fresh(cast.ann)).post(ADDRESS, LEAD)
    lead = Lead.objects.get()
    assert (lead.status, lead.holder, lead.in_charge_id) == (
        Status.REFERRED,
        cast.alpha,
        cast.ann.user_id,
    )


@pytest.mark.parametrize(
    ("who", "status", "desk"),
    [
        ("olga", Status.SUBMITTED, HolderDesk.HOST),
        ("rita", Status.SUBMITTED, HolderDesk.HOST),
        ("sam", Status.REFERRED, HolderDesk.SALES),
        ("ray", Status.REFERRED, HolderDesk.COMPANY),
    ],
)
def test_lead_starts_by_role(cast, sign_in, who, status, desk):
    client = sign_in(getattr(cast, who))
    answer = client.post(ADDRESS, LEAD, follow=True)
    lead = Lead.objects.get()
    assert answer.redirect_chain == [(f"/leads/{lead.reference}/", 302)]
    assert f"Lead {lead.reference} added." in text_of(answer)
    assert (lead.status, lead.holder_desk, lead.channel) == (status, desk, Channel.PHONE)
    assert (lead.first_name, lead.email, lead.company) == (
        "Ana",
        "ana@northwind.example",
        "Northwind",
    )


def test_the_only_marketplace_is_chosen_beforehand(cast, sign_in):
    client = sign_in(cast.olga)
    page = client.get(ADDRESS).content.decode()
    assert re.search(rf'<option value="{cast.marketplace.pk}" selected', page)
    make_marketplace(cast.northgate)
    page = client.get(ADDRESS).content.decode()
    assert f'<option value="{cast.marketplace.pk}" selected' not in page
    client.post(ADDRESS, {**LEAD, "marketplace": cast.marketplace.pk})
    assert Lead.objects.get().source_label == "Northgate Store"


def test_foreign_marketplace_is_no_choice(cast, sign_in):
    foreign = make_marketplace(cast.southgate)
    answer = sign_in(cast.olga).post(ADDRESS, {**LEAD, "marketplace": foreign.pk})
    assert (answer.status_code, "Choose a marketplace" in text_of(answer)) == (422, True)


@pytest.mark.parametrize(
    ("sent", "recipient", "status"),
    [
        ({"target": ""}, "Northgate", Status.SUBMITTED),
        ({"target": "sales"}, "Northgate Sales", Status.ASSIGNED),
        ({"target": "company"}, "Alpha", Status.ASSIGNED),
    ],
)
def test_managers_may_assign_at_once(cast, sign_in, sent, recipient, status):
    sign_in(cast.olga).post(ADDRESS, {**LEAD, **sent, "recipient": cast.alpha.pk})
    lead = Lead.objects.select_related("holder").get()
    assert (lead.recipient_label, lead.status) == (recipient, status)


def test_recipient_must_be_named_when_it_is_a_company(cast, sign_in):
    client = sign_in(cast.olga)
    for recipient in ("", cast.ripple.pk, cast.southgate.pk, "x"):
        answer = client.post(ADDRESS, {**LEAD, "target": "company", "recipient": recipient})
        assert (answer.status_code, "Choose a company" in text_of(answer)) == (422, True)
    assert not Lead.objects.exists()


def test_others_do_not_choose_a_recipient(cast, sign_in):
    client = sign_in(cast.ray)
    assert "Assign Lead To" not in text_of(client.get(ADDRESS))
    client.post(ADDRESS, {**LEAD, "target": "company", "recipient": cast.alpha.pk})
    assert Lead.objects.get().holder == cast.ripple


def test_the_same_form_twice_is_one_lead(cast, sign_in):
    client = sign_in(cast.olga)
    answers = [client.post(ADDRESS, LEAD) for _again in range(2)]
    assert answers[0].url == answers[1].url
    assert (Lead.objects.count(), Submission.objects.count()) == (1, 1)
    answer = client.post(ADDRESS, {**LEAD, "first_name": "Eva"})
    assert (answer.status_code, "You have saved this form already" in text_of(answer)) == (
        422,
        True,
    )
    sign_in(cast.rita).post(ADDRESS, LEAD)
    assert Lead.objects.count() == 2


def test_every_showing_of_the_form_has_its_own_key(cast, sign_in):
    client = sign_in(cast.olga)
    keys = {
        re.search(r'name="key" value="([^"]+)"', client.get(ADDRESS).content.decode())[1]
        for _ in range(3)
    }
    assert len(keys) == 3


def test_browser_does_not_fill_in_the_employees_own_data(cast, sign_in):
    page = sign_in(cast.olga).get(ADDRESS).content.decode().split("<main")[1]
    for control in re.findall(r"<(?:input|select|textarea)[^>]*>", page):
        if not re.search(r'type="(hidden|radio|checkbox)"', control):
            assert 'autocomplete="off"' in control, control


def test_custom_attributes_are_asked_by_role(cast, sign_in):
    CustomAttribute.objects.create(
        host=cast.northgate,
        key="budget",
        label="Budget",
        kind="number",
        required_roles=["sales_support"],
    )
    CustomAttribute.objects.create(
        host=cast.northgate, key="secret", label="Secret", view_roles=["sales_support"]
    )
    client = sign_in(cast.sam)
    page = text_of(client.get(ADDRESS))
    assert ("Budget" in page, "Secret" in page) == (True, False)
    for value, sentence in [
        ("", "Enter budget"),
        ("much", "Budget must be a number"),
        ("1e999", "Budget"),
    ]:
        answer = client.post(ADDRESS, {**LEAD, "attribute-budget": value})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    client.post(ADDRESS, {**LEAD, "attribute-budget": "1200", "attribute-secret": "x"})
    assert Lead.objects.get().attributes == {"budget": 1200}
    assert "Budget 1,200" in text_of(client.get(f"/leads/{Lead.objects.get().reference}/"))


BAD = [
    (
        {"first_name": "", "last_name": "", "email": ""},
        "Enter a name, an email address or a phone number",
    ),
    ({"first_name": "x" * 81}, "First name must be 80 characters or fewer. You have entered 81."),
    (
        {"first_name": "\x00\ufeff", "last_name": "\u200b", "email": ""},
        "Enter a name, an email address",
    ),
    ({"email": "ana"}, "Enter an email address in the format name@example.com"),
    (
        {"email": "a@b\x00.example\r\nBcc: x"},
        "Enter an email address in the format name@example.com",
    ),
    ({"phone": "12"}, "Enter a phone number with its country code, like +351 912 345 678"),
    ({"company": "x" * 121}, "Company must be 120 characters or fewer. You have entered 121."),
    ({"website": "javascript:alert(1)"}, "Enter a web address, like www.example.com"),
    ({"country": "XX"}, "Choose a country"),
    ({"channel": ""}, "Choose how the lead came in"),
    ({"channel": "pigeon"}, "Choose how the lead came in"),
    ({"marketplace": "9" * 40}, "Choose a marketplace"),
    ({"marketplace": "\x00"}, "Choose a marketplace"),
    ({"target": "moon"}, "Choose who gets this lead"),
    ({"key": ""}, "Open this form again"),
    ({"key": "k" * 41}, "Form must be 40 characters or fewer."),
    ({"postcode": "x" * 100_000}, "Postcode must be 20 characters or fewer."),
]


@pytest.mark.parametrize(("sent", "sentence"), BAD)
def test_bad_values_come_back_with_everything_typed(cast, sign_in, sent, sentence):
    answer = sign_in(cast.olga).post(ADDRESS, {**LEAD, "job_title": "<b>Boss</b>", **sent})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert sentence in text_of(answer)
    assert "&lt;b&gt;Boss&lt;/b&gt;" in page
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [row for row in BAD if not {"key", "marketplace", "target"} & row[0].keys()],
)
def test_edit_refuses_the_same_values(cast, sign_in, referred, sent, sentence):
    before = Lead.objects.values().get(pk=referred.pk)
    client, address = sign_in(cast.ann), f"/leads/{referred.reference}/edit/"
    values = {**sent_from(client.get(address)), **LEAD, "phone": "", **sent}
    answer = client.post(address, values)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert Lead.objects.values().get(pk=referred.pk) == before


@pytest.mark.parametrize("seen", ["", "x", "0", "9" * 70_000, "\x00", "a.b"])
def test_edit_that_does_not_know_what_it_showed_overwrites_nothing(cast, sign_in, referred, seen):
    before = Lead.objects.values().get(pk=referred.pk)
    answer = sign_in(cast.ann).post(f"/leads/{referred.reference}/edit/", {**LEAD, "seen": seen})
    assert answer.status_code == 422
    assert "Choose what to keep" in text_of(answer)
    assert Lead.objects.values().get(pk=referred.pk) == before
