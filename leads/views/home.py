"""The first page after sign-in, the help page, and the keyboard shortcuts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.rules.permissions import sees_people
from leadportal.common import clock
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.enums import Outcome, Progress, Qualification, Status
from leads.rules.permissions import anybody, creates_leads, sees_leads
from leads.rules.selling import buys
from leads.selectors.home import has_leads, next_steps, recent_activity
from leads.selectors.papers import quotes_to_answer
from leads.views.papers import papers_shown
from leads.views.waiting import waiting_lines


class HomeView(PortalView):
    """What waits for me, my next steps, and what happened last."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page; people without leads read what will be here."""
        actor = request.actor
        is_at_leads = sees_leads(actor) and has_leads(actor)
        today = timezone.localdate(clock.now())
        quotes = quotes_to_answer(actor, today) if buys(actor) else []
        context = {
            "is_at_leads": is_at_leads,
            "quotes": papers_shown(quotes),
            "sees_leads": sees_leads(actor),
            "may_add": creates_leads(actor),
            "waiting": waiting_lines(actor) if is_at_leads else [],
            "steps": next_steps(actor) if is_at_leads else [],
            "lines": recent_activity(actor) if is_at_leads else [],
        }
        return render(request, "leads/home.html", context)


class HelpView(PortalView):
    """How the portal works: words, statuses, what each action does, whom to ask."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page."""
        context = {
            "statuses": list(Status),
            "qualifications": [one for one in Qualification if one],
            "progress": list(Progress),
            "outcomes": [one for one in Outcome if one],
            "sees_roles": sees_people(request.actor),
        }
        return render(request, "leads/help.html", context)


class ShortcutsView(PortalView):
    """The keys that do something (static/js/shortcuts.js), and where they are switched off."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page, or the dialog."""
        return render(request, "leads/shortcuts.html")
