"""The days on which somebody is away: rules give no leads to that person then. Set by oneself, in Settings."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.rules.permissions import takes_leads
from accounts.views.pages import FormPage
from leadportal.common.errors import NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.territories import DaysForm
from leads.selectors.routing_pages import own_absences
from leads.services.routing.absences import add_absence, remove_absence


class OwnAbsencesView(FormPage):
    """One's own days away at the present company, and a form to add some."""

    permission = staticmethod(takes_leads)
    template_name = "leads/own_absences.html"

    def build(self, data: Any = None) -> DaysForm:
        """See FormPage."""
        return DaysForm(data)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"absences": own_absences(self.request.actor)}

    def submit(self, form: DaysForm) -> HttpResponse:
        """See FormPage."""
        actor = self.request.actor
        add_absence(
            company_id=actor.company_id,
            user_id=actor.user_id,
            first_day=form.cleaned_data["first_day"],
            last_day=form.cleaned_data["last_day"],
            actor=actor,
        )
        messages.success(self.request, _("Saved. Rules give you no leads on these days."))
        return redirect_after(self.request, reverse("leads:own_absences"))


class RemoveOwnAbsenceView(PortalView):
    """Take days away back; adding them again undoes it."""

    permission = staticmethod(takes_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Remove them."""
        found = own_absences(request.actor).filter(pk=pk).first()
        if found is None:
            raise NotFound
        remove_absence(found, actor=request.actor)
        messages.success(request, _("Removed. Rules give you leads on these days."))
        return redirect_after(request, reverse("leads:own_absences"))
