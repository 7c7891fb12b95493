"""Approvals: conversion requests that wait, then those that were answered."""

from django.http import HttpResponse
from django.shortcuts import render

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.rules.permissions import sees_approvals
from leads.selectors.approvals import answered_lately, decided_requests, waiting_requests
from templates_app.views.pages import page_of


class ApprovalsView(PortalView):
    """Managers decide on the pages of the leads; resellers see what became of their own requests."""

    permission = staticmethod(sees_approvals)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show both lists; with ?answered=lately the answers to the own requests of seven days alone."""
        is_lately = request.GET.get("answered") == "lately"
        rows = answered_lately(request.actor) if is_lately else decided_requests(request.actor)
        context = {
            "waiting": [] if is_lately else waiting_requests(request.actor),
            "decided": page_of(rows, request),
            "is_lately": is_lately,
        }
        return render(request, "leads/approvals.html", context)
