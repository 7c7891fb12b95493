"""One box for everything (ux.md 1.1): leads, companies, people."""

from django.http import HttpResponse
from django.shortcuts import render

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.rules.permissions import anybody
from leads.selectors.everything import search_everything
from templates_app.views.pages import asked_for


class SearchView(PortalView):
    """What the box of the top bar finds."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show a few of each kind, with the way to all of them."""
        words = asked_for(request)
        context = {"words": words, "found": search_everything(request.actor, words)}
        return render(request, "leads/search.html", context)
