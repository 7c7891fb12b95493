"""What comes after a quote was sent: the customer's answer, and the order."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.views import redirect_after
from leads.forms.papers import AnswerForm
from leads.rules.selling import QuoteState, buys
from leads.selectors.papers import check_quote
from leads.services.orders import order_from_quote
from leads.services.quotes import answer_quote
from leads.views.orders import order_url
from leads.views.papers import shown
from leads.views.quotes import QuotePage, quote_url


class AnswerQuoteView(QuotePage, FormPage):
    """Accept or reject a quote, as one of the customer's people."""

    permission = staticmethod(buys)
    template_name = "leads/quote_answer.html"
    is_accepted = True

    def build(self, data: Any = None) -> AnswerForm:
        """See FormPage."""
        check_quote(self.quote, QuoteState.SENT)
        return AnswerForm(data)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {**shown(self.quote, self.request.actor), "is_accepting": self.is_accepted}

    def submit(self, form: AnswerForm) -> HttpResponse:
        """See FormPage."""
        comment = form.cleaned_data["comment"]
        answered = answer_quote(
            self.quote, is_accepted=self.is_accepted, comment=comment, actor=self.request.actor
        )
        said = _("You have accepted this quote.") if self.is_accepted else _("Quote rejected.")
        messages.success(self.request, said)
        return redirect_after(self.request, quote_url(answered))


class RejectQuoteView(AnswerQuoteView):
    """Reject a quote."""

    is_accepted = False


class OrderFromQuoteView(QuotePage, ConfirmPage):
    """Make the order of an accepted quote."""

    state = QuoteState.ACCEPTED

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Make an order of quote %(quote)s?") % {"quote": self.quote},
            "sentences": [_("It has the same lines. The lead's progress is Purchased after that.")],
            "button": _("Make order"),
            "is_danger": False,
            "keep_url": quote_url(self.quote),
            "keep_label": _("Decide later"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        made = order_from_quote(self.quote, actor=self.request.actor)
        messages.success(self.request, _("Order %(order)s is placed.") % {"order": made})
        return redirect_after(self.request, order_url(made))
