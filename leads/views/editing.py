"""The heartbeat of an open edit page: it says that its reader is there, and learns who else is."""

from django.http import HttpResponse
from django.shortcuts import render

from leadportal.common.errors import Refused
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.rules.permissions import sees_leads
from leads.rules.workflow import Action
from leads.selectors.detail import find_lead
from leads.selectors.editing import others_editing
from leads.selectors.refusals import check_move
from leads.services.editing import say_editing
from leads.views.pages import refused


class EditingView(PortalView):
    """Somebody still has the edit page open, by post alone; static/js/editing.js sends it."""

    permission = staticmethod(sees_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Answer who else is there; nothing where that is known, so that it is not read out again."""
        sight = find_lead(reference, request.actor)
        try:
            check_move(sight, Action.EDIT)
        except Refused as refusal:
            return refused(request, refusal, sight)
        say_editing(sight.lead, actor=request.actor)
        others = others_editing(sight)
        if request.POST.get("known") == " ".join(others):
            return HttpResponse(status=204)
        return render(request, "leads/_editing.html", {"others": others})
