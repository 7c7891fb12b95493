"""One of each change of AppDirect's History table, as the lead's page tells it (ux.md check 34)."""

from playwright.sync_api import expect

from leads.enums import Outcome, Progress
from leads.services.conversion import Wish, approve_conversion, convert_lead, request_conversion
from leads.services.leads import associate_company, create_lead, edit_lead
from leads.services.lifecycle import (
    accept_lead,
    assign_lead,
    delete_lead,
    disqualify_lead,
    restore_lead,
)
from leads.services.marks import qualify_lead, set_outcome, set_progress
from leads.services.sales import add_products, remove_product
from tests.browser.given import ANA, new_lead, spam


def live_through_everything(cast):
    """Let one lead meet every change; return it."""
    lead = new_lead(cast)
    cleo = cast.customer.memberships.get().user
    lead = qualify_lead(lead, actor=cast.vera)
    lead = associate_company(lead, user=cleo, company=cast.customer, actor=cast.rita)
    details = {"first_name": "Anna", "last_name": "Sousa", "email": lead.email}
    lead = edit_lead(
        lead,
        details={**details, "company": lead.company},
        attributes={},
        version=lead.version,
        actor=cast.rita,
    )
    delete_lead(lead, actor=cast.olga)
    lead = restore_lead(lead, actor=cast.olga)
    lead = assign_lead(lead, to=None, actor=cast.rita)
    lead = assign_lead(lead, to=cast.alpha, actor=cast.olga)  # sales holds it: not the channel's
    lead = accept_lead(lead, actor=cast.ann)
    lead = add_products(lead, products=[cast.product], actor=cast.ann)
    lead = remove_product(lead, product=cast.product, actor=cast.ann)
    lead = set_progress(lead, progress=Progress.CONTACTED, actor=cast.ann)
    wish = Wish(lead.company, lead.email, lead.first_name, lead.last_name)
    lead = convert_lead(lead, wish=wish, actor=cast.olga).lead
    for outcome in (Outcome.WON, Outcome.LOST, Outcome.OPEN):
        lead = set_outcome(lead, outcome=outcome, actor=cast.ann)
    return lead


def has_lines(visitor, lead, expected):
    """Make sure that the lead's history is this, oldest first: each line once, with its person and moment."""
    visitor.visit("leads:detail", lead.reference)
    lines = visitor.page.get_by_role("region", name="History").get_by_role("listitem")
    assert visitor.history() == [sentence for sentence, _who in expected]
    for line, (_sentence, who) in zip(lines.all()[::-1], expected, strict=True):
        expect(line).to_contain_text(who)
        expect(line.locator("time[datetime]")).to_have_count(1)
    return lines


def changes(lines, *expected):
    """Make sure that a line names what was and what came: (sentence, old, new)."""
    for sentence, old, new in expected:
        change = lines.filter(has_text=sentence).locator(".line-change", has_text=old)
        expect(change.first).to_contain_text(new)


def test_every_change_has_one_line_with_who_and_when(visit, cast):
    lead = live_through_everything(cast)
    olga = visit(cast.olga)
    expected = [
        ("Lead created from product profile Acme Backup", ""),
        ("Lead marked as qualified", "Vera Vu"),
        ("Company association created: Contoso", "Rita Rey"),
        ("Lead updated", "Rita Rey"),
        ("Company association removed: Contoso", "Rita Rey"),
        ("Lead deleted", "Olga Orr"),
        ("Lead restored", "Olga Orr"),
        ("Lead assigned to the sales support representatives of Northgate", "Rita Rey"),
        ("Lead assigned to Alpha", "Olga Orr"),
        ("Lead accepted", "Ann Abe"),
        ("Product Acme Backup added", "Ann Abe"),
        ("Product Acme Backup removed", "Ann Abe"),
        ("Progress changed", "Ann Abe"),
        ("Lead converted into the customer company Northwind", "Olga Orr"),
        ("Lead marked as won", "Ann Abe"),
        ("Lead marked as lost", "Ann Abe"),
        ("Lead marked as open", "Ann Abe"),
    ]
    changes(
        has_lines(olga, lead, expected),
        ("Lead updated", "Ana", "Anna"),
        ("Lead accepted", "Assigned", "Referred"),
        ("Lead assigned to Alpha", "Northgate", "Alpha"),
        ("Progress changed", "New", "Contacted"),
        ("Lead converted", "Referred", "Converted"),
        ("Lead marked as won", "Open", "Won"),
        ("Lead marked as lost", "Won", "Lost"),
        ("Lead marked as open", "Lost", "Open"),
    )


def test_approval_and_disqualification_have_their_lines(visit, cast):
    """The rest of AppDirect's list, on leads of their own."""
    asked = create_lead(ANA, actor=cast.rita, recipient=cast.alpha)
    asked = accept_lead(asked, actor=cast.ann)
    request_conversion(asked, wish=Wish(asked.company, asked.email, "Ana", "Sousa"), actor=cast.ann)
    approve_conversion(asked, actor=cast.rita)
    refused = new_lead(cast, company="Fabrikam", email="fay@fabrikam.example")
    disqualify_lead(refused, reason=spam(cast), actor=cast.rita)

    olga = visit(cast.olga)
    lines = has_lines(
        olga,
        asked,
        [
            ("Lead created manually", "Rita Rey"),
            ("Lead assigned to Alpha", "Rita Rey"),
            ("Lead accepted", "Ann Abe"),
            ("Lead conversion approval requested", "Ann Abe"),
            ("Lead conversion approved", "Rita Rey"),
            ("Lead converted into the customer company Northwind", "Rita Rey"),
        ],
    )
    changes(lines, ("Lead converted", "Referred", "Converted"))
    lines = has_lines(
        olga,
        refused,
        [
            ("Lead created from product profile Acme Backup", ""),
            ("Lead disqualified: Spam or test", "Rita Rey"),
        ],
    )
    changes(lines, ("Lead disqualified", "Submitted", "Disqualified"))
