"""The board of offers: what waits at whom, how long, and what nobody took."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.rules.permissions import sees_offers
from leads.selectors.offer_board import (
    SHOWN,
    Place,
    unclaimed_leads,
    waiting_places,
    working_places,
)
from leads.views.pages import lead_name, lead_url


class OfferBoardView(PortalView):
    """Where leads wait to be accepted or to get further; every number leads to exactly these leads."""

    permission = staticmethod(sees_offers)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the board."""
        unclaimed = unclaimed_leads(request.actor)
        context = {
            "unclaimed": [
                {"one": one, "name": lead_name(one.lead), "url": lead_url(one.lead)}
                for one in unclaimed[:SHOWN]
            ],
            "has_more": len(unclaimed) > SHOWN,
            "waiting": _lines(waiting_places(request.actor), status="assigned"),
            "working": _lines(working_places(request.actor), status="referred", progress="new"),
        }
        return render(request, "leads/offers.html", context)


def _lines(places: list[Place], **query: str) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "url": f"{reverse('leads:list')}?{urlencode({**query, 'recipient': place.recipient.word})}",
        }
        for place in places
    ]
