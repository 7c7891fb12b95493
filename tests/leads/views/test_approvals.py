"""Approvals: what waits first, then what was answered; managers decide, resellers see their own."""

import re

import pytest

from leads.enums import HolderDesk, RequestState, Status
from leads.models import ConversionRequest
from tests.factories import make_lead
from tests.leads.views.reading import number_of_queries, text_of

ADDRESS = "/approvals/"


@pytest.fixture
def ask(cast):
    """Return a function that lets a reseller's request wait, or be answered."""

    def _ask(company=None, state=RequestState.PENDING, **lead):
        company = company or cast.alpha
        held = make_lead(
            cast.northgate, Status.REFERRED, holder=company, holder_desk=HolderDesk.COMPANY, **lead
        )
        return ConversionRequest.objects.create(
            lead=held, company=company, requested_by_id=cast.ann.user_id, state=state,
            values={"company_name": "N", "email": "n@example.com"}, comment="Because" if state == "denied" else "",
        )  # fmt: skip

    return _ask


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("olga", 200),
        ("rita", 200),
        ("ann", 200),
        ("sam", 404),
        ("vera", 404),
        ("ray", 404),
        ("cleo", 404),
    ],
)
def test_page_is_for_managers_and_resellers(cast, sign_in, who, code):
    assert sign_in(getattr(cast, who)).get(ADDRESS).status_code == code


def test_managers_decide_by_links_to_the_lead(cast, sign_in, ask):
    waiting = ask()
    answered = ask(state=RequestState.DENIED)
    for who in (cast.rita, cast.olga):
        answer = sign_in(who).get(ADDRESS)
        page = answer.content.decode()
        assert f"/leads/{waiting.lead.reference}/approve/" in page
        assert f"/leads/{waiting.lead.reference}/deny/" in page
        assert f"/leads/{answered.lead.reference}/approve/" not in page
        assert page.index(waiting.lead.reference) < page.index(answered.lead.reference)
        assert "Because" in text_of(answer)


def test_resellers_see_their_own_requests_and_may_withdraw(cast, sign_in, ask):
    mine, other = ask(), ask(company=cast.beta)
    page = sign_in(cast.ann).get(ADDRESS).content.decode()
    assert f"/leads/{mine.lead.reference}/withdraw/" in page
    assert "/approve/" not in page
    assert other.lead.reference not in page


def test_another_host_sees_nothing(cast, sign_in, ask):
    ask()
    words = text_of(sign_in(cast.otto).get(ADDRESS))
    assert "Nothing is waiting." in words
    assert "No conversion request has been answered yet." in words


def test_many_requests_cost_what_one_costs(cast, sign_in, ask):
    ask()
    ask(state=RequestState.DENIED)
    client = sign_in(cast.rita)
    one = number_of_queries(client, ADDRESS)
    for _number in range(5):
        ask()
        ask(state=RequestState.DENIED)
    assert number_of_queries(client, ADDRESS) == one


def test_answered_requests_come_in_pages(cast, sign_in, ask):
    for _number in range(52):
        ask(state=RequestState.CANCELLED)
    client = sign_in(cast.rita)
    page = client.get(ADDRESS).content.decode()
    assert re.search(r'href="\?page=2"', page)
    assert "Withdrawn" in text_of(client.get(f"{ADDRESS}?page=2"))
    for odd in ("x", "-1", "9" * 30, "%00"):
        assert client.get(f"{ADDRESS}?page={odd}").status_code == 200
