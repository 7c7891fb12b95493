"""One box for everything (ux.md 1.1): leads, companies, people."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.rules.permissions import anybody
from leads.selectors.everything import search_everything
from leads.views.trail import way_to
from templates_app.views.pages import asked_for


class SearchView(PortalView):
    """What the box of the top bar finds."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show a few of each kind, with the way to all of them."""
        words = asked_for(request)
        found = search_everything(request.actor, words)
        leads_url = f"{reverse('leads:list')}?{urlencode({'q': words})}"
        has_leads = found.leads is not None and found.leads.rows
        context = {
            "words": words,
            "found": found,
            "leads_url": leads_url,
            "way": way_to(leads_url, request.actor) if has_leads else "",
        }
        return render(request, "leads/search.html", context)
