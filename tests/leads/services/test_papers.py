"""Quotes and orders: who writes, sends, answers and links; what becomes of the lead (domain.md sections 2 to 4)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import CustomerLink, OutgoingMail
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, Invalid, NotFound
from leads.enums import EventKind, HolderDesk, InboxKind, Outcome, Progress, Status
from leads.models import Conversion, Event, InboxItem, Lead, Order, Quote
from leads.rules.selling import OrderState, QuoteState
from leads.services.orders import OrderValues, create_order, order_from_quote, set_order_state
from leads.services.papers import LineValues, link_paper, unlink_paper
from leads.services.quotes import (
    QuoteValues,
    answer_quote,
    create_quote,
    edit_quote,
    expire_quotes,
    send_quote,
    withdraw_quote,
)
from tests.factories import fresh, make_company, make_deal, make_lead, make_product, make_quote


@pytest.fixture
def lead(cast):
    """A lead of Alpha's that became the customer Contoso, where Cleo works."""
    return sold_to(cast, cast.customer)


def sold_to(cast, customer):
    lead = make_lead(
        cast.northgate,
        Status.CONVERTED,
        company="Contoso",
        outcome=Outcome.OPEN,
        product=cast.product,
        marketplace=cast.marketplace,
        holder=cast.alpha,
        holder_desk=HolderDesk.COMPANY,
    )
    Conversion.objects.create(
        lead=lead, company=customer, user_id=cast.cleo.user_id, reseller=cast.alpha
    )
    CustomerLink.objects.get_or_create(customer=customer, reseller=cast.alpha)
    return Lead.objects.get(pk=lead.pk)


@pytest.fixture
def quote(lead, cast):
    return make_quote(make_deal(lead, actor=cast.ann), cast.product, actor=cast.ann)


@pytest.fixture
def sent(quote, cast):
    return send_quote(quote, actor=cast.ann)


@pytest.fixture
def accepted(sent, cast):
    return answer_quote(sent, is_accepted=True, actor=cast.cleo)


def sees(model, actor):
    return model.objects.visible_to(fresh(actor)).exists()


def line(product, **values):
    return LineValues(product, **{"quantity": Decimal(1), "unit_price": Decimal(5), **values})


# --- Writing --------------------------------------------------------------------------------------


def test_a_quote_keeps_what_its_lines_come_to(quote, lead):
    assert (quote.net, quote.tax, quote.total) == (
        Decimal(285),
        Decimal("54.15"),
        Decimal("339.15"),
    )
    assert quote.customer.name == "Contoso"
    assert Event.objects.get(lead=lead, kind=EventKind.QUOTE_LINKED).data == {
        "quote": quote.reference
    }


def test_lines_name_products_of_the_catalogue(quote, cast):
    elsewhere = make_product(cast.vertex, "Not listed")
    for lines in ([], [line(elsewhere)]):
        with pytest.raises(Invalid):
            edit_quote(quote, QuoteValues("Backup", "EUR", lines), actor=cast.ann)
    assert quote.lines.count() == 2


def test_only_a_draft_is_changed(sent, cast):
    values = QuoteValues("Backup", "EUR", [line(cast.product)])
    with pytest.raises(Conflict):
        edit_quote(sent, values, actor=cast.ann)
    withdraw_quote(sent, actor=cast.ann)
    assert edit_quote(sent, values, actor=cast.ann).total == Decimal(5)


def test_a_quote_waits_for_the_customer(cast):
    lead = make_lead(
        cast.northgate, Status.REFERRED, holder=cast.alpha, holder_desk=HolderDesk.COMPANY
    )
    draft = make_quote(make_deal(lead, actor=cast.ann), cast.product, actor=cast.ann)
    with pytest.raises(Conflict):
        send_quote(draft, actor=cast.ann)
    with pytest.raises(Conflict):
        create_quote(lead, QuoteValues("S", "EUR", [line(cast.product)]), actor=cast.ann)


# --- Who ------------------------------------------------------------------------------------------


def test_customers_see_what_they_were_sent(quote, cast):
    assert not sees(Quote, cast.cleo)
    send_quote(quote, actor=cast.ann)
    assert sees(Quote, cast.cleo)
    seen = [name for name in ("olga", "rita", "sam", "vera", "ann", "ben", "ray", "otto")
            if sees(Quote, getattr(cast, name))]  # fmt: skip
    assert seen == ["olga", "rita", "vera", "ann"]
    withdraw_quote(quote, actor=cast.ann)
    assert not sees(Quote, cast.cleo)


def test_the_customers_people_are_told_by_mail(sent, cast):
    mails = OutgoingMail.objects.filter(subject__contains=sent.reference)
    assert [mail.to for mail in mails] == [cast.cleo.email]
    assert f"/quotes/{sent.reference}/" in mails[0].text


@pytest.mark.parametrize(("who", "refusal"), [("vera", Forbidden), ("ben", NotFound)])
def test_others_send_nothing(quote, cast, who, refusal):
    with pytest.raises(refusal):
        send_quote(quote, actor=getattr(cast, who))


def test_the_seller_cannot_answer_for_the_customer(sent, cast):
    for who in (cast.ann, cast.olga):
        with pytest.raises(Forbidden):
            answer_quote(sent, is_accepted=True, actor=who)


# --- Answers --------------------------------------------------------------------------------------


def test_an_answer_is_given_once_and_sellers_are_told(sent, lead, cast):
    InboxItem.objects.all().delete()
    answered = answer_quote(sent, is_accepted=False, comment="Too dear", actor=cast.cleo)
    assert (answered.state, answered.comment) == (QuoteState.REJECTED, "Too dear")
    with pytest.raises(Conflict):
        answer_quote(sent, is_accepted=True, actor=cast.cleo)
    told = InboxItem.objects.filter(kind=InboxKind.QUOTE).values_list("user", flat=True)
    assert {cast.ann.user_id, cast.olga.user_id, cast.rita.user_id} == set(told)
    assert Event.objects.get(lead=lead, kind=EventKind.QUOTE_ANSWERED).data["to"] == "rejected"


def test_a_quote_that_is_over_is_not_accepted_and_expires(quote, cast):
    today = timezone.localdate(clock.now())
    Quote.objects.filter(pk=quote.pk).update(valid_until=today)
    send_quote(quote, actor=cast.ann)
    expire_quotes(None)
    quote.refresh_from_db()
    assert quote.state == QuoteState.SENT  # the last day counts
    Quote.objects.filter(pk=quote.pk).update(valid_until=today - timedelta(days=1))
    with pytest.raises(Conflict):
        answer_quote(quote, is_accepted=True, actor=cast.cleo)
    expire_quotes(None)
    quote.refresh_from_db()
    assert quote.state == QuoteState.EXPIRED


# --- Orders ---------------------------------------------------------------------------------------


def test_an_order_comes_of_an_accepted_quote_once(sent, lead, cast):
    with pytest.raises(Conflict):
        order_from_quote(sent, actor=cast.ann)
    answer_quote(sent, is_accepted=True, actor=cast.cleo)
    order = order_from_quote(sent, actor=cast.ann)
    assert (order.total, order.lines.count(), order.deal) == (sent.total, 2, sent.deal)
    with pytest.raises(Conflict):
        order_from_quote(sent, actor=cast.olga)
    lead.refresh_from_db()
    assert lead.progress == Progress.PURCHASED
    assert sees(Order, cast.cleo)


def test_progress_follows_an_order_and_never_goes_back(lead, cast):
    values = OrderValues("Direct", "EUR", [line(cast.product)])
    order = create_order(lead, values, actor=cast.ann)
    for state, progress in (
        (OrderState.DELIVERED, Progress.DELIVERED),
        (OrderState.CANCELLED, Progress.DELIVERED),
        (OrderState.PLACED, Progress.DELIVERED),
    ):
        set_order_state(order, state, actor=cast.ann)
        lead.refresh_from_db()
        assert lead.progress == progress
    with pytest.raises(Forbidden):
        set_order_state(order, OrderState.CANCELLED, actor=cast.cleo)


# --- Links ----------------------------------------------------------------------------------------


def test_a_quote_goes_from_one_lead_of_the_customer_to_another(quote, lead, cast):
    other = sold_to(cast, cast.customer)
    with pytest.raises(Conflict):
        link_paper(other, quote, actor=cast.ann)
    unlink_paper(lead, quote, actor=cast.ann)
    assert sees(Quote, cast.ann)
    assert link_paper(other, Quote.objects.get(), actor=cast.ann).lead == other
    kinds = [EventKind.QUOTE_LINKED, EventKind.QUOTE_UNLINKED]
    lines = Event.objects.filter(kind__in=kinds).order_by("pk").values_list("lead", "kind")
    assert list(lines) == [
        (lead.pk, "quote_linked"),
        (lead.pk, "quote_unlinked"),
        (other.pk, "quote_linked"),
    ]


def test_a_quote_of_another_customer_is_not_linked(quote, lead, cast):
    unlink_paper(lead, quote, actor=cast.ann)
    with pytest.raises(Invalid):
        link_paper(sold_to(cast, make_company("Other")), Quote.objects.get(), actor=cast.ann)


def test_orders_are_linked_and_unlinked_alike(accepted, lead, cast):
    order = order_from_quote(accepted, actor=cast.ann)
    unlink_paper(lead, order, actor=cast.olga)
    link_paper(lead, Order.objects.get(), actor=cast.olga)
    kinds = Event.objects.filter(lead=lead, kind__startswith="order_").order_by("number")
    assert [event.kind for event in kinds] == ["order_linked", "order_unlinked", "order_linked"]
