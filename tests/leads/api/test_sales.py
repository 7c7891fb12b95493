"""Deals, quotes and orders by API: the same figures, refusals and scopes as on the pages."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.api.sales import parameters_of
from leads.filters.sale_kinds import DEALS, ORDERS, QUOTES
from leads.models import Deal, Order, Quote, Stage
from leads.rules.selling import QuoteState
from leads.services.quotes import answer_quote
from tests.factories import fresh, make_deal, make_quote
from tests.leads.services.test_papers import sold_to


@pytest.fixture
def lead(cast):
    return sold_to(cast, cast.customer)


def line(cast, **more):
    return {"product": cast.product.pk, "quantity": "3", "unit_price": "19.99", **more}


def stage(cast, name):
    return Stage.objects.get(pipeline__host=cast.northgate, name=name).pk


def test_from_a_lead_to_a_won_deal(lead, cast, program):
    ann = program("ann")
    begun = ann.post("deals/", {"lead": lead.reference, "value": "62.44", "currency": "EUR"})
    deal = begun.json()
    assert (begun.status_code, begun["Location"]) == (201, f"/api/v1/deals/{deal['number']}/")
    assert (deal["customer"], deal["weighted"], deal["actions"]) == (
        "Contoso",
        "12.49",
        ["edit", "stage", "quote", "won", "lost"],
    )
    lines = [line(cast, discount="12.5", tax=19)]
    quote = ann.post("quotes/", {"deal": deal["number"], "lines": lines}).json()
    assert (quote["net"], quote["tax"], quote["total"]) == ("52.47", "9.97", "62.44")
    assert (quote["subject"], quote["currency"]) == (deal["subject"], "EUR")
    at = f"quotes/{quote['number']}"
    assert ann.get(f"{at}/quote.pdf").content.startswith(b"%PDF")
    assert ann.post(f"{at}/send/").json()["state"] == "sent"
    assert ann.post(f"{at}/order/").status_code == 409
    answer_quote(Quote.objects.get(), is_accepted=True, actor=fresh(cast.cleo))
    order = ann.post(f"{at}/order/")
    assert (order.status_code, order.json()["total"]) == (201, "62.44")
    assert ann.get(f"{at}/").json()["order"] == Order.objects.get().reference
    assert ann.post(f"deals/{deal['number']}/won/").json()["outcome"] == "won"
    lead.refresh_from_db()
    assert (lead.get_outcome_display(), lead.get_progress_display()) == ("Won", "Purchased")


def test_lists_say_what_the_pages_say(lead, cast, program, sign_in):
    for value, currency in (("1000", "EUR"), ("2000.50", "EUR"), (None, "EUR"), ("7", "JPY")):
        deal = make_deal(
            lead, actor=cast.ann, value=value and Decimal(value), currency=currency, subject="Café"
        )
    make_quote(deal, cast.product, actor=cast.ann, currency="EUR")
    make_deal(lead, actor=cast.ann, subject="Other")
    query = {"q": "cafe", "outcome": ["open"], "sort": "-value"}
    found, page = program("ann").get("deals/", **query).json(), sign_in(cast.ann)
    shown = page.get("/deals/", query).context
    assert [one["number"] for one in found["results"]] == [
        row.reference for row in shown["list"].page.rows
    ]
    assert found["totals"] == {
        "number": 4,
        "value": {"EUR": "3000.50", "JPY": "7"},
        "weighted": {"EUR": "600.10", "JPY": "1"},
    }
    assert shown["total_value"] == "EUR 3,000.50 · JPY 7"
    quotes = program("ann").get("quotes/", state="draft").json()
    assert quotes["totals"] == {"number": 1, "total": {"EUR": "339.15"}}


def test_every_filter_and_order_of_a_page_is_a_parameter():
    for kind in (DEALS, QUOTES, ORDERS):
        parameters = parameters_of(kind)
        assert kind.narrowings.keys() <= parameters.keys()
        assert {sort.word for sort in kind.sorts} <= set(parameters["sort"]["enum"])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("sort=nonsense", 400),
        ("stage=999999", 422),
        ("after=x", 400),
        ("size=7", 400),
        ("x=1", 400),
    ],
)
def test_what_an_address_cannot_ask_for_is_refused(cast, program, query, status):
    assert program("ann").get(f"deals/?{query}").status_code == status


def test_a_stage_says_what_it_needs(lead, cast, program):
    deal, ann = make_deal(lead, actor=cast.ann), program("ann")
    at, body = f"deals/{deal.reference}/stage/", {"stage": stage(cast, "Negotiation")}
    refused = ann.post(at, body)
    assert refused.status_code == 422
    assert set(refused.json()["errors"]) == {"value", "close_on"}
    moved = ann.post(at, {**body, "value": "5", "close_on": "2027-01-05"}).json()
    assert (moved["stage"]["name"], moved["value"]) == ("Negotiation", "5.00")
    foreign = Stage.objects.filter(pipeline__host=cast.southgate).first().pk
    assert ann.post(at, {"stage": foreign}).status_code == 422


def test_lines_are_judged_one_by_one(lead, cast, program):
    ann, quotes = program("ann"), f"{lead.reference}"

    def refused(lines):
        answer = ann.post("quotes/", {"lead": quotes, "lines": lines})
        return answer.status_code, answer.json().get("errors", answer.json()["detail"])

    status, errors = refused([line(cast), {"product": 0, "quantity": "x", "tax": "101"}])
    assert (status, set(errors)) == (
        422,
        {"lines.2.product", "lines.2.quantity", "lines.2.tax"},
    )
    assert refused([line(cast, colour="red")])[0] == 400
    assert refused("none")[0] == refused([1])[0] == refused([])[0] == 422
    assert refused([line(cast)] * 51) == (422, {"lines": ["There are 50 lines at most."]})
    assert not Quote.objects.exists()


def test_an_edit_needs_the_version_and_keeps_what_was_not_sent(lead, cast, program):
    quote = make_quote(make_deal(lead, actor=cast.ann), cast.product, actor=cast.ann)
    ann, at = program("ann"), f"quotes/{quote.reference}/"
    assert ann("patch", at, {"subject": "New"}).status_code == 428
    assert ann("patch", at, {"subject": "New"}, headers={"If-Match": '"9"'}).status_code == 412
    seen = {"If-Match": ann.get(at)["ETag"]}
    edited = ann("patch", at, {"subject": "New"}, headers=seen).json()
    assert (edited["subject"], edited["total"], len(edited["lines"])) == ("New", "339.15", 2)
    lines = {"lines": [line(cast, tax="19")]}
    edited = ann("patch", at, lines, headers={"If-Match": "*"}).json()
    assert [one["net"] for one in edited["lines"]] == ["59.97"]
    deal = ann("patch", f"deals/{quote.deal.reference}/", {"value": "7"}, headers=seen)
    assert deal.json()["subject"] == "Backup"


def test_who_may_not_is_refused_as_on_the_pages(lead, cast, program):
    deal = make_deal(lead, actor=cast.ann)
    quote = make_quote(deal, cast.product, actor=cast.ann)
    for who, read, change in (("vera", 200, 403), ("ben", 404, 404), ("ray", 404, 404)):
        call = program(who)
        assert call.get(f"deals/{deal.reference}/").status_code == read
        assert call.post(f"deals/{deal.reference}/won/").status_code == change
        assert call.post(f"quotes/{quote.reference}/send/").status_code == change
    assert program("ray").get("deals/").status_code == 404
    assert program("vera").get(f"deals/{deal.reference}/").json()["actions"] == []
    reader = program("ann", "read", name="Reader")
    assert reader.post(f"deals/{deal.reference}/won/").status_code == 403
    assert Quote.objects.get().state == QuoteState.DRAFT


def test_no_token_answers_for_the_customer(lead, cast, program):
    quote = make_quote(make_deal(lead, actor=cast.ann), cast.product, actor=cast.ann)
    for word in ("accept", "reject"):
        assert program("ann").post(f"quotes/{quote.reference}/{word}/").status_code == 404


def test_a_call_with_a_key_is_made_once(lead, cast, program):
    ann = program("ann")
    answers = [
        ann.post("deals/", {"lead": lead.reference}, Idempotency_Key="deal-1") for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    assert Deal.objects.count() == 1


def test_a_list_of_many_costs_what_one_costs(lead, cast, program):
    ann, counts = program("ann"), []
    ann.get("deals/")  # what a process reads once
    for _round in range(2):
        quote = make_quote(make_deal(lead, actor=cast.ann), cast.product, actor=cast.ann)
        with CaptureQueriesContext(connection) as queries:
            ann.get("deals/")
            ann.get("quotes/")
        counts.append(len(queries))
        for _number in range(20):
            make_quote(quote.deal, cast.product, actor=cast.ann)
            make_deal(lead, actor=cast.ann)
    assert counts[0] == counts[1]
