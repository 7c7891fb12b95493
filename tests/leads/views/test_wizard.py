"""The vendors' wizard *Create lead*: product → marketplace → form → summary; nothing written before the end."""

import re

import pytest

from leads.enums import Status
from leads.models import Lead, Submission
from tests.factories import make_listing, make_marketplace, make_product
from tests.leads.views.reading import text_of

ANSWERS = {
    "answer-first_name": "Ana",
    "answer-last_name": "Sousa",
    "answer-email": "ana@northwind.example",
    "answer-company": "Northwind",
    "answer-budget": "12000",
}


@pytest.fixture
def steps(cast):
    """The addresses of the steps for the cast's product and marketplace."""
    choices = f"?product={cast.product.pk}&marketplace={cast.marketplace.pk}"
    return {
        "product": "/leads/new/product/",
        "marketplace": f"/leads/new/marketplace/?product={cast.product.pk}",
        "form": f"/leads/new/form/{choices}",
    }


@pytest.mark.parametrize("who", ["olga", "rita", "sam", "ann", "ray", "cleo"])
def test_wizard_is_the_vendors(cast, sign_in, steps, who):
    client = sign_in(getattr(cast, who))
    for address in steps.values():
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404


def test_wizard_step_by_step(cast, sign_in, steps):
    client = sign_in(cast.vera)
    assert client.get("/leads/new/").url == steps["product"]
    page = client.get(steps["product"])
    assert "Acme Backup" in text_of(page)
    assert 'action="/leads/new/marketplace/"' in page.content.decode()
    page = client.get(steps["marketplace"])
    assert "Northgate Store" in text_of(page)
    assert re.search(
        rf'value="{cast.marketplace.pk}"[^>]*checked', page.content.decode()
    )  # the only one
    page = client.get(steps["form"])
    assert "Work email" in text_of(page)
    key = re.search(r'name="key" value="([^"]+)"', page.content.decode())[1]
    assert not Lead.objects.exists()
    answer = client.post(steps["form"], {**ANSWERS, "key": key}, follow=True)
    lead = Lead.objects.get()
    assert answer.redirect_chain == [(f"/leads/new/summary/{lead.reference}/", 302)]
    words = text_of(answer)
    assert "Go to Details" in words
    assert "Close" in words
    assert "Budget 12,000" in words
    assert (lead.status, lead.maker, lead.product, lead.marketplace) == (
        Status.PENDING_SUBMISSION, cast.vertex, cast.product, cast.marketplace
    )  # fmt: skip
    assert (lead.company, lead.answers["budget"], lead.template_version) == (
        "Northwind", 12000, cast.listing.version
    )  # fmt: skip
    again = client.post(steps["form"], {**ANSWERS, "key": key})
    assert again.url == f"/leads/new/summary/{lead.reference}/"
    assert (Lead.objects.count(), Submission.objects.count()) == (1, 1)


def test_going_back_keeps_what_was_typed(cast, sign_in, steps):
    client = sign_in(cast.vera)
    typed = {**ANSWERS, "answer-first_name": "<b>Ana</b>", "key": "k"}
    address = steps["form"].replace("/form/", "/marketplace/")
    page = client.post(address, typed).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(answer-[^"]+)" value="([^"]*)"', page))
    assert hidden["answer-first_name"] == "&lt;b&gt;Ana&lt;/b&gt;"
    assert len(hidden) == len(ANSWERS)
    page = client.post(
        "/leads/new/product/", {**ANSWERS, "product": cast.product.pk}
    ).content.decode()
    assert re.search(rf'value="{cast.product.pk}"[^>]*checked', page)
    assert 'value="ana@northwind.example"' in page
    sent = {**ANSWERS, "product": cast.product.pk, "marketplace": cast.marketplace.pk}
    answer = client.post("/leads/new/form/", sent)
    assert answer.status_code == 200
    assert re.search(
        r'name="answer-email"[^>]*value="ana@northwind.example"|value="ana@northwind.example"[^>]*name="answer-email"',
        answer.content.decode(),
    )
    assert not Lead.objects.exists()


def test_a_step_without_a_choice_asks_for_it(cast, sign_in, steps):
    client = sign_in(cast.vera)
    answer = client.get("/leads/new/marketplace/")
    assert (answer.status_code, "Choose a product" in text_of(answer)) == (422, True)
    answer = client.get(f"/leads/new/form/?product={cast.product.pk}")
    assert (answer.status_code, "Choose a marketplace" in text_of(answer)) == (422, True)


@pytest.mark.parametrize("word", ["x", "-1", "9" * 40, "%00", "1.5", "999999"])
def test_choices_that_are_none_are_not_there(cast, sign_in, word):
    client = sign_in(cast.vera)
    assert client.get(f"/leads/new/marketplace/?product={word}").status_code == 404
    address = f"/leads/new/form/?product={cast.product.pk}&marketplace={word}"
    assert client.get(address).status_code == 404
    assert client.post(address, {**ANSWERS, "key": "k"}).status_code == 404


def test_closed_and_foreign_listings_are_not_offered(cast, sign_in, steps):
    from tests.factories import make_company

    closed = make_listing(make_product(cast.vertex, "Closed product"), cast.marketplace)
    type(closed).objects.filter(pk=closed.pk).update(is_active=False)
    foreign = make_listing(
        make_product(make_company("Other", is_developer=True), "Foreign product"), cast.marketplace
    )
    client = sign_in(cast.vera)
    words = text_of(client.get(steps["product"]))
    assert "Closed product" not in words
    assert "Foreign product" not in words
    for listing in (closed, foreign):
        assert (
            client.get(f"/leads/new/marketplace/?product={listing.product_id}").status_code == 404
        )


def test_vendor_lists_in_marketplaces_of_several_hosts(cast, sign_in, steps):
    other = make_marketplace(cast.southgate, "Southgate Store")
    make_listing(cast.product, other)
    client = sign_in(cast.vera)
    assert "Southgate Store" in text_of(client.get(steps["marketplace"]))
    client.post(
        f"/leads/new/form/?product={cast.product.pk}&marketplace={other.pk}",
        {**ANSWERS, "key": "k"},
    )
    assert Lead.objects.get().host == cast.southgate


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("answer-first_name", "", "Enter first name"),
        ("answer-email", "ana", "Enter an email address in the format name@example.com"),
        ("answer-budget", "much", "Budget must be a number"),
        ("answer-company", "x" * 121, "Company must be 120 characters or fewer."),
        ("answer-last_name", "\x00", "Enter last name"),
    ],
)
def test_bad_answers_come_back_with_everything_typed(cast, sign_in, steps, field, value, sentence):
    answer = sign_in(cast.vera).post(steps["form"], {**ANSWERS, "key": "k", field: value})
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Northwind" in answer.content.decode() or field == "answer-company"
    assert not Lead.objects.exists()


def test_without_a_product_the_wizard_says_what_to_do(cast, sign_in):
    cast.product.listings.update(is_active=False)
    assert "No product to create a lead for" in text_of(
        sign_in(cast.vera).get("/leads/new/product/")
    )


def test_summary_of_a_foreign_lead_is_not_there(cast, sign_in):
    from tests.factories import make_lead

    lead = make_lead(cast.northgate)
    assert sign_in(cast.vera).get(f"/leads/new/summary/{lead.reference}/").status_code == 404
