"""From an accepted lead to a won deal: quote, PDF, the customer's answer, order; then all figures agree."""

from decimal import Decimal
from io import BytesIO

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.enums import Role
from tests.browser.given import accepted_lead, let_convert
from tests.browser.mailbox import link_for
from tests.factories import fresh, make_key, make_listing, make_product
from tests.leads.api.caller import Caller

PASSWORD = "a-lighthouse-in-porto"
# Product, quantity, unit price, discount and tax: two rates, so that taxes are counted apart.
LINES = (
    ("Acme Backup", Decimal(200), Decimal("19.99"), Decimal("12.5"), Decimal(19)),
    ("Acme Training", Decimal(2), Decimal(840), Decimal(0), Decimal(7)),
)


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), "ROUND_HALF_UP")


NETS = [cents(count * price * (100 - off) / 100) for _name, count, price, off, _tax in LINES]
TOTAL = sum(NETS) + sum(cents(net * line[-1] / 100) for net, line in zip(NETS, LINES, strict=True))


def write_quote(ann) -> None:
    for number, (name, count, price, off, tax) in enumerate(LINES, start=1):
        line = ann.page.get_by_role("group", name=f"Line {number}")
        product = line.get_by_label("Product")
        product.select_option(label=product.locator("option", has_text=name).inner_text())
        for label, value in (
            ("Quantity", count), ("Unit price", price), ("Discount", off), ("Tax", tax),
        ):  # fmt: skip
            line.get_by_label(label).fill(str(value))


def check_pdf(ann) -> None:
    """Open the PDF and read it."""
    link = ann.page.get_by_role("link", name="Open PDF")
    answer = ann.page.request.get(ann.address + link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.body())).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for (name, *_numbers), net in zip(LINES, NETS, strict=True):
        assert name in text
        assert f"{net:,}" in text
    assert f"Total EUR {TOTAL:,}" in text


def figures(ann, key: str, query: str) -> tuple[int, str]:
    """Return number and value of deals as list and API say them alike."""
    ann.open(f"/deals/?{query}")
    shown = " ".join(ann.page.locator(".sale-total").inner_text().split())
    totals = Caller(key).get(f"deals/?{query}").json()["totals"]
    assert f"{totals['number']} deal" in shown
    assert f"Value EUR {Decimal(totals['value']['EUR']):,}" in shown
    assert f"Weighted EUR {Decimal(totals['weighted']['EUR']):,}" in shown
    return totals["number"], totals["value"]["EUR"]


@pytest.mark.slow
def test_a_lead_becomes_a_deal_a_quote_an_order_and_is_won(visit, cast):
    let_convert(cast.alpha)
    make_listing(make_product(cast.vertex, "Acme Training"), cast.marketplace)
    lead = accepted_lead(cast)
    key = make_key(fresh(cast.ann), Role.RESELLER)

    ann = visit(cast.ann)
    ann.visit("leads:detail", lead.reference)
    ann.follow("Create deal")
    ann.fill("Subject", "Backup for Northwind")
    ann.fill("Value", str(sum(NETS)))
    ann.choose("Currency", "EUR · Euro")
    ann.press("Create deal")
    ann.is_told("Deal created.")
    ann.follow("Convert to Customer")
    ann.press("Convert to Customer")
    ann.is_told("You can now sell to and manage this customer")
    invitation = link_for("ana@northwind.example")

    ann.follow("Backup for Northwind")
    ann.is_at("Backup for Northwind")
    ann.follow("Write quote")
    write_quote(ann)
    ann.press("Save quote")
    ann.is_told("is a draft. Send it when it is ready.")
    ann.reads(f"EUR {TOTAL:,}")
    quote = ann.page.url
    check_pdf(ann)
    ann.follow("Send quote")
    ann.press("Send quote")
    ann.is_told("Quote sent.")

    ana = visit()
    ana.page.goto(invitation)
    ana.fill("Password", PASSWORD)
    ana.press("Create account")
    ana.is_told("You now work at Northwind.")
    ana.go_to("Quotes")
    ana.follow("Backup for Northwind")
    ana.reads("waits for your answer")
    ana.follow("Accept")
    ana.fill("Comment", "Go ahead")
    ana.press("Accept quote")
    ana.is_told("You have accepted this quote.")

    assert figures(ann, key, "outcome=open") == (1, str(sum(NETS)))
    ann.open("/deals/?layout=board")
    expect(ann.page.locator(".board-sum").first).to_contain_text(f"EUR {sum(NETS):,}")

    ann.page.goto(quote)
    ann.reads("Accepted", "Go ahead")
    ann.follow("Make order")
    ann.press("Make order")
    ann.is_told("is placed.")
    ann.reads(f"EUR {TOTAL:,}")
    ann.open("/deals/")
    ann.follow("Backup for Northwind")
    ann.follow("Mark as won")
    ann.press("Mark as won")
    ann.is_told("The deal is won. So is its lead.")

    assert figures(ann, key, "outcome=won") == (1, str(sum(NETS)))
    ann.open("/reports/deals/")
    ann.reads("1 deal won within twelve months", f"EUR {sum(NETS):,}")
    ann.page.locator(".figure:not(.is-zero)").first.click()
    ann.reads("Showing 1 deal", "Backup for Northwind")
    ann.visit("leads:detail", lead.reference)
    history = " ".join(ann.history())
    for words in (
        "Deal DL-",
        "sent to the customer",
        "accepted by the customer",
        "linked to order",
    ):
        assert words in history
