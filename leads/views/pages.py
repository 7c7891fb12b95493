"""What the pages about one lead share: its name, its address, and how a refusal is answered."""

from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from leadportal.common.errors import Refused
from leadportal.common.http import PortalRequest
from leads.enums import Status
from leads.models import Lead
from leads.selectors.detail import Sight, customer_of, past_contact, sees_still
from leads.views.trail import list_url, way_on

LARGEST = 2**53
LONGEST_WAY = 4000


def lead_name(lead: Lead) -> str:
    """Return what a lead is called on its page: the company, else the person, else the Lead ID."""
    return lead.company or lead.user_name or lead.reference


def name_seen(sight: Sight) -> str:
    """Return what a lead is called to the actor: as it was for a desk that lost it."""
    if not sight.is_past:
        return lead_name(sight.lead)
    contact = past_contact(sight)
    person = f"{contact.get('first_name', '')} {contact.get('last_name', '')}".strip()
    return contact.get("company") or person or sight.lead.reference


def lead_url(lead: Lead) -> str:
    """Return the address of the lead's page."""
    return reverse("leads:detail", args=[lead.reference])


def here(request: PortalRequest, lead: Lead) -> str:
    """Return the address of the lead's page, with the list that one came from."""
    return lead_url(lead) + way_on(request)


def where_now(request: PortalRequest, sight: Sight) -> str:
    """Return where somebody goes after a change: the lead, or the list when it is out of sight."""
    if sees_still(sight.lead, sight.actor):
        return here(request, sight.lead)
    return list_url(request)


def way_back(request: PortalRequest) -> str:
    """Return the list that somebody came from, as its cards say it; nothing for who came from the lead's page.

    The address is that of the list, whatever was sent: only what follows it comes from outside.
    """
    query = request.POST.get("back") or request.GET.get("back", "")
    kept = urlencode(parse_qsl(query[:LONGEST_WAY], keep_blank_values=True), errors="replace")
    return f"{reverse('leads:list')}?{kept}" if kept else ""


def refused(request: PortalRequest, refusal: Refused, sight: Sight) -> HttpResponse:
    """Answer a refusal about a lead with its status, its sentence and a way on, as page or dialog."""
    context = {
        "sentence": refusal.sentence,
        "status": refusal.status_code,
        "lead": sight.lead,
        "lead_name": name_seen(sight),
        "way": way_on(request),
    }
    if sight.lead.status == Status.CONVERTED:
        context["customer"] = customer_of(sight.lead, sight.actor).company
    return render(request, "refused.html", context, status=refusal.status_code)


def number_from(text: str | None) -> int | None:
    """Return a number that an address carries, or None for anything that is none."""
    if text and text.isascii() and text.isdigit() and len(text) < 17:
        return min(int(text), LARGEST)
    return None
