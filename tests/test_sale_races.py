"""Many processes answer or order one quote at once: one wins, the others get a clear answer (security.md F4)."""

import time

import pytest

from accounts.enums import Role
from leadportal.common.errors import Refused
from leads.enums import EventKind
from leads.models import Event, Order, Quote
from leads.rules.selling import QuoteState
from leads.services.orders import order_from_quote
from leads.services.papers import unlink_paper
from leads.services.quotes import answer_quote, send_quote
from tests.factories import fresh, make_deal, make_person, make_quote
from tests.leads.services.test_papers import sold_to
from tests.test_races import PROCESSES, race

pytestmark = pytest.mark.slow


@pytest.fixture
def sent(transactional_db, cast) -> Quote:
    """A quote that Contoso has to answer."""
    deal = make_deal(sold_to(cast, cast.customer), actor=cast.ann)
    return send_quote(make_quote(deal, cast.product, actor=cast.ann), actor=cast.ann)


@pytest.fixture
def buyers(cast):
    return [make_person(cast.customer, Role.USER) for _number in range(PROCESSES)]


@pytest.mark.parametrize("is_linked", [True, False], ids=["of a lead", "of no lead"])
def test_a_quote_is_accepted_or_rejected_and_never_both(sent, buyers, cast, is_linked):
    lead = sent.lead
    if not is_linked:
        sent = unlink_paper(lead, sent, actor=fresh(cast.ann))
    found = race(
        [
            lambda who=who, number=number: answer_quote(
                sent, is_accepted=number % 2 == 0, comment=str(number), actor=who
            )
            for number, who in enumerate(buyers)
        ]
    )
    assert found == {"done": 1, "Conflict": PROCESSES - 1}
    answered = Quote.objects.get()
    winner = int(answered.comment)
    assert answered.answered_by_id == buyers[winner].user_id
    assert answered.state == (QuoteState.REJECTED if winner % 2 else QuoteState.ACCEPTED)
    told = Event.objects.filter(lead=lead, kind=EventKind.QUOTE_ANSWERED)
    assert [line.data["to"] for line in told] == ([answered.shown_state.slug] if is_linked else [])


def test_control_an_answer_without_the_lock_is_given_more_than_once(sent):
    """The same race on plain read-check-write: what the lock is there for."""

    def answer_unguarded() -> None:
        quote = Quote.objects.get()
        if quote.state != QuoteState.SENT:
            raise Refused
        time.sleep(0.2)  # a busy moment between look and write: all have looked by then
        Quote.objects.filter(pk=quote.pk).update(
            state=QuoteState.REJECTED, answered_at=quote.sent_at
        )

    assert race([answer_unguarded] * PROCESSES)["done"] > 1


def test_one_quote_becomes_one_order(sent, cast):
    accepted = answer_quote(sent, is_accepted=True, actor=fresh(cast.cleo))
    ann, olga = fresh(cast.ann), fresh(cast.olga)
    sellers = [ann, olga] * (PROCESSES // 2)
    found = race([lambda who=who: order_from_quote(accepted, actor=who) for who in sellers])
    assert found == {"done": 1, "Conflict": PROCESSES - 1}
    assert Order.objects.get().total == accepted.total
    assert Event.objects.filter(kind=EventKind.ORDER_LINKED).count() == 1
