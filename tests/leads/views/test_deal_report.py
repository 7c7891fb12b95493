"""The report of deals: every number is the list behind its link, and what plain SQL counts."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leadportal.common import clock
from leads.enums import Outcome
from leads.filters.sale_kinds import DEALS
from leads.filters.sales import AskedSales
from leads.models import Deal
from leads.rules.money import money_list
from leads.selectors.deals import figures_by_stage, summed
from leads.services.deals import lose_deal, win_deal
from tests.factories import make_deal
from tests.leads.services.test_papers import sold_to

NOW = datetime(2025, 11, 21, 18, 0, tzinfo=UTC)
FIGURE = re.compile(r'<a class="figure[^"]*" href="([^"]*)">([^<]+)</a>')


@pytest.fixture(autouse=True)
def _now():
    with clock.at(NOW):
        yield


@pytest.fixture
def many(cast):
    """Deals of two resellers in three stages and two currencies; some ended in the last months, one long ago."""
    lead = sold_to(cast, cast.customer)
    number = 0
    for days in (400, 62, 40, 22, 21, 1):
        for stage, currency in (("Discovery", "EUR"), ("Demo", "EUR"), ("Proposal", "USD")):
            number += 1
            with clock.at(NOW - timedelta(days=days)):
                deal = make_deal(
                    lead,
                    actor=cast.ann,
                    stage=stage,
                    currency=currency,
                    value=Decimal("100.05") * number,
                )
                if number % 4 == 1:
                    win_deal(deal, actor=cast.ann)
                elif number % 5 == 0:
                    lose_deal(deal, reason="No budget", actor=cast.ann)
    make_deal(lead, actor=cast.ann)


def report(client):
    return client.get(reverse("leads:report_deals"))


def behind(url, actor):
    """Return the deals of the list behind an address; its filters must all be good."""
    parts = urlsplit(unescape(url))
    assert parts.path == reverse("leads:deals")
    asked = AskedSales(DEALS, QueryDict(parts.query), actor)
    assert not asked.filters.form.errors, url
    assert not asked.notices
    return asked.rows


@pytest.mark.parametrize("who", ["olga", "rita", "vera", "ann", "sam", "otto"])
def test_every_number_is_the_list_behind_it(many, cast, sign_in, who):
    actor = getattr(cast, who)
    page = report(sign_in(actor)).content.decode()
    found = FIGURE.findall(page)
    for url, text in found:
        rows = behind(url, actor)
        figures = summed(figures_by_stage(rows).values())
        known = {f"{rows.count():,}", money_list(figures.value), money_list(figures.weighted)}
        assert text in known, url
    has_deals = Deal.objects.visible_to(actor).exists()
    assert has_deals is (who not in {"sam", "otto"})
    assert any(text != "0" for _url, text in found) is has_deals


def test_open_deals_are_those_of_plain_sql(many, cast, sign_in):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.name, s.probability, d.currency, COUNT(*), SUM(d.value)"
            " FROM leads_deal d JOIN leads_stage s ON s.id = d.stage_id"
            " WHERE d.outcome = 1 AND d.host_id = %s GROUP BY s.name, s.probability, d.currency",
            [cast.northgate.pk],
        )
        groups = cursor.fetchall()
    assert len(groups) == 3
    part = report(sign_in(cast.olga)).context["parts"][0]
    lines = {line.label: line for line in part.lines}
    for name, chance, currency, number, value in groups:
        line = lines[f"{name} ({chance} %)"]
        worth = round(Decimal(str(value)), 2)
        assert line.number == number
        assert line.figures.value == {currency: worth}
        assert abs(line.figures.weighted[currency] - worth * chance / 100) <= Decimal("0.005")
    assert part.total.number == sum(group[3] for group in groups)


def test_months_are_those_in_which_deals_ended(many, cast, sign_in):
    part = report(sign_in(cast.olga)).context["parts"][-1]
    assert len(part.lines) == 12
    assert (part.lines[0].label, part.lines[-1].label) == ("November 2025", "December 2024")
    for line in part.lines:
        ended = [
            deal for deal in Deal.objects.all() if deal.closed_at and f"{deal.closed_at:%B %Y}" == line.label
        ]  # fmt: skip
        won = [deal for deal in ended if deal.outcome == Outcome.WON]
        assert line.number == len(won)
        sums = {deal.currency: Decimal(0) for deal in won}
        for deal in won:
            sums[deal.currency] += deal.value
        assert line.figures.value == sums
        assert line.cells[1].value == len(ended) - len(won)
    assert sum(line.number for line in part.lines) == 4  # the fifth ended more than a year ago


def test_the_way_there_is_on_the_page_of_reports(cast, sign_in):
    address = f'href="{reverse("leads:report_deals")}"'
    for who, status in (("ann", 200), ("ray", 404)):
        client = sign_in(getattr(cast, who))
        assert report(client).status_code == status
        assert (address in client.get(reverse("leads:reports")).content.decode()) is (status == 200)


def test_many_deals_cost_what_few_cost(cast, sign_in):
    lead, client, counts = sold_to(cast, cast.customer), sign_in(cast.ann), []
    report(client)  # what a process reads once
    for _round in range(2):
        make_deal(lead, actor=cast.ann, value=Decimal(1))
        with CaptureQueriesContext(connection) as queries:
            report(client)
        counts.append(len(queries))
        for _number in range(20):
            make_deal(lead, actor=cast.ann, value=Decimal(1))
    assert counts[0] == counts[1]
