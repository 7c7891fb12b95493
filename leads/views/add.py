"""*Add lead* for everybody who makes leads by hand; vendors are sent to their wizard."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.enums import Role
from leadportal.common.errors import Invalid
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.add import AddForm
from leads.rules.permissions import creates_leads, creating_role
from leads.services.manual import create_lead_once
from leads.views.pages import lead_url


class AddLeadView(PortalView):
    """Contact, company, marketplace, attributes, and for managers a recipient; one lead for each showing."""

    permission = staticmethod(creates_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the empty form."""
        if creating_role(request.actor) == Role.VENDOR:
            return redirect("leads:wizard_product")
        return self.show(AddForm(actor=request.actor))

    def post(self, request: PortalRequest) -> HttpResponse:
        """Create the lead, or show what was typed with what is wrong."""
        if creating_role(request.actor) == Role.VENDOR:
            return redirect("leads:wizard_product")
        form = AddForm(request.POST, actor=request.actor)
        if not form.is_valid():
            return self.show(form, status=422)
        details = form.details
        channel = details.pop("channel")
        try:
            lead = create_lead_once(
                details,
                key=form.cleaned_data["key"],
                actor=request.actor,
                channel=channel,
                marketplace=form.place,
                attributes=form.filled_attributes,
                recipient=form.chosen,
                to_sales=form.is_for_sales,
            )
        except Invalid as refusal:
            form.add_refusal(refusal)
            return self.show(form, status=422)
        messages.success(request, _("Lead %(reference)s added.") % {"reference": lead.reference})
        return redirect_after(request, lead_url(lead))

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        return render(self.request, "leads/add.html", {"form": form}, status=status)
