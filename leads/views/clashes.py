"""The page that compares what two people changed at once, field by field (ux.md D15)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from leadportal.common.http import PortalRequest
from leads.exceptions import Clash
from leads.forms.compared import ComparedForm
from leads.selectors.detail import find_lead
from leads.views.pages import here, lead_name, lead_url
from leads.views.trail import way_on


def compare(request: PortalRequest, form: ComparedForm, clash: Clash, address: str) -> HttpResponse:
    """Ask which values to keep; what was typed goes with the answer to `address`, the form's own."""
    sight = find_lead(form.sight.lead.reference, request.actor)
    form.sight = sight
    form.ask(clash.fields, sight.lead)
    keep = _("Choose which one to keep.")
    context = {
        "address": address + way_on(request),
        "error_summary": True,
        "form": form,
        "keep_url": here(request, sight.lead),
        "lead": sight.lead,
        "lead_name": lead_name(sight.lead),
        "lead_url": lead_url(sight.lead),
        "lines": [f"{question.sentence} {keep}" for question in form.questions],
    }
    return render(request, "leads/clash.html", context, status=422)
