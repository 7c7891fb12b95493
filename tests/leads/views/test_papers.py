"""The pages of quotes and orders; a PDF holds the lines and sums that one counts by hand."""

from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from leads.models import Order, Quote
from leads.rules.selling import QuoteState
from leads.services.papers import LineValues
from leads.services.quotes import QuoteValues, answer_quote, create_quote, send_quote
from tests.factories import make_deal, make_quote
from tests.leads.services.test_papers import sold_to

CENT = Decimal("0.01")


@pytest.fixture
def lead(cast):
    return sold_to(cast, cast.customer)


@pytest.fixture
def quote(lead, cast):
    return make_quote(make_deal(lead, actor=cast.ann), cast.product, actor=cast.ann)


def text(answer):
    return answer.content.decode()


def typed(cast, **more):
    return {
        "subject": "200 seats",
        "currency": "EUR",
        "line-1-product": cast.product.pk,
        "line-1-quantity": "3",
        "line-1-unit_price": "19.99",
        "line-1-discount": "12.5",
        "line-1-tax": "19",
        **more,
    }


def test_a_quote_is_written_with_lines_and_no_script(lead, cast, sign_in):
    deal = make_deal(lead, actor=cast.ann)
    client = sign_in(cast.ann)
    address = reverse("leads:deal_quote", args=[deal.reference])
    more = client.post(address, typed(cast, more="yes"))
    assert more.context["form"].count == 3
    assert not Quote.objects.exists()
    refused = client.post(address, typed(cast, **{"line-2-quantity": "1"}))
    assert refused.status_code == 422
    assert "Choose a product" in text(refused)
    assert "19.99" in text(refused)
    client.post(address, typed(cast))
    made = Quote.objects.get()
    assert (made.net, made.tax) == (Decimal("52.47"), Decimal("9.97"))
    shown = text(client.get(reverse("leads:quote", args=[made.reference])))
    assert "EUR 62.44" in shown
    assert "EUR 62.44" in text(client.get(f"/leads/{lead.reference}/"))
    edit = reverse("leads:quote_edit", args=[made.reference])
    assert client.get(edit).context["form"]["line-1-unit_price"].value() == "19.99"
    client.post(edit, typed(cast, **{"line-1-quantity": "4"}))
    assert Quote.objects.get().net == Decimal("69.97")


def test_the_pdf_holds_lines_and_sums_counted_by_hand(lead, cast, sign_in):
    lines = [
        (Decimal(3), Decimal("19.99"), Decimal("12.5"), Decimal(19)),
        (Decimal("0.5"), Decimal("1234.56"), Decimal(0), Decimal(7)),
        (Decimal(1200), Decimal("0.07"), Decimal("33.33"), Decimal(19)),
    ]
    words = "Żółć Ωmega Ђорђе <b>not bold</b> & more"
    values = QuoteValues(
        words, "EUR", [LineValues(cast.product, *line, f"Line {n}") for n, line in enumerate(lines)],
        terms=words,
    )  # fmt: skip
    made = create_quote(lead, values, actor=cast.ann)
    answer = sign_in(cast.ann).get(reverse("leads:quote_pdf", args=[made.reference]))
    assert answer["Content-Type"] == "application/pdf"
    found = " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split()
    )

    def cents(amount):
        return amount.quantize(CENT, ROUND_HALF_UP)

    nets = [cents(count * price * (100 - off) / 100) for count, price, off, _tax in lines]
    taxes = {
        rate: cents(
            sum(n for n, line in zip(nets, lines, strict=True) if line[3] == rate) * rate / 100
        )
        for rate in (Decimal(7), Decimal(19))
    }
    for net in nets:
        assert f"{net:,}" in found
    for rate, amount in taxes.items():
        assert f"Tax {rate} % EUR {amount:,}" in found
    total = sum(nets) + sum(taxes.values())
    assert f"Net EUR {sum(nets):,}" in found
    assert f"Total EUR {total:,}" in found
    assert made.total == total
    assert made.reference in found
    assert words in found
    assert "Contoso" in found


def test_the_customer_reads_and_accepts_on_a_page(quote, cast, sign_in):
    address = reverse("leads:quote", args=[quote.reference])
    client = sign_in(cast.cleo)
    assert client.get(address).status_code == 404
    send_quote(quote, actor=cast.ann)
    assert quote.subject in text(client.get("/"))
    page = client.get(address)
    assert "waits for your answer" in text(page)
    assert "Discovery" not in text(page)  # the seller's deal is none of the customer's
    assert quote.lead.reference not in text(page)
    asked = text(client.get(f"{address}accept/"))
    assert "EUR 339.15" in asked
    assert "There is a problem" not in asked
    client.post(f"{address}accept/", {"comment": "Go ahead"})
    quote.refresh_from_db()
    assert (quote.state, quote.comment) == (QuoteState.ACCEPTED, "Go ahead")
    assert quote.subject not in text(client.get("/"))
    assert client.get(f"{address}reject/").status_code == 409
    assert client.post(f"{address}reject/", {}).status_code == 409
    assert client.get(f"{address}edit/").status_code == 403
    assert client.get("/deals/").status_code == 404


def test_an_order_is_made_of_it_and_the_customer_reads_it(quote, cast, sign_in):
    answer_quote(send_quote(quote, actor=cast.ann), is_accepted=True, actor=cast.cleo)
    client = sign_in(cast.ann)
    client.post(reverse("leads:quote_order", args=[quote.reference]))
    order = Order.objects.get()
    client.post(reverse("leads:order_state", args=[order.reference, "delivered"]))
    assert client.post(reverse("leads:order_state", args=[order.reference, "x"])).status_code == 404
    page = text(sign_in(cast.cleo).get(reverse("leads:order", args=[order.reference])))
    assert "Delivered" in page
    assert "Mark as placed" not in page


def test_a_direct_order_and_the_links_of_a_lead(lead, cast, sign_in):
    client = sign_in(cast.ann)
    client.post(reverse("leads:lead_order", args=[lead.reference]), typed(cast))
    order = Order.objects.get()
    page = f"/leads/{lead.reference}/"
    assert order.reference in text(client.get(page))
    client.post(f"{page}unlink/", {"paper": order.reference})
    assert Order.objects.get().lead is None
    assert f"Lead unlinked from order {order.reference}" in text(client.get(page))
    client.post(f"{page}link/", {"paper": order.reference})
    assert Order.objects.get().lead == lead
    assert client.post(f"{page}link/", {"paper": "O-1"}).status_code == 422


def test_lists_and_files_agree(lead, quote, cast, sign_in):
    client = sign_in(cast.ann)
    client.post(reverse("leads:lead_quote", args=[lead.reference]), typed(cast))
    client.post(reverse("leads:lead_order", args=[lead.reference]), typed(cast))
    listed = client.get("/quotes/?state=draft&sort=-total")
    assert (listed.context["number"], listed.context["sum"]) == (2, "EUR 401.59")
    assert [row.total for row in listed.context["list"].page.rows] == [
        Decimal("339.15"),
        Decimal("62.44"),
    ]
    lines = b"".join(client.get("/quotes/export.csv")).decode().splitlines()
    assert sum(Decimal(line.split(",")[8]) for line in lines[1:]) == Decimal("401.59")
    assert client.get("/quotes/?state=sent").context["number"] == 0
    assert client.get("/orders/").context["sum"] == "EUR 62.44"
    assert b"Direct" not in b"".join(client.get("/orders/export.csv"))
    buyer = sign_in(cast.cleo)
    assert buyer.get("/quotes/").context["number"] == 0
    assert buyer.get("/orders/").context["number"] == 1
