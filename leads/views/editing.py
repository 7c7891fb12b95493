"""What open pages of a lead ask for now and then: who has it open for editing (ux.md D16)."""

from django.http import HttpResponse
from django.shortcuts import render

from leadportal.common.errors import Refused
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.rules.permissions import sees_leads
from leads.rules.workflow import Action
from leads.selectors.detail import Sight, find_lead
from leads.selectors.editing import others_editing
from leads.selectors.refusals import check_move
from leads.services.editing import say_editing
from leads.views.pages import refused


class EditingView(PortalView):
    """The heartbeat of an edit page: its reader is still there. By post alone; static/js/editing.js sends it."""

    permission = staticmethod(sees_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Note it, and answer who else is there."""
        sight = find_lead(reference, request.actor)
        try:
            check_move(sight, Action.EDIT)
        except Refused as refusal:
            return refused(request, refusal, sight)
        say_editing(sight.lead, actor=request.actor)
        return _answer(request, sight, request.POST.get("known"))


class EditorsView(PortalView):
    """What the lead's page asks for as long as somebody looks at it: who is editing the lead meanwhile."""

    permission = staticmethod(sees_leads)
    is_background = True

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Answer who is there; 404 for an unknown or foreign Lead ID alike."""
        return _answer(request, find_lead(reference, request.actor), request.GET.get("known"))


def _answer(request: PortalRequest, sight: Sight, known: str | None) -> HttpResponse:
    """Return the hint, or nothing where the page says the same already, so that it is not read out again."""
    others = others_editing(sight)
    if known == others.mark:
        return HttpResponse(status=204)
    return render(request, "leads/_editing.html", {"others": others})
