"""The live hint: how many newer leads match the list that somebody looks at (ux.md L40)."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from leadportal.common import clock
from leads.enums import HolderDesk, Status
from tests.factories import make_lead
from tests.leads.views.reading import number_of_queries, text_of

LIST = "/leads/"
FILTERS = [
    "",
    "status=submitted",
    "status=submitted&status=assigned&progress=new",
    "kind=application&product=Acme+Backup",
    "q=sousa",
    "score_from=0&sort=company",
    "layout=cards",
    "layout=board&lane=submitted",
    "size=50&sort=-score&source=manual&source=product_profile",
]


def asked_by(page) -> str:
    """The address that a page of the list asks."""
    [address] = re.findall(r'id="newer"[^>]* data-url="([^"]+)"', page.content.decode())
    return unescape(address)


@pytest.mark.parametrize("query", ["", "layout=cards", "layout=board", "sort=company", "q=sousa"])
def test_leads_that_came_since_are_counted_and_offered(cast, sign_in, query):
    client = sign_in(cast.olga)
    make_lead(cast.northgate, last_name="Sousa")
    address = asked_by(client.get(f"{LIST}?{query}"))
    assert client.get(address).status_code == 204
    for count in (1, 2):
        make_lead(cast.northgate, last_name="Sousa")
        words = text_of(client.get(address))
        assert re.match(rf"^{count} new leads? since \d\d:\d\d\. Show new leads$", words), words
    [link] = re.findall(r'href="([^"]+)"', client.get(address).content.decode())
    wanted = query.replace("sort=company", "sort=-created").replace("sort=-created", "")
    assert unescape(link) == (f"{LIST}?{wanted}" if wanted else LIST)


def test_only_what_matches_and_what_one_sees_is_counted(cast, sign_in):
    its_own = asked_by(sign_in(cast.ann).get(LIST))
    olga = sign_in(cast.olga)
    addresses = [
        asked_by(olga.get(f"{LIST}?{query}"))
        for query in ("", "status=assigned", "q=fabrikam", "status=deleted", "to=2020-01-01")
    ]
    held = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY}
    make_lead(cast.northgate, Status.ASSIGNED, **held)
    make_lead(cast.northgate, Status.SUBMITTED, company="Fabrikam")
    make_lead(cast.northgate, Status.DELETED)
    make_lead(cast.southgate)
    found = [text_of(olga.get(address))[:10] for address in addresses]
    assert found == ["2 new lead", "1 new lead", "1 new lead", "1 new lead", ""]
    assert text_of(olga.get(asked_by(olga.get(LIST)))) == ""
    assert text_of(sign_in(cast.ann).get(its_own)).startswith("1 new lead since")


def test_counting_ends_at_a_hundred_and_another_day_is_named(cast, sign_in):
    client = sign_in(cast.olga)
    with clock.at(clock.now() - timedelta(days=3)):
        address = asked_by(client.get(LIST))
    for _number in range(101):
        make_lead(cast.northgate)
    words = text_of(client.get(address))
    assert re.match(r"^There are more than 100 new leads since \d+ \w{3}, \d\d:\d\d\.", words), (
        words
    )


@pytest.mark.parametrize(
    "since", ["", "x", "-1", "9" * 16, "9" * 400, "1.5", "\x00", "1e9", "²", "2025-11-21T18:40"]
)
def test_a_moment_that_is_none_is_the_present(cast, sign_in, since):
    make_lead(cast.northgate)
    answer = sign_in(cast.olga).get("/leads/newer/", {"since": since})
    assert answer.status_code == 204


def test_the_first_moment_of_all_is_a_moment(cast, sign_in):
    make_lead(cast.northgate)
    answer = sign_in(cast.olga).get("/leads/newer/?since=0")
    assert "1 new lead since 1 Jan" in text_of(answer)


@pytest.mark.parametrize("query", FILTERS)
def test_asking_costs_the_same_with_one_lead_and_with_fifty(cast, sign_in, query):
    client = sign_in(cast.olga)
    address = f"/leads/newer/?{query}&since=0"
    values = {"last_name": "Sousa", "product": cast.product}
    make_lead(cast.northgate, **values)
    one = number_of_queries_of_any(client, address)
    for _number in range(49):
        make_lead(cast.northgate, **values)
    assert number_of_queries_of_any(client, address) == one
    least = 3 + ("q=" in query) + ("product=" in query)
    assert one <= least


def number_of_queries_of_any(client, address: str) -> int:
    """How many queries it costs, after the list has written the time into the session."""
    client.get(LIST)
    return number_of_queries(client, address)


def test_asking_keeps_no_session_alive(cast, sign_in):
    client = sign_in(cast.olga)
    start = clock.now()
    address = asked_by(client.get(LIST))

    def stored() -> tuple:
        session = Session.objects.get(pk=client.cookies[settings.SESSION_COOKIE_NAME].value)
        return session.expire_date, session.get_decoded()["seen"]

    before = stored()
    with clock.at(start + timedelta(hours=1)):
        assert client.get(address).status_code == 204
        assert stored() == before
        client.get(LIST)  # the control: somebody looks at a page
        assert stored() != before


def test_after_signing_out_nothing_is_said_to_nobody(cast, sign_in, client):
    address = asked_by(sign_in(cast.olga).get(LIST))
    client.cookies[settings.SESSION_COOKIE_NAME] = "ended"
    assert client.get(address).status_code == 302
    assert "You were signed out" not in client.get("/sign-in/").content.decode()
    client.cookies[settings.SESSION_COOKIE_NAME] = "ended"
    client.get(LIST)
    assert "You were signed out" in client.get("/sign-in/").content.decode()
