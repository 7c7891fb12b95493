"""One box finds leads, companies and people, each as far as one sees them."""

import pytest

from accounts.enums import Role
from leads.enums import Status
from tests.factories import make_company, make_lead, make_person
from tests.leads.views.reading import number_of_queries, text_of

PAGE = "/search/"


def find(client, words: str) -> str:
    answer = client.get(PAGE, {"q": words})
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


@pytest.fixture
def zephyr(cast):
    """The same word in a lead, a company and a person of Northgate's; and in Southgate's lead."""
    make_lead(cast.northgate, company="Zephyr Mills", product=cast.product)
    make_lead(
        cast.northgate, Status.DELETED, company="Zephyr Gone", status_before_delete=Status.SUBMITTED
    )
    make_lead(cast.southgate, company="Zephyr Abroad")
    make_company("Zephyr Resale", is_reseller=True, host=cast.northgate)
    make_person(cast.northgate, Role.SALES_SUPPORT, first_name="Zoe", last_name="Zephyr")


def test_manager_finds_all_three_kinds(cast, sign_in, zephyr):
    page = find(sign_in(cast.olga), "zéphyr")
    for seen in ("Zephyr Mills", "Zephyr Resale", "Zoe Zephyr"):
        assert seen in page
    for hidden in ("Zephyr Abroad", "Zephyr Gone"):
        assert hidden not in page


def test_everybody_finds_only_what_is_theirs(cast, sign_in, zephyr):
    assert "Zephyr Mills" in find(sign_in(cast.vera), "zephyr")
    for person in (cast.ann, cast.ray, cast.cleo):
        assert "Nothing matches “zephyr”" in find(sign_in(person), "zephyr")
    assert "Zephyr Abroad" in find(sign_in(cast.otto), "zephyr")


def test_complete_lead_id_comes_first(cast, sign_in):
    lead = make_lead(cast.northgate, company="Sought")
    assert f"/leads/{lead.reference}/" in find(sign_in(cast.olga), lead.reference.lower())


def test_more_than_a_few_lead_to_the_list(cast, sign_in):
    for _ in range(9):
        make_lead(cast.northgate, company="Quokka Foods")
    page = find(sign_in(cast.olga), "quokka foods")
    assert page.count("Quokka Foods</a>") == 8
    assert "Show all 9 leads" in page
    assert 'href="/leads/?q=quokka+foods"' in page


@pytest.mark.parametrize(
    "words", ["", " ", "\x00", "%", "_", "*", "<script>", "a" * 5000, "' OR 1=1 --", "é" * 300]
)
def test_any_words_are_answered(cast, sign_in, words):
    assert "<script>" not in find(sign_in(cast.olga), words)


def test_many_cost_what_few_cost(cast, sign_in, zephyr):
    client = sign_in(cast.olga)
    few = number_of_queries(client, f"{PAGE}?q=zephyr")
    for number in range(20):
        make_lead(cast.northgate, company="Zephyr Mills")
        make_company(f"Zephyr {number}", is_reseller=True, host=cast.northgate)
        make_person(cast.northgate, Role.SALES_SUPPORT, last_name="Zephyr")
    assert number_of_queries(client, f"{PAGE}?q=zephyr") <= few <= 12


def test_box_of_the_top_bar_leads_here(cast, sign_in):
    page = sign_in(cast.olga).get("/").content.decode()
    assert 'action="/search/"' in page
    assert "Search leads, companies, people" in text_of(sign_in(cast.olga).get("/"))
