"""One good call of every operation on deals, quotes and orders; see `calls`."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from leads.models import Stage
from leads.rules.selling import QuoteState
from leads.services.deals import lose_deal
from leads.services.orders import order_from_quote
from leads.services.quotes import answer_quote, send_quote
from tests.factories import make_deal, make_quote
from tests.leads.api.calls import Call
from tests.leads.services.test_papers import sold_to


def sale_calls(cast: Any) -> Iterator[Call]:
    """Return the calls; they are made one after the other."""

    def lead() -> Any:
        return sold_to(cast, cast.customer)

    def deal() -> Any:
        return make_deal(lead(), actor=cast.ann, value=Decimal(100))

    def lost() -> Any:
        return lose_deal(deal(), reason="No budget", actor=cast.ann)

    def quote(state: QuoteState = QuoteState.DRAFT) -> Callable[[], Any]:
        def made() -> Any:
            found = make_quote(deal(), cast.product, actor=cast.ann)
            if state >= QuoteState.SENT:
                found = send_quote(found, actor=cast.ann)
            if state >= QuoteState.ACCEPTED:
                found = answer_quote(found, is_accepted=True, actor=cast.cleo)
            return found

        return made

    def order() -> Any:
        return order_from_quote(quote(QuoteState.ACCEPTED)(), actor=cast.ann)

    demo = Stage.objects.get(pipeline__host=cast.northgate, name="Demo").pk
    lines = [{"product": cast.product.pk, "quantity": "3", "unit_price": "19.99", "tax": "19"}]
    seen = {"If-Match": '"1"'}
    yield Call("ann", "listPipelines", "GET", "pipelines/")
    new: dict[str, Any] = {"lead": "{lead}", "value": "1200.50"}
    yield Call("ann", "createDeal", "POST", "deals/", new, lead=lead, status=201)
    asked = {"q": "contoso", "outcome": ["open"], "sort": "-value"}
    yield Call("ann", "listDeals", "GET", "deals/", query=asked)
    at = "deals/{lead}/"
    yield Call("ann", "readDeal", "GET", at, lead=deal)
    yield Call("ann", "editDeal", "PATCH", at, {"value": "1"}, headers=seen, lead=deal)
    yield Call("ann", "moveDeal", "POST", f"{at}stage/", {"stage": demo}, lead=deal)
    yield Call("ann", "winDeal", "POST", f"{at}won/", {}, lead=deal)
    yield Call("ann", "loseDeal", "POST", f"{at}lost/", {"reason": "No budget"}, lead=deal)
    yield Call("ann", "reopenDeal", "POST", f"{at}reopen/", {}, lead=lost)
    new_quote = {"deal": "{lead}", "lines": lines}
    yield Call("ann", "createQuote", "POST", "quotes/", new_quote, lead=deal, status=201)
    yield Call("ann", "listQuotes", "GET", "quotes/", query={"state": ["draft"]})
    at = "quotes/{lead}/"
    yield Call("ann", "readQuote", "GET", at, lead=quote())
    yield Call("ann", "editQuote", "PATCH", at, {"lines": lines}, headers=seen, lead=quote())
    yield Call("ann", "readQuotePdf", "GET", f"{at}quote.pdf", lead=quote())
    yield Call("ann", "sendQuote", "POST", f"{at}send/", {}, lead=quote())
    yield Call("ann", "withdrawQuote", "POST", f"{at}withdraw/", {}, lead=quote(QuoteState.SENT))
    accepted = quote(QuoteState.ACCEPTED)
    yield Call("ann", "orderQuote", "POST", f"{at}order/", {}, lead=accepted, status=201)
    new = {"lead": "{lead}", "lines": lines}
    yield Call("ann", "createOrder", "POST", "orders/", new, lead=lead, status=201)
    yield Call("ann", "listOrders", "GET", "orders/", query={"sort": "-total"})
    yield Call("ann", "readOrder", "GET", "orders/{lead}/", lead=order)
    state = {"state": "delivered"}
    yield Call("ann", "setOrderState", "POST", "orders/{lead}/state/", state, lead=order)
