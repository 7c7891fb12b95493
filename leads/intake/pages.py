"""The public pages: storefront, product profile, forms (stand-alone, embedded, reseller), thank-you pages."""

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.views.generic import RedirectView

from leadportal.common.errors import NotFound
from leads.intake.asking import AskView
from leads.intake.door import ClosedError, PublicView, found
from leads.rules.intake import answer_by
from leads.selectors.intake import (
    AskedForm,
    listing_form,
    profile_form,
    reseller_form,
    storefront,
    storefront_listings,
    submission_of,
)
from templates_app.rules.themes import theme

PRODUCTS_A_PAGE = 60


class StorefrontView(PublicView):
    """What a marketplace offers: /m/<marketplace>/."""

    def get(self, request: HttpRequest, marketplace: str) -> HttpResponse:
        """List the products that can be asked for."""
        place = storefront(marketplace)
        if place is None:
            raise NotFound
        page = Paginator(storefront_listings(place), PRODUCTS_A_PAGE).get_page(
            request.GET.get("page")
        )
        return self.show("intake/storefront.html", {"marketplace": place, "page": page})


class ProductView(PublicView):
    """The profile of a product in a marketplace: /m/<marketplace>/<product>/."""

    def get(self, request: HttpRequest, marketplace: str, product: str) -> HttpResponse:
        """Tell about the product, with *Contact us* or another way to get in touch."""
        asked = found(profile_form(marketplace, product))
        if not asked.is_offered:
            raise ClosedError(asked)
        return self.show("intake/product.html", {"asked": asked, "listing": asked.listing})


class FormView(AskView):
    """The stand-alone form of a listing: /f/<slug>/."""

    template = "intake/form.html"

    def find(self, **address: str) -> AskedForm | None:
        """See `AskView`."""
        return listing_form(address["slug"])

    def thanks_url(self, receipt: str) -> str:
        """See `AskView`."""
        return reverse("intake:thanks", args=[self.kwargs["slug"], receipt])


class EmbedView(FormView):
    """The same form for frames on the sites that its listing allows: /f/<slug>/embed/ (ux.md F9)."""

    template = "intake/embed.html"
    is_embedded = True

    def thanks_url(self, receipt: str) -> str:
        """See `AskView`."""
        return reverse("intake:embed_thanks", args=[self.kwargs["slug"], receipt])


class EmbedScriptView(RedirectView):
    """The script that web sites load: one address for ever, whatever the file is called today."""

    is_public: ClassVar[bool] = True

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        """Return the address of the file."""
        return static("js/embed.js")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead to the file; browsers ask again after an hour."""
        response = super().get(request, *args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response


class ThemeView(PublicView):
    """The look of an embedded form as a style sheet: a strict policy allows no style on the page itself."""

    cache_control = "public, max-age=300"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Write the two settings down as tokens."""
        listing = found(listing_form(slug)).listing
        assert listing is not None  # noqa: S101  (found by its slug)
        context = {"look": theme(listing.accent, listing.corner)}
        return self.show("intake/theme.css", context, content_type="text/css")


class ResellerView(AskView):
    """The profile of a reseller with its host's form: /r/<company>/."""

    template = "intake/reseller.html"

    def find(self, **address: str) -> AskedForm | None:
        """See `AskView`."""
        return reseller_form(address["slug"])

    def thanks_url(self, receipt: str) -> str:
        """See `AskView`."""
        return reverse("intake:reseller_thanks", args=[self.kwargs["slug"], receipt])

    def closed(self) -> HttpResponse:
        """Show the profile without a form: the company is there, only nothing is asked."""
        return self.page(self.template, {})


class ThanksView(PublicView):
    """The receipt of a submission; it tells the first name and the Lead ID, and nothing else of the visitor."""

    cache_control = "private, no-store"
    of_reseller: ClassVar[bool] = False

    def get(self, request: HttpRequest, slug: str, receipt: str) -> HttpResponse:
        """Say what happens next, by whom and when."""
        asked = found(reseller_form(slug) if self.of_reseller else listing_form(slug))
        submission = submission_of(asked, receipt)
        if submission is None:
            raise NotFound
        context: dict[str, Any] = {
            "asked": asked,
            "lead": submission.lead,
            "receipt": submission.receipt,
            "answer_by": answer_by(timezone.localdate(submission.received_at)),
        }
        response = self.show("intake/thanks.html", context)
        response.headers["X-Robots-Tag"] = "noindex"
        return response
