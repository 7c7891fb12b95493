"""Entering and editing companies; *Manage reseller company permissions*."""

import re

import pytest

from accounts.actors import Rights
from accounts.enums import CustomerRight
from accounts.models import Company, RightChange
from accounts.services.rights import set_rights
from tests.factories import fresh

COMPANY = {
    "name": "Globex Resale",
    "website": "www.globex.example",
    "street": "Main Street 1",
    "postcode": "1000",
    "city": "Porto",
    "region": "Norte",
    "country": "PT",
    "size": "50 to 249",
    "industry": "Retail",
    "about": "Sells.\nWell.",
}
BAD_COMPANY = [
    ("name", "", "Enter a company name"),
    ("name", " \t\x00 ", "Enter a company name"),
    ("name", "x" * 121, "Company name must be 120 characters or fewer. You have entered 121."),
    ("website", "javascript:alert(1)", "Enter a web address, like www.example.com"),
    ("website", "http://", "Enter a web address, like www.example.com"),
    ("postcode", "x" * 21, "Postcode must be 20 characters or fewer. You have entered 21."),
    ("country", "XX", "Choose a country"),
    ("country", "\x00", "Choose a country"),
    ("size", "x" * 21, "Company size must be 20 characters or fewer. You have entered 21."),
    ("about", "x" * 2001, "About must be 2,000 characters or fewer. You have entered 2,001."),
]


def test_operator_enters_a_reseller_and_goes_on_to_invite(cast, sign_in):
    client = sign_in(cast.olga)
    answer = client.post("/companies/new/", {**COMPANY, "is_reseller": "on"}, follow=True)
    made = Company.objects.get(name="Globex Resale")
    assert answer.redirect_chain == [(f"/people/invite/?company={made.pk}", 302)]
    assert "Invite people to Globex Resale" in answer.content.decode()
    assert (made.host, made.is_reseller, made.is_developer) == (cast.northgate, True, False)
    assert (made.website, made.about) == ("https://www.globex.example", "Sells.\nWell.")


def test_both_programmes_at_once_are_refused_beside_the_field(cast, sign_in):
    both = {**COMPANY, "is_reseller": "on", "is_referral": "on"}
    answer = sign_in(cast.olga).post("/companies/new/", both)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "A company is a reseller or a referral partner, not both. Choose one." in text
    assert re.search(r'name="is_reseller"[^>]*checked', text)
    assert not Company.objects.filter(name="Globex Resale").exists()


@pytest.mark.parametrize(("field", "value", "words"), BAD_COMPANY)
def test_bad_values_are_refused_in_words(cast, sign_in, field, value, words):
    client, before = sign_in(cast.olga), Company.objects.count()
    values = {**COMPANY, field: value}
    for url in ("/companies/new/", f"/companies/{cast.alpha.pk}/edit/"):
        answer = client.post(url, values)
        text = answer.content.decode()
        assert answer.status_code == 422
        assert text.count(words) == 2, "in the summary and beside the field"
        assert "<title>Error:" in text
        kept = "street" if field != "street" else "city"
        assert f'value="{values[kept]}"' in text
    cast.alpha.refresh_from_db()
    assert (Company.objects.count(), cast.alpha.name) == (before, "Alpha")


def test_markup_is_text(cast, sign_in):
    client = sign_in(cast.ann)
    name = '<script>alert(1)</script>"'
    client.post(f"/companies/{cast.alpha.pk}/edit/", {**COMPANY, "name": name})
    text = client.get("/people/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&quot;" in text


def test_company_admin_has_no_access_rights_on_the_form(cast, sign_in):
    client = sign_in(cast.ann)
    url = f"/companies/{cast.alpha.pk}/edit/"
    assert "is_reseller" not in client.get(url).content.decode()
    answer = client.post(url, {**COMPANY, "is_developer": "on", "host": cast.southgate.pk})
    assert answer.status_code == 302
    cast.alpha.refresh_from_db()
    assert (cast.alpha.name, cast.alpha.is_developer) == ("Globex Resale", False)
    assert (cast.alpha.is_reseller, cast.alpha.host) == (True, cast.northgate)


def test_operator_edits_access_rights_of_others_only(cast, sign_in):
    client = sign_in(cast.olga)
    assert "is_reseller" in client.get(f"/companies/{cast.beta.pk}/edit/").content.decode()
    assert "is_reseller" not in client.get(f"/companies/{cast.northgate.pk}/edit/").content.decode()


def test_access_right_in_use_is_refused_beside_the_field(cast, sign_in):
    answer = sign_in(cast.olga).post(f"/companies/{cast.beta.pk}/edit/", COMPANY)
    assert answer.status_code == 422
    assert "1 person has the role Reseller there." in answer.content.decode()


# --- Permissions ------------------------------------------------------------------------------------

FREE = {"create_leads": "on", "create_customers": "free"}


@pytest.fixture
def permissions(cast) -> str:
    return f"/companies/{cast.alpha.pk}/permissions/"


@pytest.mark.parametrize("who", ["olga", "rita"])
def test_rights_are_switched_and_the_page_says_what_is_gained_and_lost(
    cast, sign_in, permissions, who
):
    client = sign_in(getattr(cast, who))
    text = client.post(permissions, FREE, follow=True).content.decode()
    for words in (
        "People of Alpha gain: Create leads.",
        "People of Alpha lose: Disqualify leads.",
        "People of Alpha lose: Export leads.",
        "Create customer companies is now “Without permission”,"
        " it was “Only with the Reseller Manager&#x27;s approval”.",
    ):
        assert words in text
    assert fresh(cast.ann).rights == Rights(
        create_leads=True,
        create_customers=CustomerRight.FREE,
        disqualify_leads=False,
        export_leads=False,
    )


def test_page_says_who_set_each_right_and_when(cast, sign_in, permissions):
    set_rights(cast.alpha, rights=Rights(create_leads=True), actor=cast.rita)
    text = sign_in(cast.olga).get(permissions).content.decode()
    assert "Set by Rita Rey" in " ".join(text.split())
    assert text.count("<time") == 1
    assert text.count("Never changed") == 3
    assert re.search(r'name="create_leads"[^>]*checked', text)
    assert re.search(r'value="approval"[^>]*checked', text)


def test_nothing_changed_is_said(cast, sign_in, permissions):
    same = {"create_customers": "approval", "disqualify_leads": "on", "export_leads": "on"}
    answer = sign_in(cast.rita).post(permissions, same, follow=True)
    assert "Nothing was changed." in answer.content.decode()
    assert not RightChange.objects.exists()


@pytest.mark.parametrize("value", ["", "maybe", "\x00", "x" * 5000, "<b>"])
def test_right_2_needs_one_of_three_answers(cast, sign_in, permissions, value):
    answer = sign_in(cast.rita).post(permissions, {"create_customers": value})
    assert answer.status_code == 422
    assert "Choose whether the company can create customer companies" in answer.content.decode()
    assert not RightChange.objects.exists()
