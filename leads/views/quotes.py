"""Quotes: the list, one, its PDF, and what sellers and customers do with it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from accounts.views.pages import ConfirmPage
from leadportal.common import clock
from leadportal.common.errors import Conflict
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.exports.papers import QUOTE_HEADS, quote_line
from leads.exports.quote_pdf import quote_pdf
from leads.filters.sale_kinds import QUOTES
from leads.forms.papers import QuoteForm
from leads.models import Quote
from leads.rules.selling import QuoteState, exports_sales, is_over, sees_papers, sells
from leads.selectors.deals import check_change, find_deal
from leads.selectors.papers import find_quote, first_values, lines_of, products_for, quote_in
from leads.services.quotes import (
    create_quote,
    edit_quote,
    send_quote,
    withdraw_quote,
)
from leads.views.deals import deal_url, seen_version
from leads.views.pages import lead_url
from leads.views.papers import LeadPaperPage, PaperFormPage, PaperListView, shown
from leads.views.sale_lists import SaleFileView


class QuotesView(PaperListView):
    """The quotes that the actor sees; customers see those that they were sent."""

    kind = QUOTES
    address = "leads:quote"
    icon = "file-text"
    title = gettext_lazy("Quotes")
    search = gettext_lazy("Search quotes")
    counted = ngettext_lazy("%(number)s quote", "%(number)s quotes", "number")
    none_found = gettext_lazy("No quotes match these filters.")
    show_all = gettext_lazy("Show all quotes")
    none_yet = gettext_lazy("No quotes yet")
    hint = gettext_lazy("Write a quote on the page of a deal, or of a converted lead.")
    hint_for_buyers = gettext_lazy("Quotes that sellers send to your company appear here.")
    one = gettext_lazy("Showing 1 quote")
    part = gettext_lazy("Showing %(shown)s of %(count)s quotes")
    span = gettext_lazy("Showing %(first)s to %(last)s of %(count)s quotes")
    heard = gettext_lazy("Quotes found: %(count)s")


class QuotesFileView(SaleFileView):
    """The quotes of the list as CSV."""

    permission = staticmethod(exports_sales)
    kind = QUOTES
    heads = QUOTE_HEADS
    line_of = staticmethod(quote_line)


class NewQuoteView(PaperFormPage):
    """Write a quote for a deal."""

    permission = staticmethod(sells)
    template_name = "leads/paper_form.html"

    @cached_property
    def deal(self) -> Any:
        """The deal; 403 for who may only read it, 409 when it is over."""
        found = find_deal(self.kwargs["reference"], self.request.actor)
        check_change(found)
        return found

    def build(self, data: Any = None) -> QuoteForm:
        """See FormPage."""
        lead = self.deal.lead
        first = first_values(lead, self.request.actor, deal=self.deal)
        return QuoteForm(data, products=products_for(lead), initial=first)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {
            "title": _("Write a quote"),
            "button": _("Save quote"),
            "keep_url": deal_url(self.deal),
            "for_whom": self.deal.customer_name,
        }

    def submit(self, form: QuoteForm) -> HttpResponse:
        """See FormPage."""
        made = create_quote(self.deal.lead, form.values, deal=self.deal, actor=self.request.actor)
        return _written(self.request, made)


class NewLeadQuoteView(LeadPaperPage):
    """Write a quote for a converted lead without a deal."""

    def build(self, data: Any = None) -> QuoteForm:
        """See FormPage."""
        lead = self.sight.lead
        first = first_values(lead, self.request.actor)
        return QuoteForm(data, products=products_for(lead), initial=first)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {
            "title": _("Write a quote"),
            "button": _("Save quote"),
            "keep_url": lead_url(self.sight.lead),
            "for_whom": self.sight.lead.company,
        }

    def submit(self, form: QuoteForm) -> HttpResponse:
        """See FormPage."""
        made = create_quote(self.sight.lead, form.values, actor=self.request.actor)
        return _written(self.request, made)


class QuotePage(PortalView):
    """A page about the quote that the address names; 404 for one that the actor does not see."""

    permission = staticmethod(sees_papers)
    state: QuoteState | None = None

    @cached_property
    def quote(self) -> Any:
        """The quote; where a page changes it, 403 for who may only read it, 409 in another state."""
        reference, actor = self.kwargs["reference"], self.request.actor
        if self.state is None:
            return find_quote(reference, actor)
        return quote_in(reference, self.state, actor)


class QuoteView(QuotePage):
    """One quote: lines, sums, where it stands, and what can be done."""

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Show the page."""
        quote = self.quote
        is_sent = quote.state == QuoteState.SENT
        over = is_over(quote.valid_until, timezone.localdate(clock.now()))
        context = {
            **shown(quote, request.actor),
            "order": getattr(quote, "order", None),
            "may_answer": is_sent and not over and quote.customer_id == request.actor.company_id,
            "is_over": is_sent and over,
            "is_draft": quote.state == QuoteState.DRAFT,
            "is_sent": is_sent,
            "is_accepted": quote.state == QuoteState.ACCEPTED,
        }
        return render(request, "leads/quote.html", context)


class QuotePdfView(QuotePage):
    """The quote as a PDF, shown in the browser."""

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Make the file: a quote has few lines."""
        quote = self.quote
        answer = HttpResponse(quote_pdf(quote, lines_of(quote)), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="{quote.reference}.pdf"'
        answer["Cache-Control"] = "no-store"
        return answer


class EditQuoteView(QuotePage, PaperFormPage):
    """Change a draft."""

    state = QuoteState.DRAFT
    template_name = "leads/paper_form.html"

    def build(self, data: Any = None) -> QuoteForm:
        """See FormPage."""
        quote = self.quote
        names = ("subject", "currency", "valid_until", "terms")
        first = {name: getattr(quote, name) for name in names}
        products = products_for(quote.lead)
        return QuoteForm(data, products=products, lines=lines_of(quote), initial=first)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {
            "title": _("Edit quote %(quote)s") % {"quote": self.quote},
            "button": _("Save quote"),
            "keep_url": quote_url(self.quote),
            "for_whom": self.quote.customer_name,
            "seen": seen_version(self.request) or self.quote.version,
        }

    def submit(self, form: QuoteForm) -> HttpResponse:
        """See FormPage."""
        seen = seen_version(self.request)
        edited = edit_quote(self.quote, form.values, seen=seen, actor=self.request.actor)
        messages.success(self.request, _("Quote %(quote)s is saved.") % {"quote": edited})
        return redirect_after(self.request, quote_url(edited))


class SendQuoteView(QuotePage, ConfirmPage):
    """Send a draft to the customer."""

    state = QuoteState.DRAFT

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        quote = self.quote
        if quote.customer is None:
            raise Conflict(_("Convert the lead to a customer first: its people answer the quote."))
        named = {"quote": quote, "customer": quote.customer.name}
        return {
            "title": _("Send quote %(quote)s to %(customer)s?") % named,
            "sentences": [
                _("Its people are told by email. They accept or reject it on a page."),
                _("It can be taken back until somebody has answered."),
            ],
            "button": _("Send quote"),
            "is_danger": False,
            "keep_url": quote_url(quote),
            "keep_label": _("Keep draft"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        sent = send_quote(self.quote, actor=self.request.actor)
        messages.success(self.request, _("Quote sent. Its customer has been told by email."))
        return redirect_after(self.request, quote_url(sent))


class WithdrawQuoteView(QuotePage, ConfirmPage):
    """Take a sent quote back."""

    state = QuoteState.SENT

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Take quote %(quote)s back?") % {"quote": self.quote},
            "sentences": [_("It is a draft again, and the customer no longer sees it.")],
            "button": _("Take quote back"),
            "is_danger": False,
            "keep_url": quote_url(self.quote),
            "keep_label": _("Keep it sent"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        taken = withdraw_quote(self.quote, actor=self.request.actor)
        messages.success(self.request, _("The quote is a draft again."))
        return redirect_after(self.request, quote_url(taken))


def quote_url(quote: Quote) -> str:
    """Return the address of a quote's page."""
    return reverse("leads:quote", args=[quote.reference])


def _written(request: Any, made: Quote) -> HttpResponse:
    messages.success(
        request, _("Quote %(quote)s is a draft. Send it when it is ready.") % {"quote": made}
    )
    return redirect_after(request, quote_url(made))
