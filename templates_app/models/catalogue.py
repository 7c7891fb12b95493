"""Marketplaces, products, and which product stands where with which form."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from templates_app.enums import Corner, ProductKind, VersionState
from templates_app.querysets import ListingQuerySet, MarketplaceQuerySet, ProductQuerySet
from templates_app.rules.themes import ACCENT

RETENTION_FEWEST, RETENTION_MOST = 30, 36_500
# A working year and more: longer clocks are no clocks.
HOURS_MOST = 2_000


class Marketplace(models.Model):
    """A storefront of a host (the *distributor*)."""

    personal_data = False

    host = models.ForeignKey(
        "accounts.Company",
        models.PROTECT,
        related_name="marketplaces",
        verbose_name=_("distributor"),
    )
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    leads_go_to_vendor = models.BooleanField(
        _("product leads go straight to the vendor"),
        default=False,
        help_text=_(
            "A lead from a product form is assigned to the product's vendor instead of waiting here."
        ),
    )
    retention_days = models.PositiveIntegerField(
        _("personal data are kept for (days)"),
        null=True,
        blank=True,
        help_text=_("Counted from the end of a lead. Empty: they are kept."),
    )
    accept_hours = models.PositiveSmallIntegerField(
        _("accept within (working hours)"),
        null=True,
        blank=True,
        help_text=_("After that a lead is taken from who has not accepted it. Empty: no deadline."),
    )
    progress_hours = models.PositiveSmallIntegerField(
        _("progress within (working hours)"),
        null=True,
        blank=True,
        help_text=_("After that a lead is taken from who has reached nothing. Empty: no deadline."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = MarketplaceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("marketplace")
        constraints = [
            models.UniqueConstraint(fields=["host", "name"], name="marketplace_once"),
            # Deleted leads can be restored for 30 days, and merges undone.
            models.CheckConstraint(
                name="marketplace_keeps_a_month",
                condition=Q(retention_days__isnull=True) | Q(retention_days__gte=RETENTION_FEWEST),
            ),
            models.CheckConstraint(
                name="marketplace_clocks_run",
                condition=(Q(accept_hours__isnull=True) | Q(accept_hours__gte=1))
                & (Q(progress_hours__isnull=True) | Q(progress_hours__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """What a vendor sells: an application or a service."""

    personal_data = False

    vendor = models.ForeignKey(
        "accounts.Company", models.PROTECT, related_name="products", verbose_name=_("vendor")
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    kind = models.PositiveSmallIntegerField(
        _("kind"), choices=ProductKind, default=ProductKind.APPLICATION
    )
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("product")
        constraints = [
            models.UniqueConstraint(fields=["vendor", "name"], name="product_once"),
            models.CheckConstraint(
                name="product_kind_known", condition=Q(kind__in=ProductKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """A product in a marketplace, with the template version that is live there.

    `slug` is the address of its form (/f/<slug>/); `profile` pages stand at /m/<marketplace>/<product>/.
    """

    personal_data = False

    product = models.ForeignKey(Product, models.PROTECT, related_name="listings")
    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="listings")
    version = models.ForeignKey(
        "templates_app.TemplateVersion",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="listings",
        verbose_name=_("live form"),
    )
    slug = models.SlugField(_("form address"), max_length=120, unique=True)
    contact = models.CharField(
        _("alternative contact"),
        max_length=200,
        blank=True,
        help_text=_("Shown when the form is closed, for example an email address."),
    )
    thanks = models.TextField(_("thank-you text"), blank=True)
    allowed_sites = models.JSONField(
        _("allowed sites"),
        default=list,
        blank=True,
        help_text=_(
            "Web sites whose pages may show the form in a frame, like https://www.example.com."
        ),
    )
    accent = models.CharField(_("accent colour"), max_length=7, default=ACCENT)
    corner = models.CharField(_("corners"), max_length=6, choices=Corner, default=Corner.SOFT)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        ordering = ["marketplace__name", "product__name", "pk"]
        verbose_name = _("listing")
        constraints = [
            models.UniqueConstraint(fields=["product", "marketplace"], name="listing_once"),
            models.CheckConstraint(
                name="listing_corner_known", condition=Q(corner__in=Corner.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.marketplace}"

    @property
    def is_open(self) -> bool:
        """Whether the public form takes answers."""
        return bool(
            self.is_active
            and self.version
            and self.version.state == VersionState.PUBLISHED
            and self.product.is_active
            and self.marketplace.is_active
        )

    @property
    def form_path(self) -> str:
        """Address of the stand-alone form; fixed (ux.md 1.2), so that this app need not know who serves it."""
        return f"/f/{self.slug}/"

    @property
    def embed_path(self) -> str:
        """Address of the form for frames on other sites."""
        return f"/f/{self.slug}/embed/"

    @property
    def profile_path(self) -> str:
        """Address of the product profile page in this marketplace."""
        return f"/m/{self.marketplace.slug}/{self.product.slug}/"
