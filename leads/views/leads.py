"""The lead list, the numbers on its chips, the lines of its filter panel."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, wants_fragment
from leads.filters import Asked
from leads.filters.asked import PAIRS
from leads.filters.fields import Pair
from leads.filters.leads import QUESTIONS
from leads.rules.bulk import MOST
from leads.rules.permissions import creates_leads, exports_leads, sees_leads
from leads.rules.policy import may_ever
from leads.rules.workflow import Action
from leads.selectors.chips import status_counts
from leads.views.chips import chips, statuses_of
from leads.views.deeds import deeds_of
from leads.views.layouts import LISTINGS, BoardListing
from leads.views.memory import YEAR, is_panel_open, keep_panel, keep_view
from leads.views.panel import Line, Panel

LAYOUT_COOKIE = "lp_layout"


class LeadListView(PortalView):
    """The leads that the actor's desk sees (ux.md 2.1)."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page, or for a search while typing its results alone.

        With a column of the board in the address, a fragment is that column.
        """
        asked = Asked(request.GET, request.actor, request.COOKIES.get(LAYOUT_COOKIE, ""))
        context = {
            "list": LISTINGS[asked.layout](asked),
            "form": asked.filters.form,
            "may_add": creates_leads(request.actor),
            "may_export": exports_leads(request.actor),
            "deeds": deeds_of(request.actor),
            "may_assign": may_ever(Action.ASSIGN, request.actor),
            "most": MOST,
        }
        if wants_fragment(request):
            return self.fragment(request, asked, context)
        if is_panel_open(request) or asked.filters.form.errors:
            context["panel"] = Panel(asked)
        response = render(request, "leads/list.html", context)
        keep_view(response, request, asked.view.word, request.actor)
        keep_panel(response, request)
        if request.GET.get("layout") == asked.layout:
            response.set_cookie(LAYOUT_COOKIE, asked.layout, max_age=YEAR, samesite="Lax")
        return response

    def fragment(
        self, request: PortalRequest, asked: Asked, context: dict[str, Any]
    ) -> HttpResponse:
        """Show what a script puts into the page: the results, or more cards of one column."""
        listing = context["list"]
        if "lane" in request.GET and isinstance(listing, BoardListing):
            column = listing.column(request.GET["lane"])
            return render(request, "leads/_column_cards.html", {**context, "column": column})
        return render(request, "leads/_results.html", {**context, "is_fragment": True})


class LeadCountsView(PortalView):
    """The numbers of the chips, which come after the rows."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the chips with their numbers; the address is that of the list."""
        asked = Asked(request.GET, request.actor)
        statuses = [*statuses_of(request.actor), *asked.statuses]
        counts = status_counts(asked.filters.in_any_status, asked.sought, dict.fromkeys(statuses))
        return render(request, "leads/_chips.html", {"chips": chips(asked, counts)})


class FilterLineView(PortalView):
    """A line of the panel for a custom attribute or an answer, with a control of its type (ux.md L13)."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the line for the question that was chosen; 404 for a line of something else."""
        name = next((name for name in PAIRS if name in request.GET), None)
        if name is None:
            raise Http404
        questions = QUESTIONS[name](request.actor)
        question = questions.get(request.GET[name])
        pair = Pair(question.key if question else "", "", question)
        line = Line(name, PAIRS[name], list(questions.values()), pair)
        return render(request, "leads/_filter_line.html", {"line": line, "is_new": True})
