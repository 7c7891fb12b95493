"""Storefront, product profile, reseller profile, thank-you page."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Company
from leadportal.common import clock
from leads.models import Lead
from leads.rules.intake import answer_by
from templates_app.models import Listing, Marketplace, Product
from tests import factories
from tests.leads.intake.visitor import ANSWERS, fill_in, read

MARKUP = "<script>alert(1)</script>"


def test_product_page_tells_about_the_product(client, cast):
    Product.objects.filter(pk=cast.product.pk).update(
        summary="Backups", description=f"First & best.\n\nSecond {MARKUP}"
    )
    response = client.get(cast.listing.profile_path)
    text = response.content.decode()
    assert response.status_code == 200
    assert read(response).heading == "Acme Backup"
    for word in ("Vertex", "Application", "Northgate Store", "Backups", "<p>First &amp; best.</p>"):
        assert word in text
    assert MARKUP not in text
    assert f'href="{cast.listing.form_path}"' in text
    assert "Contact us" in text


def test_product_page_without_a_form_names_another_way(client, cast):
    Listing.objects.filter(pk=cast.listing.pk).update(version=None, contact="sales@vertex.example")
    text = client.get(cast.listing.profile_path).content.decode()
    assert "Contact us" not in text
    assert "mailto:sales@vertex.example" in text


def test_product_that_is_no_longer_offered_says_so(client, cast):
    Listing.objects.filter(pk=cast.listing.pk).update(is_active=False)
    assert client.get(cast.listing.profile_path).status_code == 410


def test_product_of_another_marketplace_is_not_found(client, cast):
    other = factories.make_marketplace(cast.southgate, "Southgate Store")
    assert client.get(f"/m/{other.slug}/{cast.product.slug}/").status_code == 404


def test_storefront_lists_what_can_be_asked_for(client, cast, django_assert_num_queries):
    address = f"/m/{cast.marketplace.slug}/"
    closed = factories.make_listing(factories.make_product(cast.vertex, "Closed"), cast.marketplace)
    Listing.objects.filter(pk=closed.pk).update(version=None)
    with django_assert_num_queries(3):
        text = client.get(address).content.decode()
    assert f'href="{cast.listing.profile_path}"' in text
    assert "Closed" not in text
    for number in range(70):
        factories.make_listing(
            factories.make_product(cast.vertex, f"App {number:02}"), cast.marketplace
        )
    with django_assert_num_queries(3):
        text = client.get(address).content.decode()
    assert text.count("<section") == 60
    for page in ("2", "0", "-1", "9" * 5000, "x", "\x00"):
        assert client.get(address, {"page": page}).status_code == 200


def test_storefront_that_is_closed_is_not_found(client, cast):
    Marketplace.objects.filter(pk=cast.marketplace.pk).update(is_active=False)
    assert client.get(f"/m/{cast.marketplace.slug}/").status_code == 404


def test_reseller_page_shows_the_company_and_its_hosts_form(client, cast, reseller_path):
    Company.objects.filter(pk=cast.alpha.pk).update(
        about=f"We help.\n\n{MARKUP}", city="Porto", website="https://alpha.example"
    )
    response = client.get(reseller_path)
    text = response.content.decode()
    assert read(response).heading == "Alpha"
    for word in ("Porto", "<p>We help.</p>", "https://alpha.example", 'name="answer-email"'):
        assert word in text
    assert MARKUP not in text


def test_reseller_page_with_errors_says_so_in_its_title(client, reseller_path):
    response = fill_in(client, reseller_path, {**ANSWERS, "email": ""})
    assert response.status_code == 422
    assert read(response).title.startswith("Error: ")


def test_reseller_page_without_a_form_is_only_a_profile(client, cast):
    factories.make_version(cast.southgate, is_reseller_form=True)
    response = client.get(f"/r/{cast.alpha.slug}/")
    assert response.status_code == 200
    assert "<form" not in response.content.decode()


def test_only_active_resellers_have_a_profile_page(client, cast, reseller_path):
    for company in (cast.ripple, cast.vertex, cast.northgate, cast.customer):
        assert client.get(f"/r/{company.slug}/").status_code == 404
    Company.objects.filter(pk=cast.alpha.pk).update(is_active=False)
    assert client.get(reseller_path).status_code == 404


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (date(2025, 11, 21), date(2025, 11, 25)),  # the example of ux.md 4.2: a Friday
        (date(2025, 11, 22), date(2025, 11, 25)),
        (date(2025, 11, 23), date(2025, 11, 25)),
        (date(2025, 11, 24), date(2025, 11, 26)),
        (date(2025, 11, 27), date(2025, 12, 1)),
        (date(2025, 12, 31), date(2026, 1, 2)),
    ],
)
def test_answer_comes_within_two_working_days(received, expected):
    assert answer_by(received) == expected


def test_thanks_says_what_happens_next_by_whom_and_when(client, cast, path):
    Listing.objects.filter(pk=cast.listing.pk).update(thanks=f"See you soon.\n\n{MARKUP}")
    with clock.at(datetime(2025, 11, 21, 18, 42, tzinfo=UTC)):
        thanks = client.get(fill_in(client, path).url)
    text = thanks.content.decode()
    assert thanks.status_code == 200
    assert read(thanks).heading == "Thank you, Ana"
    assert "Northgate or one of its partners will contact you by 25 November." in text
    assert Lead.objects.get().reference in text
    assert "<p>See you soon.</p>" in text
    assert MARKUP not in text
    assert '<meta name="robots" content="noindex">' in text
    assert thanks.headers["X-Robots-Tag"] == "noindex"
    assert thanks.headers["Cache-Control"] == "private, no-store"


def test_thanks_names_the_vendor_where_leads_go_straight_to_it(client, cast, path):
    Marketplace.objects.filter(pk=cast.marketplace.pk).update(leads_go_to_vendor=True)
    text = client.get(fill_in(client, path).url).content.decode()
    assert "Vertex will contact you by" in text
    assert Lead.objects.get().holder == cast.vertex


def test_thanks_of_a_reseller_page_names_the_reseller(client, reseller_path):
    text = client.get(fill_in(client, reseller_path).url).content.decode()
    assert "Alpha will contact you by" in text


def test_receipt_tells_nothing_but_the_first_name(client, path):
    answers = {
        "first_name": MARKUP,
        "last_name": "Quetzal",
        "email": "quetzal@secret.example",
        "company": "Quetzal Company",
        "budget": "987654",
    }
    text = client.get(fill_in(client, path, answers).url).content.decode()
    assert "Thank you, &lt;script&gt;" in text
    assert MARKUP not in text
    for word in ("quetzal", "987654", "987,654"):
        assert word not in text.lower()


def test_receipt_is_found_only_under_its_own_form(client, cast, path, reseller_path):
    other = factories.make_listing(factories.make_product(cast.vertex, "Other"), cast.marketplace)
    receipt = fill_in(client, path).url.split("/")[-2]
    assert len(receipt) >= 20
    assert client.get(f"{path}thanks/{receipt}/").status_code == 200
    assert client.get(f"{other.form_path}thanks/{receipt}/").status_code == 404
    assert client.get(f"{reseller_path}thanks/{receipt}/").status_code == 404
    assert client.get(f"{path}thanks/{receipt[:-1]}/").status_code == 404
    assert client.get(f"{path}thanks/{'a' * 3000}/").status_code == 404


def test_receipt_outlives_the_form(client, cast, path):
    address = fill_in(client, path).url
    Listing.objects.filter(pk=cast.listing.pk).update(is_active=False)
    assert client.get(address).status_code == 200
