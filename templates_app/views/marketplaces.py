"""Marketplaces: list, one with its listings, new, edit."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from templates_app.forms.catalogue import EditMarketplaceForm, MarketplaceForm, ProductToListForm
from templates_app.models import Marketplace
from templates_app.rules.permissions import edits_marketplaces, sees_marketplaces
from templates_app.selectors import catalogue
from templates_app.services.catalogue import create_marketplace, edit_marketplace
from templates_app.views.listings import manageable
from templates_app.views.pages import found


class MarketplacesView(PortalView):
    """All marketplaces of the host."""

    permission = staticmethod(sees_marketplaces)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the list."""
        actor = self.request.actor
        context = {
            "marketplaces": catalogue.marketplaces(actor),
            "may_edit": edits_marketplaces(actor),
        }
        return render(request, "templates_app/marketplaces.html", context)


class MarketplaceView(PortalView):
    """One marketplace and what stands in it."""

    permission = staticmethod(sees_marketplaces)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the marketplace."""
        actor = self.request.actor
        place = found(catalogue.marketplace(actor, pk))
        context = {
            "marketplace": place,
            "listings": manageable(catalogue.listings_in(actor, place), actor),
            "may_edit": edits_marketplaces(actor),
        }
        return render(request, "templates_app/marketplace.html", context)


class NewMarketplaceView(FormPage):
    """Open a marketplace."""

    permission = staticmethod(edits_marketplaces)
    template_name = "templates_app/marketplace_new.html"

    def build(self, data: Any = None) -> MarketplaceForm:
        """See FormPage."""
        return MarketplaceForm(data)

    def submit(self, form: MarketplaceForm) -> HttpResponse:
        """See FormPage."""
        actor = self.request.actor
        host = catalogue.company(actor.company_id)
        place = create_marketplace(host, **form.cleaned_data, actor=actor)
        messages.success(
            self.request,
            _("%(marketplace)s is open. List products in it.") % {"marketplace": place},
        )
        return redirect_after(self.request, reverse("templates:marketplace", args=[place.pk]))


class _OfMarketplace(FormPage):
    """A page about one marketplace of the own host."""

    permission = staticmethod(edits_marketplaces)

    @cached_property
    def marketplace(self) -> Marketplace:
        """The marketplace. Raises NotFound."""
        return found(catalogue.marketplace(self.request.actor, self.kwargs["pk"]))

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"marketplace": self.marketplace}


class EditMarketplaceView(_OfMarketplace):
    """Rename a marketplace, set its switch, close it."""

    template_name = "templates_app/marketplace_edit.html"

    def build(self, data: Any = None) -> EditMarketplaceForm:
        """See FormPage."""
        names = EditMarketplaceForm.base_fields
        return EditMarketplaceForm(
            data, initial={name: getattr(self.marketplace, name) for name in names}
        )

    def submit(self, form: EditMarketplaceForm) -> HttpResponse:
        """See FormPage."""
        place = edit_marketplace(self.marketplace, **form.cleaned_data, actor=self.request.actor)
        messages.success(self.request, _("%(marketplace)s is saved.") % {"marketplace": place})
        return redirect_after(self.request, reverse("templates:marketplace", args=[place.pk]))


class ListHereView(_OfMarketplace):
    """Choose the product to list; the form of the listing comes next."""

    template_name = "templates_app/marketplace_listing_new.html"

    def build(self, data: Any = None) -> ProductToListForm:
        """See FormPage."""
        products = catalogue.products_to_list(self.request.actor, self.marketplace)
        return ProductToListForm(data, products=products)

    def submit(self, form: ProductToListForm) -> HttpResponse:
        """Go on to the listing of this product here."""
        url = reverse("templates:listing_new", args=[form.cleaned_data["product"].pk])
        return redirect_after(self.request, f"{url}?marketplace={self.marketplace.pk}")
