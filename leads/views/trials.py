"""Try a form out: send a test, look at what became of it, remove it (ux.md T8)."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from leadportal.common.errors import Conflict, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.selectors import trials
from leads.services.trials import remove_trial, trial_address
from templates_app.models import Listing
from templates_app.rules.permissions import makes_listings
from templates_app.views.listings import managed_listing


class OfListing(PortalView):
    """A page about the tests of one listing, for who may change the listing."""

    permission = staticmethod(makes_listings)

    @cached_property
    def listing(self) -> Listing:
        """The listing. Raises NotFound, Forbidden."""
        return managed_listing(self.request.actor, self.kwargs["pk"])

    @cached_property
    def trial(self) -> trials.Trial:
        """The test that the address names. Raises NotFound."""
        found = trials.trial_of(self.listing, self.kwargs["reference"])
        if found is None:
            raise NotFound
        return found

    @property
    def list_url(self) -> str:
        """The address of the list."""
        return reverse("leads:trials", args=[self.listing.pk])


class TrialsView(OfListing):
    """The tests of a form, newest first, and the button that sends one."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the list."""
        context = {"listing": self.listing, "tests": trials.trials_of(self.listing)}
        return render(request, "leads/trials.html", context)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Open the public form for a test."""
        if not self.listing.is_open:
            raise Conflict(_("This form is closed. Open it to send a test."))
        return HttpResponseRedirect(trial_address(self.listing, actor=request.actor))


class TrialView(OfListing):
    """One test: what the lead would say."""

    def get(self, request: PortalRequest, pk: int, reference: str) -> HttpResponse:
        """Show it."""
        context = {"listing": self.listing, "trial": self.trial}
        return render(request, "leads/trial.html", context)


class RemoveTrialView(OfListing):
    """Ask, then remove a test for good."""

    def get(self, request: PortalRequest, pk: int, reference: str) -> HttpResponse:
        """Say what will happen."""
        context = {"listing": self.listing, "trial": self.trial}
        return render(request, "leads/trial_remove.html", context)

    def post(self, request: PortalRequest, pk: int, reference: str) -> HttpResponse:
        """Remove it."""
        remove_trial(self.listing, reference, actor=request.actor)
        messages.success(
            request, _("The test %(reference)s is removed.") % {"reference": reference}
        )
        return redirect_after(request, self.list_url)
