"""Undo: a button beside the message that says what was done."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from leadportal.common.errors import Conflict
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.rules.permissions import sees_leads
from leads.selectors.detail import Sight, find_lead
from leads.selectors.undo import undoable_line
from leads.services.undo import undo
from leads.views.pages import refused, way_back, where_now
from leads.views.trail import way_on


class UndoView(PortalView):
    """Take one history line of a lead back, by post alone (leads/services/undo.py)."""

    permission = staticmethod(sees_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, reference: str, number: int) -> HttpResponse:
        """Undo, and go back to the list that the change was made from, else to the lead."""
        sight = find_lead(reference, request.actor)
        try:
            undo(sight.lead, number=number, actor=request.actor)
        except Conflict as refusal:
            return refused(request, refusal, sight)
        messages.success(request, _("Undone. The lead is as it was before."))
        return redirect(way_back(request) or where_now(request, sight))


def undo_tag(request: PortalRequest, sight: Sight) -> str:
    """Return what makes a message offer Undo for the change just made, or nothing (templates/_messages.html).

    Undo leads back to the list of cards that the change was made from, and keeps the way through a list.
    """
    number = undoable_line(sight.lead, sight.actor)
    if number is None:
        return ""
    address = reverse("leads:undo", args=[sight.lead.reference, number])
    way, back = way_on(request), way_back(request).partition("?")[2]
    query = "&".join(part for part in (way[1:], back and urlencode({"back": back})) if part)
    return f"undo:{address}?{query}" if query else f"undo:{address}"
