"""The board of offers: what waits at whom, how long, and what nobody took."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.actors import Person
from leadportal.common.http import PortalRequest
from leadportal.common.pagination import bounded_count
from leadportal.common.views import PortalView
from leads.rules.permissions import sees_offers
from leads.selectors.attention import COUNTED
from leads.selectors.offer_board import (
    Place,
    unclaimed_leads,
    unclaimed_offers,
    waiting_places,
    working_places,
)
from leads.views.pages import lead_name, lead_url


class OfferBoardView(PortalView):
    """Where leads wait to be accepted or to get further; every number leads to exactly these leads."""

    permission = staticmethod(sees_offers)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the board."""
        context = {
            **unclaimed_shown(request.actor),
            "waiting": _lines(waiting_places(request.actor), status="assigned"),
            "working": _lines(working_places(request.actor), status="referred", progress="new"),
        }
        return render(request, "leads/offers.html", context)


def unclaimed_shown(actor: Person) -> dict[str, Any]:
    """Return what templates/leads/_unclaimed.html shows: how many leads nobody took, and the first of them."""
    leads = unclaimed_leads(actor)
    return {
        "unclaimed": [
            {"one": one, "name": lead_name(one.lead), "url": lead_url(one.lead)} for one in leads
        ],
        "unclaimed_count": bounded_count(unclaimed_offers(actor), COUNTED) if leads else 0,
    }


def _lines(places: list[Place], **query: str) -> list[dict[str, Any]]:
    return [
        {
            "place": place,
            "url": f"{reverse('leads:list')}?{urlencode({**query, 'recipient': place.recipient.word})}",
        }
        for place in places
    ]
