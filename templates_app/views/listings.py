"""Listings: put a product into a marketplace, change its form, close and open it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.views.pages import FormPage
from leadportal.common.errors import Forbidden
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from templates_app.forms.catalogue import ListingForm, NewListingForm
from templates_app.models import Listing, Product
from templates_app.rules.permissions import makes_listings, may_manage_listing
from templates_app.selectors import catalogue
from templates_app.services.listings import (
    close_listing,
    edit_listing,
    list_product,
    open_listing,
)
from templates_app.views.pages import found


def manageable(listings: Iterable[Listing], actor: Person) -> list[dict[str, Any]]:
    """Return listings as lines of a page, each with whether `actor` may change it."""
    return [
        {
            "listing": one,
            "may_manage": may_manage_listing(actor, one.product.vendor_id, one.marketplace.host_id),
        }
        for one in listings
    ]


class NewListingView(FormPage):
    """List a product in a marketplace with one of its published templates."""

    permission = staticmethod(makes_listings)
    template_name = "templates_app/listing_new.html"

    @cached_property
    def product(self) -> Product:
        """The product. Raises NotFound."""
        return found(catalogue.product(self.request.actor, self.kwargs["pk"]))

    def build(self, data: Any = None) -> NewListingForm:
        """See FormPage. `?marketplace=` preselects one."""
        actor = self.request.actor
        owners = [self.product.vendor_id, actor.company_id]
        return NewListingForm(
            data,
            places=catalogue.marketplaces_to_list_in(actor, self.product),
            versions=catalogue.versions_to_list(actor, owners, self.product),
            initial={"marketplace": self.request.GET.get("marketplace")},
        )

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"product": self.product}

    def submit(self, form: NewListingForm) -> HttpResponse:
        """See FormPage."""
        listing = list_product(self.product, **form.cleaned_data, actor=self.request.actor)
        messages.success(
            self.request,
            _("%(product)s is listed in %(marketplace)s. Its form is open.")
            % {"product": listing.product, "marketplace": listing.marketplace},
        )
        return redirect_after(self.request, _product_url(listing))


class OfListing(FormPage):
    """A page about one listing that the actor may change."""

    permission = staticmethod(makes_listings)

    @cached_property
    def listing(self) -> Listing:
        """The listing. Raises NotFound, Forbidden."""
        return managed_listing(self.request.actor, self.kwargs["pk"])


class EditListingView(OfListing):
    """Change the live form and the texts."""

    template_name = "templates_app/listing_edit.html"

    def build(self, data: Any = None) -> ListingForm:
        """See FormPage."""
        listing = self.listing
        owners = [listing.product.vendor_id, listing.marketplace.host_id]
        return ListingForm(
            data,
            versions=catalogue.versions_to_list(self.request.actor, owners, listing.product),
            initial={
                "version": listing.version_id,
                "contact": listing.contact,
                "thanks": listing.thanks,
            },
        )

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"listing": self.listing}

    def submit(self, form: ListingForm) -> HttpResponse:
        """See FormPage."""
        listing = edit_listing(self.listing, **form.cleaned_data, actor=self.request.actor)
        messages.success(
            self.request,
            _("The form of %(product)s in %(marketplace)s is saved.")
            % {"product": listing.product, "marketplace": listing.marketplace},
        )
        return redirect_after(self.request, _product_url(listing))


class CloseListingView(PortalView):
    """Ask, then close: old addresses show the closed page."""

    permission = staticmethod(makes_listings)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Say what will happen."""
        listing = managed_listing(self.request.actor, pk)
        context = {"listing": listing, "keep_url": _product_url(listing)}
        return render(request, "templates_app/listing_close.html", context)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Close it."""
        actor = self.request.actor
        listing = close_listing(managed_listing(actor, pk), actor=actor)
        messages.success(
            request,
            _("The form of %(product)s in %(marketplace)s is closed.")
            % {"product": listing.product, "marketplace": listing.marketplace},
        )
        return redirect_after(request, _product_url(listing))


class OpenListingView(PortalView):
    """Open a closed listing again; a post without a question, because closing undoes it."""

    permission = staticmethod(makes_listings)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Open it."""
        actor = self.request.actor
        listing = open_listing(managed_listing(actor, pk), actor=actor)
        messages.success(
            request,
            _("The form of %(product)s in %(marketplace)s is open.")
            % {"product": listing.product, "marketplace": listing.marketplace},
        )
        return redirect_after(request, _product_url(listing))


def managed_listing(actor: Person, pk: int) -> Listing:
    """Return a listing that the actor may change. Raises NotFound, Forbidden."""
    listing = found(catalogue.listing(actor, pk))
    if not may_manage_listing(actor, listing.product.vendor_id, listing.marketplace.host_id):
        raise Forbidden(
            _("Only the vendor and the marketplace's managers can change this listing.")
        )
    return listing


def _product_url(listing: Listing) -> str:
    return reverse("templates:product", args=[listing.product_id])
