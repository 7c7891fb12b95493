"""Possible duplicates among companies, and the page that merges two (ux.md C3)."""

import re
from urllib.parse import urlencode

import pytest

from accounts.enums import Role
from accounts.models import Company
from accounts.services.desks import show_company
from tests.factories import make_company, make_lead, make_person
from tests.leads.views.reading import number_of_queries, text_of


@pytest.fixture
def pair(cast):
    """Two entries of one company."""
    return (
        make_company("Café Luna", registered_by=cast.northgate),
        make_company("CAFE  LUNA", registered_by=cast.northgate, city="Porto"),
    )


def page(company, *more) -> str:
    """The address of a company, or of merging it with another."""
    return f"/companies/{company.pk}/" + (f"merge/{more[0].pk}/" if more else "")


def marked(answer) -> list[str]:
    """The companies of the list that are marked."""
    rows = re.findall(r'class="row-main"[^>]*>([^<]+)<.*?</tr>', answer.content.decode(), re.DOTALL)
    parts = answer.content.decode().split('class="row-main"')[1:]
    return [name for name, part in zip(rows, parts, strict=True) if "Possible duplicate" in part]


def test_same_name_but_for_case_accents_and_spaces(cast, sign_in, pair):
    one, other = pair
    client = sign_in(cast.olga)
    words = text_of(client.get(page(one)))
    assert "Possible duplicates CAFE LUNA" in words
    assert "The name is the same." in words
    assert f'href="{page(one, other)}"' in client.get(page(one)).content.decode()
    assert sorted(marked(client.get("/companies/?q=luna"))) == ["CAFE  LUNA", "Café Luna"]


def test_same_mail_domain_but_not_that_of_a_public_service(cast, sign_in):
    names = {"Adatum": "adatum.example", "Adatum Ltd": "adatum.example", "Lone": "lone.example"}
    companies = {}
    for number, (name, domain) in enumerate(names.items()):
        companies[name] = make_company(name, registered_by=cast.northgate)
        make_person(companies[name], Role.USER, email=f"p{number}@{domain}")
        make_person(companies[name], Role.USER, email=f"p{number}@gmail.com")
    client = sign_in(cast.olga)
    words = text_of(client.get(page(companies["Adatum"])))
    assert "Possible duplicates Adatum Ltd People have email addresses of the same domain." in words
    assert "Possible duplicates" not in text_of(client.get(page(companies["Lone"])))
    assert marked(client.get("/companies/?kind=customer")) == ["Adatum", "Adatum Ltd"]


def test_a_company_that_one_does_not_see_is_no_duplicate(cast, sign_in, pair):
    one, other = pair
    show_company(one, cast.alpha.desks.all())
    client = sign_in(cast.ann)
    assert "Possible duplicates" not in text_of(client.get(page(one)))
    assert marked(client.get("/companies/")) == []
    show_company(other, cast.alpha.desks.all())
    answer = client.get(page(one))
    assert "Possible duplicates CAFE LUNA" in text_of(answer)
    assert page(one, other) not in answer.content.decode()  # seen, but not Ann's to merge
    assert client.get(page(one, other)).status_code == 404


def test_duplicates_cost_the_same_with_one_and_with_many(cast, sign_in, pair):
    client = sign_in(cast.olga)
    costs = [number_of_queries(client, address) for address in ("/companies/", page(pair[0]))]
    for number in range(8):
        company = make_company("Cafe Luna", registered_by=cast.northgate)
        make_person(company, Role.USER, email=f"p{number}@luna.example")
    one, of_page = costs
    assert number_of_queries(client, "/companies/") <= one + 1  # nobody had an address before
    assert number_of_queries(client, page(pair[0])) == of_page


def test_page_asks_for_each_field_that_differs_and_shows_what_moves(cast, sign_in, pair):
    kept, gone = pair
    make_person(gone, Role.USER, email="luis@luna.example", first_name="Luis", last_name="Lima")
    make_lead(cast.northgate, company="From Luna", associated_company=gone)
    answer = sign_in(cast.olga).get(page(kept, gone))
    html, words = answer.content.decode(), text_of(answer)
    assert set(re.findall(r'type="radio"[^>]*name="(\w+)"', html)) == {"name", "city"}
    assert re.findall(r'name="city"[^>]*value="(\w+)"[^>]*checked', html) == ["gone"]
    assert "Luis Lima luis@luna.example" in words
    assert "1: From Luna" in words
    assert Company.objects.filter(merged_into=None).count() == Company.objects.count()


def test_last_question_says_what_happens_and_the_post_does_it_once(cast, sign_in, pair):
    kept, gone = pair
    client = sign_in(cast.olga)
    choice = {"name": "kept", "city": "gone"}
    answer = client.get(f"{page(kept, gone)}?{urlencode(choice)}&check=yes")
    words = text_of(answer)
    assert "Merge CAFE LUNA into Café Luna?" in words
    assert "This cannot be undone." in words
    assert "Porto" in words
    hidden = re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', answer.content.decode())
    assert choice.items() <= dict(hidden).items()
    for _time in range(2):
        assert client.post(page(kept, gone), choice).url == page(kept)
    kept.refresh_from_db()
    assert (kept.name, kept.city) == ("Café Luna", "Porto")
    assert "CAFE LUNA is merged into Café Luna." in text_of(client.get(page(kept)))
    assert "CAFE LUNA was merged into another company: Café Luna" in text_of(client.get(page(gone)))
    assert text_of(client.get("/companies/?q=luna")).count("LUNA") == 0
    assert client.get(page(kept, gone)).url == page(kept)
    assert client.get(page(gone, kept)).status_code == 409


@pytest.mark.parametrize("posted", [{}, {"name": "kept"}, {"name": "x", "city": "gone"}])
def test_a_field_that_was_not_chosen_is_asked_for_again(cast, sign_in, pair, posted):
    client = sign_in(cast.olga)
    for answer in (
        client.get(f"{page(*pair)}?check=yes&{urlencode(posted)}"),
        client.post(page(*pair), posted),
    ):
        assert answer.status_code == 422
        assert "There is a problem" in text_of(answer)
    assert not Company.objects.filter(merged_into__isnull=False).exists()


@pytest.mark.parametrize(
    ("who", "code"),
    [("olga", 200), ("rita", 404), ("sam", 404), ("ann", 404), ("cleo", 404), ("otto", 404)],
)
def test_page_is_there_for_the_operator_of_the_host(cast, sign_in, pair, who, code):
    client = sign_in(getattr(cast, who))
    assert client.get(page(*pair)).status_code == code
    if code == 404:
        assert client.post(page(*pair), {"name": "kept", "city": "kept"}).status_code == 404


def test_partners_are_not_merged(cast, sign_in, pair):
    client = sign_in(cast.olga)
    assert client.get(page(pair[0], cast.alpha)).status_code == 409
    assert client.get(page(pair[0], pair[0])).status_code == 403
