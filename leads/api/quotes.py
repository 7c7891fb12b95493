"""Quotes for programs. The customer's answer is no call: its people give it on a page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Person
from accounts.enums import Scope
from leadportal.common.errors import Invalid
from leads.api.base import ApiView, answer
from leads.api.bodies import Body, check_form, filled
from leads.api.operations import TEXT, Operation
from leads.api.papers import LEAD, LINES, converted_lead, totals, typed_of
from leads.api.sales import given_sale, list_of, named, parameters_of
from leads.api.serializers.sales import QuotePage, QuoteSeen
from leads.exports.quote_pdf import quote_pdf
from leads.filters.sale_kinds import QUOTES
from leads.forms.papers import QuoteForm
from leads.models import Deal, Lead
from leads.rules.selling import QuoteState, sells
from leads.selectors.deals import check_change, find_deal
from leads.selectors.papers import find_quote, first_values, lines_of, products_for, quote_in
from leads.services.answers import Given
from leads.services.quotes import create_quote, edit_quote, send_quote, withdraw_quote

PDF = "application/pdf"
_DEAL = {"deal": {**TEXT, "description": "The number of an open deal"}}
NEW = Body(QuoteForm, {**_DEAL, **LEAD, **LINES}, ("lines",), is_filled=True)
EDIT = Body(QuoteForm, LINES, is_filled=True)


class QuotesView(ApiView):
    """The list of quotes, and new ones."""

    permission = staticmethod(sells)
    operations = {
        "get": Operation(
            "listQuotes",
            "List quotes: the filters, search and sort of their page, with what they come to",
            "Quotes",
            {200: QuotePage},
            query=parameters_of(QUOTES),
            problems=(422,),
        ),
        "post": Operation(
            "createQuote",
            "Write a quote for a deal, or for a converted lead without one",
            "Quotes",
            {201: QuoteSeen},
            Scope.WRITE,
            body=NEW,
        ),
    }

    def get(self, request: Request) -> Response:
        """Show a page of the list."""
        return list_of(self, request, QUOTES, QuotePage, totals)

    def post(self, request: Request) -> Response:
        """Write one."""
        return self.once(lambda: self._create(request.data))

    def _create(self, data: Mapping[str, Any]) -> Given:
        lead, deal = _sold_for(data, self.actor)
        typed = typed_of(data, "deal", "lead")
        products = products_for(lead)
        blank = QuoteForm(products=products, initial=first_values(lead, self.actor, deal=deal))
        form = QuoteForm(filled(blank, typed), products=products)
        check_form(form, typed)
        quote = create_quote(lead, form.values, deal=deal, actor=self.actor)
        place = reverse("api:one_quote", args=[quote.reference])
        return quote_now(quote.reference, self.actor, status=201, Location=place)


class QuoteView(ApiView):
    """One quote."""

    permission = staticmethod(sells)
    operations = {
        "get": Operation("readQuote", "Read a quote with its lines", "Quotes", {200: QuoteSeen}),
        "patch": Operation(
            "editQuote",
            "Change a draft: only the fields that are sent; lines are replaced as a whole",
            "Quotes",
            {200: QuoteSeen},
            Scope.WRITE,
            body=EDIT,
            problems=(428,),
            is_matched=True,
        ),
    }

    def get(self, request: Request, reference: str) -> Response:
        """Show what the quote's page shows."""
        return answer(quote_now(reference, self.actor))

    def patch(self, request: Request, reference: str) -> Response:
        """Change what was sent; If-Match says which version the caller has seen."""
        return self.once(lambda: self._edit(reference, request.data))

    def _edit(self, reference: str, data: Mapping[str, Any]) -> Given:
        quote = quote_in(reference, QuoteState.DRAFT, self.actor)
        self.match_sale(quote, is_needed=True)
        typed, products = typed_of(data), products_for(quote.lead)
        stored = lines_of(quote)
        first = {name: getattr(quote, name) for name in QuoteForm.base_fields}
        kept = [] if "lines" in data else stored
        blank = QuoteForm(products=products, lines=kept, initial=first)
        form = QuoteForm(filled(blank, typed), products=products, lines=stored)
        check_form(form, typed)
        edit_quote(quote, form.values, actor=self.actor)
        return quote_now(reference, self.actor)


class QuotePdfView(ApiView):
    """The quote as a file."""

    permission = staticmethod(sells)
    operations = {"get": Operation("readQuotePdf", "Read a quote as PDF", "Quotes", {200: PDF})}

    def get(self, request: Request, reference: str) -> HttpResponse:
        """Make the file."""
        quote = find_quote(reference, self.actor)
        return HttpResponse(quote_pdf(quote, lines_of(quote)), content_type=PDF)


class QuoteMove(ApiView):
    """A move of a quote that asks for nothing."""

    permission = staticmethod(sells)
    state: QuoteState

    def post(self, request: Request, reference: str) -> Response:
        """Make the move."""
        return self.once(lambda: self._move(reference))

    def _move(self, reference: str) -> Given:
        quote = quote_in(reference, self.state, self.actor)
        self.match_sale(quote)
        return self.do(quote)

    def do(self, quote: Any) -> Given:
        """Call the service, and return what is there then."""
        raise NotImplementedError


class SendView(QuoteMove):
    """Send a draft to the customer."""

    operations = {
        "post": Operation(
            "sendQuote", "Send a draft; the customer's people are told by mail", "Quotes",
            {200: QuoteSeen}, Scope.WRITE, body=Body(), is_matched=True,
        )
    }  # fmt: skip
    state = QuoteState.DRAFT

    def do(self, quote: Any) -> Given:
        """See `QuoteMove`."""
        send_quote(quote, actor=self.actor)
        return quote_now(quote.reference, self.actor)


class WithdrawView(QuoteMove):
    """Take a sent quote back."""

    operations = {
        "post": Operation(
            "withdrawQuote", "Take a sent quote back; it is a draft again", "Quotes",
            {200: QuoteSeen}, Scope.WRITE, body=Body(), is_matched=True,
        )
    }  # fmt: skip
    state = QuoteState.SENT

    def do(self, quote: Any) -> Given:
        """See `QuoteMove`."""
        withdraw_quote(quote, actor=self.actor)
        return quote_now(quote.reference, self.actor)


def quote_now(reference: str, actor: Person, *, status: int = 200, **headers: str) -> Given:
    """Return the quote as the actor sees it. Raises NotFound."""
    quote = find_quote(reference, actor)
    quote.lines_shown = lines_of(quote)
    order = getattr(quote, "order", None)
    quote.order_number = order and order.reference
    quote.actions = _quote_actions(quote) if quote.is_workable else []
    return given_sale(QuoteSeen(quote), status, headers)


def _quote_actions(quote: Any) -> list[str]:
    match quote.state:
        case QuoteState.DRAFT:
            return ["edit", *(["send"] if quote.customer_id else [])]
        case QuoteState.SENT:
            return ["withdraw"]
        case QuoteState.ACCEPTED if quote.order_number is None:
            return ["order"]
    return []


def _sold_for(data: Mapping[str, Any], actor: Person) -> tuple[Lead, Deal | None]:
    """Return what a quote is written for. Raises Invalid unless a deal or a lead is named."""
    if ("deal" in data) == ("lead" in data):
        raise Invalid({"deal": _("Send the number of a deal, or the Lead ID of a lead.")})
    if "lead" in data:
        return converted_lead(data, actor), None
    sentence = _("Send the number of a deal that this token sees.")
    deal = named(data, "deal", sentence, lambda text: find_deal(text, actor))
    check_change(deal)
    return deal.lead, deal
