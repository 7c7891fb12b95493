"""What deals, quotes and orders have in common for programs: their lists, and the pipelines."""

from collections.abc import Callable, Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from leadportal.common.errors import Invalid, NotFound
from leadportal.common.pagination import page_at
from leadportal.common.tables import Sorting
from leads.api.base import ApiView, etag, plain
from leads.api.operations import TEXT, Operation
from leads.api.paging import PLACES, check_address, links, size_asked
from leads.api.serializers.sales import PipelineList
from leads.converters import LeadIdConverter
from leads.filters.sale_kinds import DEALS, ORDERS, QUOTES, Kind
from leads.filters.sales import AskedSales
from leads.rules.money import CURRENCIES, rounded
from leads.rules.selling import OrderState, QuoteState, sells
from leads.selectors.deals import pipelines_seen
from leads.services.answers import Given

_NUMBERS = {"type": "array", "items": {"type": "integer", "minimum": 1}}


def _some_of(words: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": list(words)}}


# What each list can be narrowed to, as its page can (leads/filters/sale_kinds.py).
_NARROWINGS: Mapping[str, dict[str, Any]] = {
    DEALS.word: {
        "pipeline": _NUMBERS,
        "stage": _NUMBERS,
        "outcome": _some_of(["open", "won", "lost"]),
        "closed": {"type": "array", "items": {"type": "string", "pattern": r"^\d{4}-\d{2}$"}},
        "currency": _some_of(CURRENCIES),
        "owner": _some_of(["me"]),
    },
    QUOTES.word: {
        "state": _some_of(one.slug for one in QuoteState),
        "currency": _some_of(CURRENCIES),
    },
    ORDERS.word: {
        "state": _some_of(one.slug for one in OrderState),
        "currency": _some_of(CURRENCIES),
    },
}


def parameters_of(kind: Kind) -> dict[str, Any]:
    """Return the parameters that the list of a kind takes: those of its page."""
    sorts = [Sorting(sort, down).word for sort in kind.sorts for down in (False, True)]
    sort = {"type": "string", "enum": sorts}
    return {"q": TEXT, **_NARROWINGS[kind.word], "sort": sort, **PLACES}


def list_of(
    view: ApiView,
    request: Request,
    kind: Kind,
    serializer: Any,
    totals: Callable[[Any], dict[str, Any]],
) -> Response:
    """Answer with a page of a list, and with what `totals` says of all its rows. Raises Invalid, Refused."""
    asked = AskedSales(kind, request.query_params, view.actor)
    check_address(asked)
    cursor, backwards = asked.place
    check_address(asked)
    page = page_at(asked.found, size=size_asked(request), cursor=cursor, backwards=backwards)
    count = {"number": min(page.count.number, page.count.most), "is_exact": page.count.is_exact}
    found = {
        **links(request, page),
        "count": count,
        "totals": totals(asked.rows),
        "results": page.rows,
    }
    return Response(serializer(found).data)


def given_sale(seen: Any, status: int, headers: Mapping[str, str]) -> Given:
    """Return a deal, quote or order in its serializer as an answer, with the ETag of its version."""
    sale = seen.instance
    return Given(status, plain(seen.data), {"ETag": etag(sale.version), **headers}, sale.lead)


def in_digits(amounts: Mapping[str, Any]) -> dict[str, str]:
    """Return amounts by currency as texts."""
    return {currency: str(rounded(amount, currency)) for currency, amount in amounts.items()}


def named(data: Mapping[str, Any], name: str, sentence: Any, find: Callable[[str], Any]) -> Any:
    """Return what a field of a body names by its number. Raises Invalid for what the token does not see."""
    text = data.get(name)
    try:
        return find(LeadIdConverter().to_python(text) if isinstance(text, str) else "-")
    except NotFound:
        raise Invalid({name: str(sentence)}) from None


class PipelinesView(ApiView):
    """Pipelines: few, so all at once."""

    permission = staticmethod(sells)
    operations = {
        "get": Operation(
            "listPipelines",
            "List the pipelines with their stages",
            "Deals",
            {200: PipelineList},
        )
    }

    def get(self, request: Request) -> Response:
        """Show those that deals begin in, and those of deals that the token sees."""
        return Response(PipelineList({"results": pipelines_seen(self.actor)}).data)
