"""Home: what waits, with its age and the list that shows exactly these; first use; help."""

import re
from datetime import timedelta
from html import unescape

import pytest

from leadportal.common import clock
from leads.enums import HolderDesk, Qualification, Status
from leads.models import Lead
from leads.services.conversion import Wish, request_conversion
from leads.services.lifecycle import assign_lead
from leads.services.marks import set_next_step
from tests.factories import make_lead, make_user
from tests.leads.views.reading import number_of_queries, text_of


def lines_of(answer) -> list[tuple[str, str, str]]:
    """Address, number and words of each waiting line."""
    page = answer.content.decode().split("Your next steps")[0].split("Recent activity")[0]
    found = re.findall(r'<a href="([^"]+)"><b>([^<]+)</b><span>([^<]+)</span>', page)
    return [(unescape(address), number, words) for address, number, words in found]


@pytest.fixture
def busy(cast, held, referred):
    """Something for everybody."""
    old = {
        "created_at": clock.now() - timedelta(days=5),
        "status_changed_at": clock.now() - timedelta(days=3),
    }
    make_lead(cast.northgate, Status.SUBMITTED, **old)
    make_lead(
        cast.northgate, Status.SUBMITTED, product=cast.product, qualification=Qualification.PENDING
    )
    held(Status.ASSIGNED)
    make_lead(cast.northgate, Status.ASSIGNED, holder_desk=HolderDesk.SALES)
    make_lead(
        cast.northgate, Status.REFERRED, holder_desk=HolderDesk.SALES, in_charge_id=cast.sam.user_id
    )
    ripple = {
        "holder": cast.ripple,
        "holder_desk": HolderDesk.COMPANY,
        "maker": cast.ripple,
        "maker_kinds": 1,
    }
    make_lead(cast.northgate, Status.REFERRED, **ripple)
    make_lead(cast.northgate, Status.CONVERTED, **ripple)
    vertex = {
        "holder": cast.vertex,
        "holder_desk": HolderDesk.COMPANY,
        "maker": cast.vertex,
        "maker_kinds": 1,
    }
    make_lead(cast.northgate, Status.PENDING_SUBMISSION, product=cast.product, **vertex)
    request_conversion(referred, wish=Wish("N", "n@example.com"), actor=cast.ann)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("olga", ["2 leads wait to be assigned", "1 lead has waited for more than 48 hours",
                  "1 conversion waits for your approval", "1 lead waits to be qualified"]),
        ("rita", ["2 leads wait to be assigned", "1 lead has waited for more than 48 hours",
                  "1 conversion waits for your approval"]),
        ("sam", ["1 lead waits to be accepted", "1 open lead in your charge"]),
        ("vera", ["1 lead waits to be qualified", "1 lead waits to be submitted"]),
        ("ann", ["1 lead waits to be accepted", "1 open lead in your charge"]),
        ("ray", ["1 referral is being worked on", "1 referral became a customer"]),
    ],
)  # fmt: skip
def test_each_role_reads_what_waits_for_it(cast, sign_in, busy, who, words):
    lines = lines_of(sign_in(getattr(cast, who)).get("/"))
    assert [f"{number} {text}" for _address, number, text in lines] == words


@pytest.mark.parametrize("who", ["olga", "rita", "sam", "vera", "ann", "ray"])
def test_every_line_counts_what_its_list_shows(cast, sign_in, busy, who):
    from django.http import QueryDict

    from leads.filters import Asked

    actor = getattr(cast, who)
    lines = lines_of(sign_in(actor).get("/"))
    assert 1 <= len(lines) <= 5
    for address, number, _words in lines:
        path, _question, query = address.partition("?")
        if path == "/leads/":
            asked = Asked(QueryDict(query), actor)
            assert asked.filters.qs.count() == int(number), address
            assert asked.notices == []
            assert not asked.filters.form.errors


def test_a_line_says_how_old_its_oldest_is(cast, sign_in, busy):
    words = text_of(sign_in(cast.rita).get("/"))
    assert "leads wait to be assigned oldest 5 days" in words
    assert "lead has waited for more than 48 hours oldest 3 days" in words


def test_own_next_steps_are_shown_by_day(cast, sign_in, referred):
    set_next_step(
        referred, text="Send quote", on=(clock.now() + timedelta(days=2)).date(), actor=cast.ann
    )
    assert "Your next steps Send quote Northwind Traders" in text_of(sign_in(cast.ann).get("/"))
    assert "Send quote" not in text_of(sign_in(cast.rita).get("/"))


def test_recent_activity_is_of_visible_leads_and_readable_lines(cast, sign_in, referred):
    assert "Northwind Traders Lead accepted Ann Abe, Alpha" in text_of(sign_in(cast.ann).get("/"))
    assert "Lead accepted" not in text_of(sign_in(cast.ben).get("/"))
    assert "Lead accepted" not in text_of(sign_in(cast.otto).get("/"))


def test_home_costs_the_same_with_many_leads(cast, sign_in, busy):
    client = sign_in(cast.olga)
    one = number_of_queries(client, "/")
    for _number in range(12):
        lead = make_lead(
            cast.northgate,
            Status.SUBMITTED,
            qualification=Qualification.PENDING,
            product=cast.product,
        )
        assign_lead(lead, to=cast.alpha, actor=cast.olga)
    assert number_of_queries(client, "/") <= one + 1
    assert one <= 25


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("vera", "Leads arrive when a prospect fills in one of your forms."),
        ("ann", "Leads your marketplace gives you will appear here."),
        ("olga", "Leads will appear here as they come in."),
        ("ray", "Add a lead"),
        ("cleo", "You work at Contoso."),
    ],
)
def test_first_use_says_what_will_be_here(cast, sign_in, who, sentence):
    assert not Lead.objects.exists()
    assert sentence in text_of(sign_in(getattr(cast, who)).get("/"))


def test_staff_without_a_company_go_to_admin(client, db):
    client.force_login(
        make_user("staff@example.com", is_staff=True),
        backend="accounts.backends.PortalBackend",
    )
    assert client.get("/").url == "/admin/"


@pytest.mark.parametrize("who", ["olga", "ann", "ray", "cleo"])
def test_help_explains_words_statuses_and_actions(cast, sign_in, who):
    words = text_of(sign_in(getattr(cast, who)).get("/help/"))
    for said in (
        "Recipient",
        "Submitted",
        "Disqualified",
        "Convert to Customer",
        "Whom to ask",
        "48 hours",
    ):
        assert said in words
