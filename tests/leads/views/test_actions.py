"""Action pages: page and dialog, what each does and says, and what is answered when it cannot be done.

Which action is whose, in which status, is tested against the hand-written file in tests/test_actions.py.
"""

import re

import pytest

from accounts.enums import CustomerRight, Role
from accounts.models import User
from leads.enums import HolderDesk, Outcome, Progress, Qualification, Status
from leads.models import Conversion, Event, Lead, LeadProduct
from leads.rules.workflow import Action
from leads.services.leads import associate_company
from leads.services.lifecycle import assign_lead
from tests.factories import make_company, make_lead, make_listing, make_person, make_product
from tests.leads.views.reading import actions_of, sent_from, text_of, url

DIALOG = {"HTTP_HX_REQUEST": "true"}


def test_page_and_dialog_hold_the_same_form(cast, sign_in, form_lead):
    client = sign_in(cast.rita)
    page = client.get(url(form_lead, "assign"))
    dialog = client.get(url(form_lead, "assign"), **DIALOG)
    for answer in (page, dialog):
        words = text_of(answer)
        assert "Assign a Lead" in words
        assert "Assign lead to all the sales support representatives" in words
        assert "Assign lead to a company" in words
        assert "Assign Lead To" in words
        assert 'name="target"' in answer.content.decode()
    assert "<html" in page.content.decode()
    assert "<html" not in dialog.content.decode()
    assert 'id="dialog-title"' in dialog.content.decode()


def test_restored_page_is_a_whole_page(cast, sign_in, form_lead):
    headers = {**DIALOG, "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}
    answer = sign_in(cast.rita).get(url(form_lead), **headers)
    assert "<html" in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


def test_dialog_is_answered_with_the_address_to_go_to(cast, sign_in, form_lead):
    sent = {"target": "company", "company": cast.alpha.pk}
    answer = sign_in(cast.rita).post(url(form_lead, "assign"), sent, **DIALOG)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, url(form_lead))


def test_refused_form_comes_back_as_dialog_with_what_was_typed(cast, sign_in, form_lead):
    sent = {"target": "company", "message": "For you"}
    answer = sign_in(cast.rita).post(url(form_lead, "assign"), sent, **DIALOG)
    page = answer.content.decode()
    assert (answer.status_code, "<html" in page) == (422, False)
    assert "Choose a company" in text_of(answer)
    assert "For you" in page
    assert re.search(r'value="company"[^>]*checked', page)


@pytest.mark.parametrize("headers", [{}, DIALOG])
def test_forbidden_and_late_actions_say_why_and_where_to_go(cast, sign_in, referred, headers):
    client = sign_in(cast.vera)
    answer = client.get(url(referred, "assign"), **headers)
    assert answer.status_code == 403
    assert "Your role does not allow this for this lead." in text_of(answer)
    assert "Go to Northwind Traders" in text_of(answer)
    answer = sign_in(cast.ann).get(url(referred, "accept"), **headers)
    assert answer.status_code == 409
    assert "This lead was accepted by Ann Abe at" in text_of(answer)
    assert "it cannot be accepted" in text_of(answer)
    assert ("<html" in answer.content.decode()) is (not headers)


def test_late_action_on_a_converted_lead_opens_the_new_company(cast, sign_in, referred):
    client = sign_in(cast.olga)
    client.post(
        url(referred, "convert"), {"company_name": "Northwind", "email": "ana@northwind.example"}
    )
    answer = client.post(url(referred, "assign"), {"target": "sales"})
    company = Conversion.objects.get(lead=referred).company
    assert answer.status_code == 409
    assert "was converted by Olga Orr" in text_of(answer)
    assert f'href="/companies/{company.pk}/"' in answer.content.decode()


def test_unknown_action_is_an_unknown_address(cast, sign_in, form_lead):
    client = sign_in(cast.olga)
    for word in ("dance", "ASSIGN", "%00", "assign%20"):
        assert client.get(f"{url(form_lead)}{word}/").status_code == 404
        assert client.post(f"{url(form_lead)}{word}/").status_code == 404


# --- What each does ---------------------------------------------------------------------------------


def test_assign_to_the_sales_desk_and_to_a_company(cast, sign_in, form_lead):
    client = sign_in(cast.rita)
    answer = client.post(url(form_lead, "assign"), {"target": "sales"}, follow=True)
    # Reseller managers do not see what the sales desk holds, but what they had is kept for them.
    assert "Lead assigned to Northgate Sales." in text_of(answer)
    assert "Your company held this lead until" in text_of(answer)
    assert Lead.objects.get(pk=form_lead.pk).holder_desk == HolderDesk.SALES
    client = sign_in(cast.olga)
    sent = {"target": "company", "company": cast.beta.pk, "message": "Good luck"}
    answer = client.post(url(form_lead, "assign"), sent, follow=True)
    assert "Lead assigned to Beta." in text_of(answer)
    assert "Good luck" in text_of(answer)


def test_present_holder_cannot_be_chosen_and_the_page_says_why(cast, sign_in, held):
    lead = held(Status.ASSIGNED)
    client = sign_in(cast.rita)
    answer = client.get(url(lead, "assign"))
    assert "Alpha cannot be chosen, because it holds the lead already" in text_of(answer)
    assert "Alpha (" not in text_of(answer)
    assert "Beta (0 open leads)" in text_of(answer)
    answer = client.post(url(lead, "assign"), {"target": "company", "company": cast.alpha.pk})
    assert answer.status_code == 422


def test_sales_desk_that_holds_the_lead_is_not_offered(cast, sign_in, form_lead):
    assign_lead(form_lead, to=None, actor=cast.olga)
    answer = sign_in(cast.olga).get(url(form_lead, "assign"))
    assert 'value="sales"' not in answer.content.decode()
    assert "They cannot be chosen, because they hold the lead already." in text_of(answer)


def test_vendor_of_the_product_is_offered_to_the_operator_only(cast, sign_in, form_lead):
    assert "Vertex (" in text_of(sign_in(cast.olga).get(url(form_lead, "assign")))
    assert "Vertex (" not in text_of(sign_in(cast.rita).get(url(form_lead, "assign")))


def test_recipients_show_their_town_and_open_leads(cast, sign_in, form_lead, held):
    type(cast.alpha).objects.filter(pk=cast.alpha.pk).update(city="Porto")
    for status in (Status.ASSIGNED, Status.REFERRED, Status.CONVERTED):
        held(status)
    assert "Alpha, Porto (2 open leads)" in text_of(
        sign_in(cast.rita).get(url(form_lead, "assign"))
    )


@pytest.fixture
def many_resellers(cast):
    """More resellers than a select is handy for; two of them share a name."""
    for number in range(101):
        make_company(f"Reseller {number:03}", is_reseller=True, host=cast.northgate)
    make_company("Twin", is_reseller=True, host=cast.northgate, city="Porto")
    make_company("Twin", is_reseller=True, host=cast.northgate, city="Faro")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Reseller", "No company that can get this lead is called “Reseller”."),
        ("Twin", "2 companies are called “Twin”. Add the town, like “Twin, "),
        ("Southgate", "No company that can get this lead is called “Southgate”."),
        ("", "Choose a company"),
        ("x" * 300, "Assign Lead To must be 220 characters or fewer."),
    ],
)
def test_many_recipients_are_typed_by_their_exact_name(
    cast, sign_in, form_lead, many_resellers, typed, sentence
):
    client = sign_in(cast.rita)
    assert '<datalist id="recipients">' in client.get(url(form_lead, "assign")).content.decode()
    answer = client.post(url(form_lead, "assign"), {"target": "company", "company": typed})
    assert answer.status_code == 422
    assert sentence in text_of(answer)


@pytest.mark.parametrize("typed", ["Reseller 042", "reseller 042", "Twin, Faro"])
def test_typed_recipient_gets_the_lead(cast, sign_in, form_lead, many_resellers, typed):
    sign_in(cast.rita).post(url(form_lead, "assign"), {"target": "company", "company": typed})
    lead = Lead.objects.select_related("holder").get(pk=form_lead.pk)
    assert (lead.status, lead.holder.name.lower()) == (
        Status.ASSIGNED,
        typed.lower().partition(",")[0],
    )


def test_accept_decline_and_take(cast, sign_in, form_lead):
    assign_lead(form_lead, to=cast.alpha, actor=cast.rita)
    client = sign_in(cast.ann)
    answer = client.post(url(form_lead, "accept"), follow=True)
    assert "Its status is now Referred, and Ann Abe is in charge." in text_of(answer)
    client = sign_in(cast.olga)
    assert "You are now in charge" in text_of(client.post(url(form_lead, "take"), follow=True))
    client.post(url(form_lead, "assign"), {"target": "company", "company": cast.beta.pk})
    client = sign_in(cast.ben)
    answer = client.post(url(form_lead, "decline"), {"reason": "No capacity"}, follow=True)
    assert answer.redirect_chain == [("/leads/", 302)]
    assert client.get(url(form_lead)).status_code == 404


def test_give_offers_the_people_of_the_holder(cast, sign_in, referred):
    carl = make_person(cast.alpha, Role.RESELLER, email="carl@example.com", first_name="Carl")
    make_person(cast.alpha, Role.USER, email="idle@example.com")
    client = sign_in(cast.rita)
    page = client.get(url(referred, "give"))
    assert re.findall(r"<option value=\"\d+\">([^<]+)", page.content.decode()) == [
        "Carl (carl@example.com)", "Ann Abe (ann@example.com)"
    ]  # fmt: skip
    answer = client.post(url(referred, "give"), {"person": carl.user_id}, follow=True)
    assert "Carl is now in charge" in text_of(answer)
    answer = client.post(url(referred, "give"), {"person": cast.ben.user_id})
    assert (answer.status_code, "Choose a person" in text_of(answer)) == (422, True)


def test_disqualify_asks_for_a_reason(cast, sign_in, form_lead):
    client = sign_in(cast.rita)
    page = client.get(url(form_lead, "disqualify")).content.decode()
    assert page.index("Spam or test") < page.index("Other")
    answer = client.post(url(form_lead, "disqualify"), {})
    assert answer.status_code == 422
    assert "<title>Error:" in answer.content.decode()
    assert text_of(answer).count("Choose a reason for disqualifying this lead") == 2
    other = cast.northgate.disqualify_reasons.get(needs_text=True)
    answer = client.post(url(form_lead, "disqualify"), {"reason": other.pk})
    assert "Enter an explanation for this reason" in text_of(answer)
    foreign = cast.southgate.disqualify_reasons.first()
    assert client.post(url(form_lead, "disqualify"), {"reason": foreign.pk}).status_code == 422
    spam = cast.northgate.disqualify_reasons.first()
    answer = client.post(url(form_lead, "disqualify"), {"reason": spam.pk}, follow=True)
    assert "Lead disqualified." in text_of(answer)


@pytest.mark.parametrize(
    ("action", "who", "said", "field", "value"),
    [
        ("qualify", "vera", "Lead marked as qualified.", "qualification", Qualification.QUALIFIED),
        ("invalid", "vera", "Its status is now Disqualified.", "status", Status.DISQUALIFIED),
        ("delete", "vera", "The managers can restore it for 30 days.", "status", Status.DELETED),
        ("take", "olga", "", "status", Status.SUBMITTED),
    ],
)
def test_verdicts_and_deletion(cast, sign_in, form_lead, action, who, said, field, value):
    client = sign_in(getattr(cast, who))
    answer = client.post(url(form_lead, action), follow=True)
    assert said in text_of(answer)
    assert getattr(Lead.objects.get(pk=form_lead.pk), field) == value


def test_progress_and_outcome(cast, sign_in, held):
    client = sign_in(cast.ann)
    lead = held(Status.CONVERTED, outcome=Outcome.OPEN)
    answer = client.post(url(lead, "progress"), {"progress": "delivered"}, follow=True)
    assert "Progress saved." in text_of(answer)
    client.post(url(lead, "outcome"), {"outcome": "won"})
    lead = Lead.objects.get(pk=lead.pk)
    assert (lead.progress, lead.outcome) == (Progress.DELIVERED, Outcome.WON)
    for action, sent in [("progress", "gone"), ("outcome", "none"), ("outcome", "")]:
        assert client.post(url(lead, action), {action: sent}).status_code == 422


def test_products_are_ticked_added_and_taken_off(cast, sign_in, referred):
    other = make_product(cast.vertex, "Acme Vault")
    make_listing(other, cast.marketplace)
    LeadProduct.objects.create(lead=referred, product=cast.product)
    client = sign_in(cast.ann)
    page = client.get(url(referred, "products")).content.decode()
    present = re.search(rf'<input[^>]*value="{cast.product.pk}"[^>]*>', page)[0]
    assert "checked" in present
    assert "disabled" in present
    answer = client.post(url(referred, "products"), {})
    assert (answer.status_code, "Choose at least one product" in text_of(answer)) == (422, True)
    client.post(url(referred, "products"), {"products": [other.pk]})
    assert set(LeadProduct.objects.values_list("product", flat=True)) == {cast.product.pk, other.pk}
    answer = client.get(f"{url(referred, 'remove-product')}?product={other.pk}", **DIALOG)
    assert "Remove Acme Vault from this lead?" in text_of(answer)
    assert "Continue" in text_of(answer)
    assert "Keep product" in text_of(answer)
    client.post(url(referred, "remove-product"), {"product": other.pk})
    assert list(LeadProduct.objects.values_list("product", flat=True)) == [cast.product.pk]
    answer = client.post(url(referred, "remove-product"), {"product": other.pk})
    assert answer.status_code == 422


def test_products_of_other_marketplaces_are_refused(cast, sign_in, referred):
    foreign = make_product(cast.vertex, "Elsewhere")
    client = sign_in(cast.ann)
    for sent in (foreign.pk, "x", "9" * 30, "-1", "\x00"):
        assert client.post(url(referred, "products"), {"products": [sent]}).status_code == 422
    assert not LeadProduct.objects.exists()


def test_many_products_are_searched_and_ticks_are_kept(cast, sign_in, referred):
    for number in range(25):
        make_listing(make_product(cast.vertex, f"Tool {number:02}"), cast.marketplace)
    client = sign_in(cast.ann)
    assert "Search products" in text_of(client.get(url(referred, "products")))
    sent = {"q": "tool 07", "find": "yes", "products": [cast.product.pk]}
    answer = client.post(url(referred, "products"), sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(rf'value="{cast.product.pk}"[^>]*checked', page)
    assert ("Tool 07" in page, "Tool 08" in page) == (True, False)
    assert not LeadProduct.objects.exists()


# --- Edit -------------------------------------------------------------------------------------------


def edited(client, lead, **changes):
    """What the edit page, as it is now, sends when `changes` were typed into it."""
    return sent_from(client.get(url(lead, "edit")), **changes)


def test_edit_saves_and_says_what_changed(cast, sign_in, referred):
    client = sign_in(cast.ann)
    answer = client.post(
        url(referred, "edit"),
        edited(client, referred, phone="+351 911 111 111", channel="event"),
        follow=True,
    )
    words = text_of(answer)
    assert "Changes saved." in words
    assert "Phone: +351 912 345 678 → became +351 911 111 111" in words
    assert "Channel: Web → became Event" in words


def test_edit_warns_about_the_association_and_removes_it(cast, sign_in, referred):
    cleo = User.objects.get(pk=cast.cleo.user_id)
    lead = associate_company(referred, user=cleo, company=cast.customer, actor=cast.ann)
    client = sign_in(cast.ann)
    page = client.get(url(lead, "edit"))
    assert "Saving these changes removes the link to Contoso." in text_of(page)
    assert "Save and remove link to Contoso" in text_of(page)
    client.post(url(lead, "edit"), edited(client, lead, city="Porto"))
    assert Lead.objects.get(pk=lead.pk).associated_company is None


def test_saving_nothing_new_writes_nothing(cast, sign_in, referred):
    before = Event.objects.count()
    client = sign_in(cast.ann)
    assert client.post(url(referred, "edit"), edited(client, referred)).status_code == 302
    assert Event.objects.count() == before


def test_manage_goes_to_the_customer(cast, sign_in, referred):
    client = sign_in(cast.olga)
    client.post(
        url(referred, "convert"), {"company_name": "Northwind", "email": "ana@northwind.example"}
    )
    company = Conversion.objects.get(lead=referred).company
    assert client.get(url(referred, "manage")).url == f"/companies/{company.pk}/"
    assert client.get(f"/companies/{company.pk}/").status_code == 200


@pytest.mark.parametrize("action", list(Action))
def test_every_page_has_one_title_and_a_way_back(cast, sign_in, action):
    """Each action, in a status where the operator or the holder may do it."""
    status = {
        Action.SUBMIT: Status.PENDING_SUBMISSION, Action.QUALIFY: Status.SUBMITTED, Action.INVALID: Status.SUBMITTED,
        Action.ACCEPT: Status.ASSIGNED, Action.DECLINE: Status.ASSIGNED, Action.OUTCOME: Status.CONVERTED,
        Action.RESTORE: Status.DELETED, Action.MANAGE: Status.CONVERTED, Action.LINK: Status.CONVERTED,
        Action.UNLINK: Status.CONVERTED,
    }.get(action, Status.REFERRED)  # fmt: skip
    lead = make_lead(
        cast.northgate, status, holder=cast.alpha, holder_desk=HolderDesk.COMPANY, qualification=Qualification.PENDING,
        maker=cast.alpha, maker_kinds=1, product=cast.product,
    )  # fmt: skip
    if action in {Action.APPROVE, Action.DENY, Action.WITHDRAW}:
        lead.conversion_requests.create(
            company=cast.alpha,
            values={"company_name": "N", "email": "n@example.com"},
            requested_by_id=cast.ann.user_id,
        )
    holders = {
        Action.SUBMIT,
        Action.ACCEPT,
        Action.DECLINE,
        Action.REQUEST,
        Action.WITHDRAW,
        Action.SALES_QUALIFIED,
    }
    answer = sign_in(cast.ann if action in holders else cast.olga).get(url(lead, action))
    if action is Action.MANAGE:
        assert answer.status_code == 404  # a lead forced to Converted has no customer
        return
    page = answer.content.decode()
    assert answer.status_code == 200
    assert len(re.findall("<h1", page)) == 1
    assert f'href="{url(lead)}" data-close' in page
    assert "data-action" not in page
    assert actions_of(answer) == set()


def test_free_reseller_converts_and_the_other_asks(cast, sign_in, referred):
    assert sign_in(cast.ann).get(url(referred, "convert")).status_code == 403
    cast.alpha.can_create_customers = CustomerRight.FREE
    cast.alpha.save()
    assert sign_in(cast.ann).get(url(referred, "convert")).status_code == 200
    assert sign_in(cast.ann).get(url(referred, "request")).status_code == 403


def test_what_can_be_undone_offers_it(cast, sign_in, form_lead):
    client = sign_in(cast.olga)
    page = client.post(url(form_lead, "delete"), follow=True).content.decode()
    undo = re.search(rf'action="({url(form_lead)}undo/\d+/)"', page)[1]
    client.post(undo)
    assert Lead.objects.get(pk=form_lead.pk).status == Status.SUBMITTED
