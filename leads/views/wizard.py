"""The vendors' wizard *Create lead*: product → marketplace → form → summary (domain.md section 6).

Choices travel in the address, typed answers in hidden fields; nothing is written before the last step.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from accounts.actors import Person
from accounts.enums import Role
from leadportal.common.errors import Invalid, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.enums import Channel, Status
from leads.forms.wizard import KeyForm, MarketplaceStep, ProductStep, answers_step, carried
from leads.rules.permissions import creating_role
from leads.selectors.detail import find_lead, opportunity
from leads.selectors.wizard import own_listing, own_listings, own_product, own_products
from leads.services.manual import create_lead_once
from leads.views.facts import shown_facts
from leads.views.pages import lead_name, lead_url, number_from

STEPS = ("product", "marketplace", "form", "summary")


def makes_vendor_leads(actor: Person) -> bool:
    """Vendors; whoever makes leads in another role adds them without the wizard."""
    return creating_role(actor) == Role.VENDOR


class _Step(PortalView):
    """One step. Every step can be asked for by GET with the choices so far, or by POST with typed answers too."""

    permission = staticmethod(makes_vendor_leads)
    step = ""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show the step."""
        raise NotImplementedError

    def chosen(self, name: str) -> str:
        """Return a choice of an earlier step, from the form or from the address."""
        return self.request.POST.get(name) or self.request.GET.get(name, "")

    def number(self, name: str) -> int:
        """Return the id that an earlier step chose; raises NotFound for anything that is none."""
        number = number_from(self.chosen(name))
        if number is None:
            raise NotFound
        return number

    def render(self, step: str, status: int = 200, **context: Any) -> HttpResponse:
        """Render the page of a step with what was typed before."""
        typed = carried(self.request.POST)
        context |= {"step": step, "steps": STEPS, "typed": typed}
        return render(self.request, f"leads/wizard_{step}.html", context, status=status)

    def show_products(self, data: Any = None) -> HttpResponse:
        """Show the first step; with `data` that nothing was chosen."""
        products = own_products(self.request.actor)
        initial = {"product": self.chosen("product")}
        form = ProductStep(data, products=products, initial=initial)
        is_refused = data is not None and not form.is_valid()
        return self.render("product", 422 if is_refused else 200, form=form, products=products)

    def show_marketplaces(self, data: Any = None) -> HttpResponse:
        """Show the second step; with `data` that nothing was chosen."""
        product = own_product(self.request.actor, self.number("product"))
        listings = list(own_listings(self.request.actor).filter(product=product))
        first = str(listings[0].marketplace_id) if len(listings) == 1 else ""
        initial = {"marketplace": self.chosen("marketplace") or first}
        form = MarketplaceStep(data, listings=listings, initial=initial)
        is_refused = data is not None and not form.is_valid()
        status = 422 if is_refused else 200
        return self.render("marketplace", status, form=form, product=product)


class ProductStepView(_Step):
    """Which product."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show the products that stand in a marketplace with an open form."""
        return self.show_products()

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show them again to somebody who went back with typed answers."""
        return self.show_products()


class MarketplaceStepView(_Step):
    """Which marketplace."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show where the product is listed; without a product the step before, with a sentence."""
        if not self.chosen("product"):
            return self.show_products({})
        return self.show_marketplaces()

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """The same, with typed answers."""
        return self.get(request)


class FormStepView(_Step):
    """The live form of the listing; its POST creates the lead."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show the form; without a marketplace the step before, with a sentence."""
        if not self.chosen("product"):
            return self.show_products({})
        if not self.chosen("marketplace"):
            return self.show_marketplaces({})
        product = own_product(request.actor, self.number("product"))
        listing, specs = own_listing(request.actor, product, self.number("marketplace"))
        form = answers_step(specs, typed=request.POST or None)
        return self.show(listing, form, KeyForm())

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Create the lead; or show the form to somebody who comes back to it with typed answers."""
        if "key" not in request.POST:
            return self.get(request)
        product = own_product(request.actor, self.number("product"))
        listing, specs = own_listing(request.actor, product, self.number("marketplace"))
        form, key = answers_step(specs, request.POST), KeyForm(request.POST)
        if not (form.is_valid() and key.is_valid()):
            return self.show(listing, form, KeyForm(), status=422)
        try:
            lead = create_lead_once(
                form.answers.mapped,
                key=key.cleaned_data["key"],
                actor=request.actor,
                version=listing.version,
                marketplace=listing.marketplace,
                product=listing.product,
                answers=form.answers.values,
                channel=Channel.OTHER,
            )
        except Invalid as refusal:
            form.add_refusal(refusal)
            return self.show(listing, form, KeyForm(), status=422)
        return redirect_after(request, reverse("leads:wizard_summary", args=[lead.reference]))

    def show(self, listing: Any, form: Any, key: Any, *, status: int = 200) -> HttpResponse:
        """Render the form of the listing."""
        choices = urlencode({"product": listing.product_id, "marketplace": listing.marketplace_id})
        return self.render("form", status, form=form, key=key, listing=listing, choices=choices)


class SummaryView(_Step):
    """What was created, with *Go to Details* and *Close*."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show the lead that the last step made."""
        sight = find_lead(kwargs["reference"], request.actor)
        return self.render(
            "summary",
            answers=shown_facts(opportunity(sight.lead)),
            lead_status=Status(sight.lead.status),
            lead=sight.lead,
            lead_name=lead_name(sight.lead),
            lead_url=lead_url(sight.lead),
        )
