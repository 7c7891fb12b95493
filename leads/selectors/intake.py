"""What the anonymous door shows: forms, storefronts, reseller pages, receipts. Nobody asks who reads it."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.actors import SYSTEM
from accounts.models import Company
from leads.models import Submission
from leads.rules.intake import with_headings
from templates_app.models import Listing, Marketplace, TemplateVersion
from templates_app.rules.fields import FieldSpec
from templates_app.selectors.catalogue import open_listings
from templates_app.selectors.lead_templates import specs_of
from templates_app.selectors.public import PublicForm, product_profile, public_form
from templates_app.selectors.public import reseller_form as reseller_version


@dataclass(frozen=True, slots=True)
class AskedForm:
    """A form as a visitor meets it: of a listing, or on a reseller's profile page.

    `version` and `specs` are what it asks now; without a version it is closed. `is_offered` says that
    the product (or the reseller) itself is still there to be shown.
    """

    listing: Listing | None = None
    reseller: Company | None = None
    version: TemplateVersion | None = None
    specs: tuple[FieldSpec, ...] = ()
    is_offered: bool = True

    @property
    def is_open(self) -> bool:
        """Whether the form takes answers."""
        return bool(self.version and self.specs)

    @property
    def path(self) -> str:
        """Return the address of the form: which form it is, for tokens and counting."""
        if self.listing:
            return self.listing.form_path
        return f"/r/{self.reseller.slug}/" if self.reseller else ""

    @property
    def asker(self) -> Company | None:
        """Return the company that visitors write to: the vendor, or the reseller."""
        return self.listing.product.vendor if self.listing else self.reseller

    @property
    def place(self) -> str:
        """Return the name at the head of the page: the marketplace, or the reseller."""
        if self.listing:
            return self.listing.marketplace.name
        return self.reseller.name if self.reseller else ""

    @property
    def answering(self) -> str:
        """Say who will get in touch: who holds the lead first (domain.md, "Where a lead starts")."""
        if self.listing is None:
            return self.place
        if self.listing.marketplace.leads_go_to_vendor:
            return self.listing.product.vendor.name
        host = self.listing.marketplace.host.name
        return gettext("%(company)s or one of its partners") % {"company": host}


def listing_form(slug: str) -> AskedForm | None:
    """Return the stand-alone form at /f/<slug>/, open or closed; None when there is none."""
    return _asked(public_form(slug))


def profile_form(marketplace: str, product: str) -> AskedForm | None:
    """Return the form behind *Contact us* on a product profile page; None without such a page."""
    return _asked(product_profile(marketplace, product))


def reseller_form(slug: str) -> AskedForm | None:
    """Return the profile page of an active reseller company with its host's form; None for others."""
    companies = Company.objects.visible_to(SYSTEM).select_related("host")
    company = companies.filter(slug=slug, is_reseller=True, is_active=True).first()
    if company is None or company.host is None:
        return None
    version = reseller_version(company.host) if company.host.is_active else None
    return AskedForm(reseller=company, version=version, specs=with_headings(specs_of(version)))


def storefront(slug: str) -> Marketplace | None:
    """Return an active marketplace of an active host by its address part, or None."""
    places = Marketplace.objects.visible_to(SYSTEM).select_related("host")
    return places.filter(slug=slug, is_active=True, host__is_active=True).first()


def storefront_listings(marketplace: Marketplace) -> "QuerySet[Listing]":
    """Return what is offered in a marketplace and can be asked for, by product name."""
    listings = open_listings(SYSTEM).filter(
        marketplace=marketplace, product__vendor__is_active=True
    )
    return listings.order_by("product__name", "pk")


def form_of(submission: Submission) -> AskedForm:
    """Return the form that a submission came through, with everything that its lead is made of; it may be closed."""
    listings = Listing.objects.select_related("product__vendor", "marketplace__host")
    if submission.listing_id:
        return AskedForm(listing=listings.get(pk=submission.listing_id))
    assert submission.reseller_id  # noqa: S101  (a form belongs to a listing or a reseller)
    companies = Company.objects.visible_to(SYSTEM).select_related("host")
    return AskedForm(reseller=companies.get(pk=submission.reseller_id))


def submission_of(form: AskedForm, receipt: str) -> Submission | None:
    """Return what was sent through `form` under this receipt, with its lead; None for unknown words."""
    sent = Submission.objects.filter(receipt=receipt, listing=form.listing, reseller=form.reseller)
    return sent.select_related("lead").first()


def _asked(form: PublicForm | None) -> AskedForm | None:
    if form is None:
        return None
    is_offered = _is_offered(form.listing)
    is_open = is_offered and form.is_open
    return AskedForm(
        listing=form.listing,
        version=form.listing.version if is_open else None,
        specs=with_headings(form.specs) if is_open else (),
        is_offered=is_offered,
    )


def _is_offered(listing: Listing) -> bool:
    companies = (listing.product.vendor, listing.marketplace.host)
    things = (listing, listing.product, listing.marketplace)
    return all(company.is_active for company in companies) and all(one.is_active for one in things)
