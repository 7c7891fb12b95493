"""*Convert to Customer*, with approval, and *Associate Company*, on their pages (domain.md section 3)."""

import re

import pytest

from accounts.enums import Role
from accounts.models import Company, Membership, User
from leads.enums import EventKind, RequestState, Status
from leads.models import Conversion, ConversionRequest, Event, Lead
from tests.factories import make_company, make_lead, make_person, make_user
from tests.leads.views.reading import text_of, url

WISH = {
    "company_name": "Northwind Traders",
    "first_name": "Ana",
    "last_name": "Sousa",
    "email": "ana@northwind.example",
}


def test_convert_says_what_will_be_made(cast, sign_in, referred):
    answer = sign_in(cast.rita).get(url(referred, "convert"))
    words = text_of(answer)
    for said in (
        "Convert Northwind Traders to a customer?",
        "A company and its first user, Ana Sousa, will be created and linked to Alpha.",
        "Ana Sousa will be Company Admin and Billing Admin",
        "This cannot be undone.",
        "Convert to Customer",
        "Keep as lead",
    ):
        assert said in words
    assert 'value="ana@northwind.example"' in answer.content.decode()


def test_convert_makes_company_and_first_user_and_links_to_the_person(cast, sign_in, referred):
    answer = sign_in(cast.rita).post(url(referred, "convert"), WISH, follow=True)
    conversion = Conversion.objects.select_related("company", "user", "reseller").get(lead=referred)
    member = Membership.objects.get(company=conversion.company, user=conversion.user)
    assert (conversion.company.name, conversion.reseller) == ("Northwind Traders", cast.alpha)
    assert set(member.role_list) == {Role.COMPANY_ADMIN, Role.BILLING_ADMIN}
    words = text_of(answer)
    assert "Northwind Traders was converted into a customer company." in words
    assert "You can now sell to and manage this customer on the user's details page." in words
    assert f'href="/people/{member.pk}/"' in answer.content.decode()


def test_second_post_of_the_dialog_is_answered_and_makes_nothing(cast, sign_in, referred):
    client = sign_in(cast.rita)
    first = client.post(url(referred, "convert"), WISH)
    second = client.post(url(referred, "convert"), WISH)
    assert (first.status_code, second.status_code, first.url) == (302, 302, second.url)
    assert Conversion.objects.count() == 1
    assert Company.objects.filter(name="Northwind Traders").count() == 1
    assert Event.objects.filter(lead=referred, kind=EventKind.CONVERTED).count() == 1
    other = sign_in(cast.olga).post(url(referred, "convert"), WISH)
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("company_name", "", "Enter a company name"),
        (
            "company_name",
            "x" * 121,
            "Company must be 120 characters or fewer. You have entered 121.",
        ),
        ("company_name", "\x00\x01", "Enter a company name"),
        ("email", "", "Enter an email address in the format name@example.com"),
        ("email", "ana", "Enter an email address in the format name@example.com"),
        ("first_name", "x" * 81, "First name must be 80 characters or fewer. You have entered 81."),
    ],
)
def test_missing_or_bad_details_are_asked_for(cast, sign_in, referred, field, value, sentence):
    answer = sign_in(cast.rita).post(url(referred, "convert"), {**WISH, field: value})
    assert answer.status_code == 422
    assert text_of(answer).count(sentence) == 2  # in the summary and beside the field
    assert not Conversion.objects.exists()


def test_email_with_an_account_only_links_to_existing(cast, sign_in):
    lead = make_lead(cast.northgate, email="cleo@example.com")
    second = make_company("Contoso Labs", city="Faro")
    make_person_at(second, cast.cleo.user_id)
    client = sign_in(cast.olga)
    answer = client.get(url(lead, "convert"))
    words = text_of(answer)
    assert "cleo@example.com already belongs to these companies." in words
    assert "Link to existing" in words
    assert "Contoso Labs, Faro" in words
    assert "will be created" not in words
    sent = {"email": "cleo@example.com", "company_name": "Copy"}
    answer = client.post(url(lead, "convert"), sent)
    assert (answer.status_code, "Choose the company to link this lead to" in text_of(answer)) == (
        422,
        True,
    )
    client.post(url(lead, "convert"), {**sent, "company_id": second.pk})
    conversion = Conversion.objects.get(lead=lead)
    assert (conversion.company, conversion.is_new_company) == (second, False)
    assert not Company.objects.filter(name="Copy").exists()


def make_person_at(company, user_id):
    from accounts.services.desks import desk_for

    member = Membership.objects.create(user_id=user_id, company=company, desk=desk_for(company, []))
    member.roles.create(role=Role.USER)


def test_email_typed_later_of_an_account_offers_its_companies(cast, sign_in, referred):
    client = sign_in(cast.rita)
    answer = client.post(url(referred, "convert"), {**WISH, "email": "cleo@example.com"})
    assert answer.status_code == 422
    assert "Contoso" in text_of(answer)
    assert "Link to existing" in text_of(answer)


def test_account_without_customer_company_and_staff_are_refused(cast, sign_in, referred):
    make_user("staff@example.com", is_staff=True)
    client = sign_in(cast.rita)
    for email, words in [
        ("ben@example.com", "belongs to no customer company"),
        ("staff@example.com", "staff"),
    ]:
        answer = client.post(url(referred, "convert"), {**WISH, "email": email})
        assert answer.status_code == 422
        assert words in text_of(answer)


def test_looks_alike_are_offered_with_town_and_people_only_when_visible(cast, sign_in, referred):
    alike = make_company("Northwind Traders", city="Porto")
    make_person(alike, Role.USER, email="nora@northwind.example", first_name="Nora", last_name="Nu")
    client = sign_in(cast.rita)
    assert "Nora Nu" not in text_of(client.get(url(referred, "convert")))
    from accounts.models import Desk
    from accounts.services.desks import show_company

    show_company(alike, Desk.objects.filter(company=cast.northgate))
    answer = client.get(url(referred, "convert"))
    assert "Is it one of these customers?" in text_of(answer)
    assert "Northwind Traders , Porto Nora Nu" in text_of(answer)
    sent = {
        "email": "nora@northwind.example",
        "company": alike.pk,
        "found": "yes",
        "after": "convert",
    }
    answer = client.post(url(referred, "associate"), sent, follow=True)
    assert answer.redirect_chain == [(url(referred, "convert"), 302)]
    assert "That company becomes the customer; none is created." in text_of(answer)
    client.post(url(referred, "convert"), {})
    assert Conversion.objects.get(lead=referred).company == alike


# --- Associate Company ------------------------------------------------------------------------------


def test_associate_shows_the_person_then_links_the_chosen_company(cast, sign_in, referred):
    client = sign_in(cast.ann)
    assert "Find person" in text_of(client.get(url(referred, "associate")))
    answer = client.post(url(referred, "associate"), {"email": "CLEO@example.com"})
    assert answer.status_code == 200
    assert "Cleo Co belongs to this customer company." in text_of(answer)
    assert "Contoso" in text_of(answer)
    assert "There is a problem" not in text_of(answer)
    assert Lead.objects.get(pk=referred.pk).associated_company is None
    answer = client.post(url(referred, "associate"), {"email": "cleo@example.com", "found": "yes"})
    assert (answer.status_code, "Choose a company" in text_of(answer)) == (422, True)
    sent = {"email": "cleo@example.com", "found": "yes", "company": cast.customer.pk}
    answer = client.post(url(referred, "associate"), sent, follow=True)
    assert "Lead associated with Contoso." in text_of(answer)
    assert Lead.objects.get(pk=referred.pk).associated_company == cast.customer


@pytest.mark.parametrize(
    "email", ["nobody@example.com", "ben@example.com", "staff@example.com", "cleo@example", "cleo"]
)
def test_associate_tells_nothing_about_other_people(cast, sign_in, referred, email):
    make_user("staff@example.com", is_staff=True)
    answer = sign_in(cast.ann).post(url(referred, "associate"), {"email": email})
    assert answer.status_code == 422
    sentences = {
        "Nobody with this email belongs to a customer company. Check the address.",
        "Enter an email address in the format name@example.com",
    }
    assert any(sentence in text_of(answer) for sentence in sentences)
    assert "Bo" not in re.findall(r"\w+", text_of(answer).split("Associate Company")[1])


def test_associate_refuses_a_company_of_somebody_else(cast, sign_in, referred):
    other = make_company("Other customer")
    client = sign_in(cast.ann)
    for company in (other.pk, cast.beta.pk, "x", "", "9" * 30):
        sent = {"email": "cleo@example.com", "found": "yes", "company": company}
        assert client.post(url(referred, "associate"), sent).status_code == 422
    assert Lead.objects.get(pk=referred.pk).associated_company is None


# --- With approval ----------------------------------------------------------------------------------


def test_request_waits_and_is_approved_on_the_leads_page(cast, sign_in, referred):
    client = sign_in(cast.ann)
    answer = client.get(url(referred, "request"))
    assert "Conversion needs the approval of a Reseller Manager of Northgate" in text_of(answer)
    client.post(url(referred, "request"), WISH)
    assert ConversionRequest.objects.get().state == RequestState.PENDING
    assert client.post(url(referred, "request"), WISH).status_code == 409
    client = sign_in(cast.rita)
    answer = client.get(url(referred, "approve"))
    assert "Ann Abe, Alpha, asked to convert this lead." in text_of(answer)
    assert "ana@northwind.example" in text_of(answer)
    answer = client.post(url(referred, "approve"), {"comment": "Well done"}, follow=True)
    assert "was converted into a customer company" in text_of(answer)
    assert Lead.objects.get(pk=referred.pk).status == Status.CONVERTED
    assert Conversion.objects.get(lead=referred).reseller == cast.alpha


def test_denied_request_leaves_the_lead_and_its_comment_reaches_the_reseller(
    cast, sign_in, referred
):
    sign_in(cast.ann).post(url(referred, "request"), WISH)
    sign_in(cast.rita).post(url(referred, "deny"), {"comment": "Call them first"})
    assert Lead.objects.get(pk=referred.pk).status == Status.REFERRED
    words = text_of(sign_in(cast.ann).get(url(referred)))
    assert "Conversion denied Rita Rey denied the request." in words
    assert "Call them first" in words
    assert "Call them first" not in text_of(sign_in(cast.vera).get(url(referred)))


def test_withdrawn_request_can_be_made_again(cast, sign_in, referred):
    client = sign_in(cast.ann)
    client.post(url(referred, "request"), WISH)
    assert "withdrawn" in text_of(client.post(url(referred, "withdraw"), follow=True))
    assert client.post(url(referred, "request"), WISH).status_code == 302
    assert User.objects.filter(email=WISH["email"]).count() == 0
