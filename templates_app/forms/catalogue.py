"""Forms of marketplaces, products and listings."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import (
    OneOf,
    OneRow,
    PortalForm,
    TextBlock,
    TextLine,
    Tick,
    WholeNumber,
)
from templates_app.enums import ProductKind
from templates_app.models import Marketplace, Product, TemplateVersion
from templates_app.models.catalogue import HOURS_MOST, RETENTION_FEWEST, RETENTION_MOST


class MarketplaceForm(PortalForm):
    """A marketplace: its name, and where its product leads go."""

    name = TextLine(label=_("Name"), max_length=80, enter=_("Enter a name for the marketplace"))
    leads_go_to_vendor = Tick(
        label=_("Product leads go straight to the vendor"),
        help_text=_(
            "A lead from a product form is assigned to the product's vendor instead of waiting here."
        ),
    )
    accept_hours = WholeNumber(
        label=_("Accept within (working hours)"),
        required=False,
        smallest=1,
        largest=HOURS_MOST,
        help_text=_(
            "A partner who has not accepted a lead by then loses it, and the next one is asked."
            " Nights, free days and holidays of the partner do not count. Empty: no deadline."
        ),
    )
    progress_hours = WholeNumber(
        label=_("Progress within (working hours)"),
        required=False,
        smallest=1,
        largest=HOURS_MOST,
        help_text=_(
            "Counted from the acceptance: the sales progress must be beyond New by then."
            " Empty: no deadline."
        ),
    )
    retention_days = WholeNumber(
        label=_("Keep personal data for (days)"),
        required=False,
        smallest=RETENTION_FEWEST,
        largest=RETENTION_MOST,
        enter=_("Enter a number of days, like 365, or nothing"),
        help_text=_(
            "After so many days a converted, disqualified or deleted lead loses its personal data, for good."
            " Empty: they are kept."
        ),
    )


class EditMarketplaceForm(MarketplaceForm):
    """The same, with the switch that closes it."""

    is_active = Tick(
        label=_("Active"), help_text=_("Forms in a marketplace that is not active are closed.")
    )


class ProductForm(PortalForm):
    """A product as its profile page shows it."""

    name = TextLine(label=_("Name"), max_length=120, enter=_("Enter a product name"))
    kind = OneOf(label=_("Kind"), choices=ProductKind.choices, enter=_("Choose a kind"))
    summary = TextLine(
        label=_("Summary"),
        max_length=200,
        required=False,
        help_text=_("One sentence for the profile page."),
    )
    description = TextBlock(label=_("Description"), max_length=5000, required=False)

    def clean_kind(self) -> ProductKind:
        """Return the kind as the services know it."""
        return ProductKind(int(self.cleaned_data["kind"]))


class EditProductForm(ProductForm):
    """The same, with the switch that takes it out of every marketplace."""

    is_active = Tick(
        label=_("Active"), help_text=_("Forms of a product that is not active are closed.")
    )


class _VersionChoice(OneRow):
    def label_from_instance(self, version: Any) -> str:
        return str(
            _("%(template)s, version %(number)s")
            % {"template": version.template.name, "number": version.number}
        )


class ListingForm(PortalForm):
    """The form that is live in a listing, and its texts."""

    version = _VersionChoice(label=_("Lead template"), enter=_("Choose a lead template"))
    contact = TextLine(
        label=_("Alternative contact"),
        max_length=200,
        required=False,
        help_text=_("Shown when the form is closed, for example an email address."),
    )
    thanks = TextBlock(
        label=_("Thank-you text"),
        max_length=1000,
        required=False,
        help_text=_("What happens next, by whom and when. Shown after the form was sent."),
    )

    def __init__(self, *args: Any, versions: "QuerySet[TemplateVersion]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(version=versions)


class NewListingForm(ListingForm):
    """The same, with the marketplace that the product goes to."""

    marketplace = OneRow(label=_("Marketplace"), enter=_("Choose a marketplace"))
    field_order = ["marketplace", "version", "contact", "thanks"]

    def __init__(self, *args: Any, places: "QuerySet[Marketplace]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(marketplace=places)


class ProductToListForm(PortalForm):
    """The first step from a marketplace's page: which product?"""

    product = OneRow(label=_("Product"), enter=_("Choose a product"))

    def __init__(self, *args: Any, products: "QuerySet[Product]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(product=products)
