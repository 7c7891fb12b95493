"""The pages of deals: list, board and file agree; forms refuse in sentences; the lead's page leads there."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.enums import HolderDesk, Outcome, Status
from leads.models import Deal, Stage
from leads.services.deals import lose_deal
from tests.factories import make_deal, make_lead


@pytest.fixture
def lead(cast):
    mine = {"holder": cast.alpha, "holder_desk": HolderDesk.COMPANY}
    return make_lead(cast.northgate, Status.REFERRED, company="Northwind", **mine)


def text(answer):
    return answer.content.decode()


def test_a_deal_begins_on_the_page_of_a_lead(lead, cast, sign_in):
    client = sign_in(cast.ann)
    page = f"/leads/{lead.reference}/"
    assert "Create deal" in text(client.get(page))
    stage = Stage.objects.filter(pipeline__host=cast.northgate).first()
    typed = {"subject": "200 seats", "value": "12500.50", "currency": "EUR", "stage": stage.pk}
    refused = client.post(f"{page}deal/", {**typed, "value": "-1"})
    assert refused.status_code == 422
    assert "200 seats" in text(refused)
    client.post(f"{page}deal/", typed)
    deal = Deal.objects.get()
    assert (deal.value, deal.customer_name) == (Decimal("12500.50"), "Northwind")
    assert "200 seats" in text(client.get(page))
    assert f"Deal {deal.reference} created" in text(client.get(page))
    shown = text(client.get(reverse("leads:deal", args=[deal.reference])))
    assert "EUR 12,500.50" in shown
    assert "EUR 2,500.10" in shown  # a chance of 20 %


def test_referral_partners_have_no_deals(cast, sign_in):
    mine = {"holder": cast.ripple, "holder_desk": HolderDesk.COMPANY}
    lead = make_lead(cast.northgate, Status.REFERRED, **mine)
    make_deal(lead, actor=cast.olga)
    page = text(sign_in(cast.ray).get(f"/leads/{lead.reference}/"))
    assert "Create deal" not in page
    assert "deals-head" not in page


def test_list_board_and_file_agree(lead, cast, sign_in):
    for value in ("1000", "2000.50", None):
        make_deal(lead, actor=cast.ann, value=value and Decimal(value))
    make_deal(lead, actor=cast.ann, stage="Proposal", value=Decimal(4000))
    gone = make_deal(lead, actor=cast.ann, value=Decimal(7))
    lose_deal(gone, reason="No budget", actor=cast.ann)
    client = sign_in(cast.ann)
    listed = client.get("/deals/?outcome=open")
    board = client.get("/deals/?layout=board")
    for page in (listed, board):
        assert page.context["total"].number == 4
        assert page.context["total_value"] == "EUR 7,000.50"
        assert page.context["total_weighted"] == "EUR 3,000.10"
        assert "EUR 7,000.50" in text(page)
    columns = board.context["board"].columns
    found = {one.stage.name: (one.figures.number, one.value) for one in columns}
    assert found["Discovery"] == (3, "EUR 3,000.50")
    assert found["Demo"] == (0, "")
    lines = b"".join(client.get("/deals/export.csv?outcome=open")).decode().splitlines()
    values = [line.split(",")[9] for line in lines[1:]]
    assert sum(Decimal(value or 0) for value in values) == Decimal("7000.50")


def test_search_filters_and_orders(lead, cast, sign_in):
    make_deal(lead, actor=cast.ann, subject="Café seats", value=Decimal(1))
    make_deal(lead, actor=cast.ann, subject="Mail", value=Decimal(2), currency="USD")
    client = sign_in(cast.ann)

    def subjects(query):
        return [row.subject for row in client.get(f"/deals/?{query}").context["list"].page.rows]

    assert subjects("q=cafe") == ["Café seats"]
    assert subjects("q=northwind") == ["Mail", "Café seats"]
    assert subjects("currency=USD") == ["Mail"]
    assert subjects("sort=value") == ["Café seats", "Mail"]
    assert subjects("sort=-value&size=25") == ["Mail", "Café seats"]
    assert subjects("owner=me") == []
    page = client.get("/deals/?sort=nonsense&currency=XXX&after=nonsense")
    assert page.status_code == 200
    assert len(page.context["list"].notices) == 2


@pytest.mark.parametrize("sort", ["created", "-created", "value", "-close", "chance"])
def test_pages_follow_each_other_whatever_the_order(lead, cast, sign_in, sort):
    for number in range(27):
        value = Decimal(number % 3) if number % 2 else None
        make_deal(lead, actor=cast.ann, subject=f"Deal {number}", value=value)
    client = sign_in(cast.ann)
    first = client.get(f"/deals/?sort={sort}").context["list"]
    second = client.get(first.next_url).context["list"]
    back = client.get(second.previous_url).context["list"]
    names = [[row.subject for row in one.page.rows] for one in (first, second)]
    assert len({*names[0], *names[1]}) == 27
    assert [row.subject for row in back.page.rows] == names[0]
    assert first.summary == "Showing 1 to 25 of 27 deals"


def test_a_list_of_many_costs_what_one_costs(lead, cast, sign_in):
    client = sign_in(cast.ann)
    make_deal(lead, actor=cast.ann, value=Decimal(1))
    for query in ("", "?layout=board"):
        client.get(f"/deals/{query}")  # what a process reads once
        counts = []
        for _round in range(2):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(f"/deals/{query}")
            counts.append(len(queries))
            for _number in range(20):
                make_deal(lead, actor=cast.ann, value=Decimal(1))
        assert counts[0] == counts[1]


def test_a_move_on_the_board_comes_back_to_it_and_asks_for_what_is_missing(lead, cast, sign_in):
    deal = make_deal(lead, actor=cast.ann)
    client = sign_in(cast.ann)
    address = reverse("leads:deal_stage", args=[deal.reference])
    demo, proposal = (
        Stage.objects.get(pipeline__host=cast.northgate, name=name) for name in ("Demo", "Proposal")
    )
    moved = client.post(address, {"stage": demo.pk, "back": "layout=board"})
    assert moved.headers["Location"] == "/deals/?layout=board"
    asked = client.post(address, {"stage": proposal.pk, "back": "layout=board"})
    assert asked.status_code == 422
    assert "Enter a value" in text(asked)
    client.post(address, {"stage": proposal.pk, "value": "10"})
    deal.refresh_from_db()
    assert (deal.stage, deal.value) == (proposal, Decimal(10))


def test_a_deal_that_is_over_says_so(lead, cast, sign_in):
    deal = make_deal(lead, actor=cast.ann)
    client = sign_in(cast.ann)
    client.post(reverse("leads:deal_lost", args=[deal.reference]), {"reason": "No budget"})
    deal.refresh_from_db()
    assert deal.outcome == Outcome.LOST
    for name in ("deal_edit", "deal_stage", "deal_won", "deal_lost"):
        answer = client.get(reverse(f"leads:{name}", args=[deal.reference]))
        assert answer.status_code == 409
        assert "Reopen it first" in text(answer)
    client.post(reverse("leads:deal_reopen", args=[deal.reference]))
    deal.refresh_from_db()
    assert deal.outcome == Outcome.OPEN


@pytest.mark.parametrize("reference", ["DL-0000000", "nonsense", "DL-%00", "9" * 400])
def test_unknown_numbers_are_not_found(cast, sign_in, reference):
    assert sign_in(cast.ann).get(f"/deals/{reference}/").status_code == 404
