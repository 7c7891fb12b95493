"""Share a form: its link, QR code, snippets for web sites, and where and how it may stand there (ux.md T9)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from templates_app.enums import FieldKind
from templates_app.exports import qr_code
from templates_app.forms.share import EmbedForm
from templates_app.models import Listing
from templates_app.rules.fields import FieldSpec
from templates_app.rules.permissions import makes_listings
from templates_app.selectors.lead_templates import specs_of
from templates_app.services.listings import edit_embed
from templates_app.views.listings import OfListing, managed_listing

SNIPPETS = ("iframe", "script")


class ShareView(OfListing):
    """Everything that brings a form to people; the settings of frames are saved here."""

    template_name = "templates_app/share.html"

    def build(self, data: Any = None) -> EmbedForm:
        """See FormPage."""
        listing = self.listing
        initial = {
            "allowed_sites": listing.allowed_sites,
            "accent": listing.accent,
            "corner": listing.corner,
        }
        return EmbedForm(data, initial=initial)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        listing = self.listing
        hidden = [one for one in specs_of(listing.version) if one.kind == FieldKind.HIDDEN]
        return {
            "listing": listing,
            "address": _address_of(listing),
            "tagged_address": f"{_address_of(listing)}?utm_source=newsletter",
            "hidden": hidden,
            **{f"{name}_snippet": _snippet(name, listing, hidden) for name in SNIPPETS},
        }

    def submit(self, form: EmbedForm) -> HttpResponse:
        """See FormPage."""
        edit_embed(self.listing, **form.cleaned_data, actor=self.request.actor)
        messages.success(self.request, _("The settings for other sites are saved."))
        return redirect_after(self.request, self.request.path)


class QrView(PortalView):
    """The QR code of a form, to be shown and printed."""

    permission = staticmethod(makes_listings)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Draw it."""
        listing = managed_listing(request.actor, pk)
        return HttpResponse(qr_code(_address_of(listing)), content_type="image/svg+xml")


def _address_of(listing: Listing) -> str:
    return settings.PORTAL_URL + listing.form_path


def _snippet(name: str, listing: Listing, hidden: list[FieldSpec]) -> str:
    """Return what a vendor pastes into a page; plain text here, to be shown and copied."""
    context = {
        "address": _address_of(listing),
        "embed_address": settings.PORTAL_URL + listing.embed_path,
        "script_address": f"{settings.PORTAL_URL}/f/embed.js",
        "product": listing.product,
        "carried": " ".join(spec.key for spec in hidden),
    }
    # strip() returns a text that templates escape
    return render_to_string(f"templates_app/snippets/{name}.html", context).strip()
