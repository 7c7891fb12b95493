"""Products: list, one with its listings, new, edit."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common.errors import Forbidden
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from templates_app.forms.catalogue import EditProductForm, ProductForm
from templates_app.models import Product
from templates_app.rules.permissions import (
    edits_products,
    makes_listings,
    may_edit_product,
    sees_products,
)
from templates_app.selectors import catalogue
from templates_app.services.catalogue import create_product, edit_product
from templates_app.views.listings import manageable
from templates_app.views.pages import asked_for, found, page_of


class ProductsView(PortalView):
    """The products that one sees, by name, with where they stand."""

    permission = staticmethod(sees_products)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the list."""
        actor = self.request.actor
        context = {
            "page": page_of(catalogue.products(actor, asked_for(request)), request),
            "may_edit": edits_products(actor),
        }
        return render(request, "templates_app/products.html", context)


class ProductView(PortalView):
    """One product and where it stands."""

    permission = staticmethod(sees_products)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the product."""
        actor = self.request.actor
        item = found(catalogue.product(actor, pk))
        context = {
            "product": item,
            "listings": manageable(item.listings.all(), actor),
            "may_edit": may_edit_product(actor, item.vendor_id),
            "may_list": makes_listings(actor),
        }
        return render(request, "templates_app/product.html", context)


class NewProductView(FormPage):
    """Enter a product of the own company."""

    permission = staticmethod(edits_products)
    template_name = "templates_app/product_new.html"

    def build(self, data: Any = None) -> ProductForm:
        """See FormPage."""
        return ProductForm(data)

    def submit(self, form: ProductForm) -> HttpResponse:
        """See FormPage."""
        actor = self.request.actor
        item = create_product(catalogue.company(actor.company_id), **form.cleaned_data, actor=actor)
        messages.success(
            self.request, _("%(product)s is entered. List it in a marketplace.") % {"product": item}
        )
        return redirect_after(self.request, reverse("templates:product", args=[item.pk]))


class EditProductView(FormPage):
    """Change a product of the own company."""

    permission = staticmethod(edits_products)
    template_name = "templates_app/product_edit.html"

    @cached_property
    def product(self) -> Product:
        """The product. Raises NotFound, Forbidden."""
        item = found(catalogue.product(self.request.actor, self.kwargs["pk"]))
        if not may_edit_product(self.request.actor, item.vendor_id):
            raise Forbidden(_("Only the vendor can change this product."))
        return item

    def build(self, data: Any = None) -> EditProductForm:
        """See FormPage."""
        names = EditProductForm.base_fields
        return EditProductForm(data, initial={name: getattr(self.product, name) for name in names})

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"product": self.product}

    def submit(self, form: EditProductForm) -> HttpResponse:
        """See FormPage."""
        item = edit_product(self.product, **form.cleaned_data, actor=self.request.actor)
        messages.success(self.request, _("%(product)s is saved.") % {"product": item})
        return redirect_after(self.request, reverse("templates:product", args=[item.pk]))
