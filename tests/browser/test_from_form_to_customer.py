"""The main road: a prospect asks, a manager assigns, a reseller wins, a customer signs in."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.models import Company, CustomerLink, Membership, User
from leads.enums import RequestState, Status
from leads.models import ConversionRequest, Lead
from tests.browser.given import accepted_lead, let_convert
from tests.browser.mailbox import link_for

PASSWORD = "a-lighthouse-in-porto"


def ask_about_acme_backup(prospect, cast) -> str:
    """Go from the storefront to the receipt; return the Lead ID on it."""
    prospect.visit("intake:storefront", cast.marketplace.slug)
    prospect.follow("Acme Backup")
    prospect.follow("Contact us")
    prospect.fill("First name", "Ana")
    prospect.fill("Last name", "Sousa")
    prospect.fill("Work email", "ana@northwind.example")
    prospect.fill("Company", "Northwind")
    prospect.fill("Budget", "12000")
    prospect.page.wait_for_timeout(2_100)  # a form that is sent quicker is taken for a program's
    prospect.press("Send your answers")
    prospect.is_at("Thank you, Ana")
    return prospect.page.locator(".receipt").inner_text()


@pytest.mark.journey
def test_published_form_becomes_a_customer_who_signs_in(visit, cast):
    let_convert(cast.alpha)

    prospect = visit()
    reference = ask_about_acme_backup(prospect, cast)
    assert prospect.page.context.cookies() == []

    rita = visit(cast.rita)
    rita.go_to("Leads")
    rita.follow("Northwind")
    rita.has_status("Submitted")
    rita.follow("Assign")
    rita.choose("Assign lead to a company")
    rita.choose("Assign Lead To", re.compile("^Alpha"))
    rita.press("Assign")
    rita.is_told("Lead assigned to Alpha.")
    rita.has_status("Assigned")

    ann = visit(cast.ann)
    ann.go_to("Leads")
    ann.follow("Northwind")
    ann.follow("Accept")
    ann.press("Accept")
    ann.is_told("Lead accepted. Its status is now Referred, and Ann Abe is in charge.")
    ann.follow("Convert to Customer")
    ann.press("Convert to Customer")
    ann.is_told("You can now sell to and manage this customer")
    ann.has_status("Converted")
    ann.page.get_by_role("region", name="Messages").get_by_role("link", name="Ana Sousa").click()
    ann.is_at("Ana Sousa")
    ann.follow("View Company Info")
    ann.is_at("Northwind")

    company = Company.objects.get(name="Northwind")
    first = Membership.objects.get(company=company)
    assert company.is_customer
    assert CustomerLink.objects.get(customer=company).reseller == cast.alpha
    assert first.user.email == "ana@northwind.example"
    assert set(first.role_list) == {Role.COMPANY_ADMIN, Role.BILLING_ADMIN}

    ana = visit()
    ana.page.goto(link_for("ana@northwind.example"))
    ana.is_at("Join Northwind")
    ana.fill("Password", PASSWORD)
    ana.press("Create account")
    ana.is_told("You now work at Northwind.")
    again = visit()
    again.sign_in("ana@northwind.example", PASSWORD)

    rita.visit("leads:detail", reference)
    rita.has_status("Converted")
    assert rita.history() == [
        "Lead created from product profile Acme Backup",
        "Lead assigned to Alpha",
        "Lead accepted",
        "Lead converted into the customer company Northwind",
    ]

    vera = visit(cast.vera)
    vera.go_to("Leads")
    vera.follow("Northwind")
    vera.has_status("Converted")


@pytest.mark.journey
def test_conversion_with_approval(visit, cast):
    lead = accepted_lead(cast)
    turned_down = accepted_lead(cast, company="Fabrikam", email="fay@fabrikam.example")

    ann = visit(cast.ann)
    for one in (lead, turned_down):
        ann.visit("leads:detail", one.reference)
        ann.follow("Request conversion")
        ann.press("Request conversion")
        ann.is_told("Conversion requested.")
        ann.has_status("Referred")

    rita = visit(cast.rita)
    rita.go_to("Approvals")
    rita.follow("Northwind")
    rita.follow("Approve")
    rita.press("Approve conversion")
    rita.has_status("Converted")
    rita.go_to("Approvals")
    rita.follow("Fabrikam")
    rita.follow("Deny")
    rita.fill("Comment", "Ask for the VAT number first.")
    rita.press("Deny conversion")
    rita.is_told("Conversion denied. The lead stays as it was.")

    ann.visit("leads:detail", lead.reference)
    ann.has_status("Converted")
    assert ann.history()[-3:] == [
        "Lead conversion approval requested",
        "Lead conversion approved",
        "Lead converted into the customer company Northwind",
    ]
    ann.visit("leads:detail", turned_down.reference)
    ann.has_status("Referred")
    ann.reads("Conversion denied", "Ask for the VAT number first.")
    assert ann.history()[-1] == "Lead conversion denied"

    assert Lead.objects.get(pk=lead.pk).status == Status.CONVERTED
    assert Lead.objects.get(pk=turned_down.pk).status == Status.REFERRED
    assert CustomerLink.objects.get().reseller == cast.alpha
    states = ConversionRequest.objects.order_by("lead_id").values_list("state", flat=True)
    assert list(states) == [RequestState.APPROVED, RequestState.DENIED]
    assert not Company.objects.filter(name="Fabrikam").exists()


def test_double_click_converts_once(visit, cast):
    let_convert(cast.alpha)
    lead = accepted_lead(cast)
    ann = visit(cast.ann)
    ann.visit("leads:action", lead.reference, "convert")
    posts = []
    ann.page.on("request", lambda request: posts.extend([request] * (request.method == "POST")))
    ann.page.get_by_role("button", name="Convert to Customer").dblclick()
    ann.has_status("Converted")
    assert len(posts) == 1  # once.js

    # The server alone is as careful: the same form, sent again, answers as the first time.
    answer = ann.page.request.post(
        posts[0].url,
        headers={"Content-Type": posts[0].headers["content-type"], "Referer": posts[0].url},
        data=posts[0].post_data_buffer,
    )
    assert (answer.status, urlsplit(answer.url).path) == (200, urlsplit(ann.page.url).path)
    assert Company.objects.filter(name="Northwind").count() == 1
    assert User.objects.filter(email="ana@northwind.example").count() == 1
    assert ann.history().count("Lead converted into the customer company Northwind") == 1


def test_email_with_an_account_is_linked_to_its_company(visit, cast):
    let_convert(cast.alpha)
    lead = accepted_lead(cast, company="Contoso Limited", email=cast.cleo.email)
    ann = visit(cast.ann)
    ann.visit("leads:detail", lead.reference)
    ann.follow("Convert to Customer")
    expect(ann.dialog).to_contain_text("cleo@example.com already belongs to this company.")
    expect(ann.field("Contoso")).to_be_checked()
    expect(ann.field("Company")).to_have_count(0)  # nothing new is offered
    ann.press("Convert to Customer")
    ann.has_status("Converted")
    ann.page.get_by_role("region", name="Messages").get_by_role("link", name="Cleo Co").click()
    ann.is_at("Cleo Co")
    assert CustomerLink.objects.get(customer=cast.customer).reseller == cast.alpha
    assert not Company.objects.filter(name="Contoso Limited").exists()


def test_invitation_to_first_sign_in(visit, cast):
    ann = visit(cast.ann)
    ann.go_to("People and roles")
    ann.follow("Invite people")
    ann.fill("Email addresses", "new@alpha.example\nnot an address")
    ann.choose("Reseller")
    ann.press("Send invitations")
    ann.reads("is not an email address. Write it like name@example.com")
    ann.fill("Email addresses", "new@alpha.example\nann@example.com")
    ann.press("Send invitations")
    ann.is_at("1 of 2 invited to Alpha")

    newcomer = visit()
    newcomer.page.goto(link_for("new@alpha.example"))
    newcomer.is_at("Join Alpha")
    newcomer.fill("First name", "Nia")
    newcomer.fill("Last name", "New")
    newcomer.fill("Password", "short")
    newcomer.press("Create account")
    newcomer.reads("There is a problem")
    newcomer.fill("Password", PASSWORD)
    newcomer.press("Create account")
    newcomer.is_told("You now work at Alpha.")

    newcomer.sign_out()
    newcomer.sign_in("new@alpha.example", PASSWORD)
    newcomer.go_to("Leads")
    newcomer.is_at("Leads")

    newcomer.page.goto(link_for("new@alpha.example"))  # works once
    newcomer.does_not_read("Create account")
    member = Membership.objects.get(user__email="new@alpha.example")
    assert (member.company, member.role_list) == (cast.alpha, [Role.RESELLER])
