"""Approvals: conversion requests that wait, then those that were answered."""

from django.http import HttpResponse
from django.shortcuts import render

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.rules.permissions import sees_approvals
from leads.selectors.approvals import decided_requests, waiting_requests
from templates_app.views.pages import page_of


class ApprovalsView(PortalView):
    """Managers decide on the pages of the leads; resellers see what became of their own requests."""

    permission = staticmethod(sees_approvals)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show both lists."""
        context = {
            "waiting": waiting_requests(request.actor),
            "decided": page_of(decided_requests(request.actor), request),
        }
        return render(request, "leads/approvals.html", context)
