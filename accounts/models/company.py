"""Companies, their desks, and who sees and serves which customer."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actors import Rights
from accounts.enums import CustomerRight, DeskKind, Right
from accounts.querysets import CompanyQuerySet
from accounts.rules.likeness import name_key
from leadportal.common import clock
from leadportal.common.text import fold

# What a company with an access right is called, and the right itself (AppDirect's boxes).
_KINDS = {
    "is_marketplace": _("Marketplace"),
    "is_developer": _("Vendor"),
    "is_reseller": _("Reseller"),
    "is_referral": _("Referral partner"),
}
_ACCESS = {
    "is_developer": _("Developer"),
    "is_marketplace": _("Marketplace"),
    "is_reseller": _("Reseller"),
    "is_referral": _("Referral"),
}


class Company(models.Model):
    """An organisation. Without an access right it is a customer (domain.md section 1)."""

    personal_data = False

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("address part"), max_length=80, unique=True)
    website = models.URLField(_("web site"), max_length=200, blank=True)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    size = models.CharField(_("size"), max_length=20, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    about = models.TextField(
        _("about"), blank=True, help_text=_("Shown on the public profile page.")
    )

    is_developer = models.BooleanField(_("Developer Access"), default=False)
    is_marketplace = models.BooleanField(_("Marketplace Access"), default=False)
    is_reseller = models.BooleanField(_("Reseller Access"), default=False)
    is_referral = models.BooleanField(_("Referral Access"), default=False)
    host = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="programme",
        limit_choices_to={"is_marketplace": True},
        verbose_name=_("host"),
        help_text=_("Whose reseller programme the company belongs to."),
    )
    registered_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="registered",
        limit_choices_to={"is_marketplace": True},
        verbose_name=_("registered by"),
        help_text=_("The host that entered the company and looks after its people and profile."),
    )

    can_create_leads = models.BooleanField(_("can create leads"), default=False)
    can_create_customers = models.CharField(
        _("can create customer companies"),
        max_length=8,
        choices=CustomerRight,
        default=CustomerRight.APPROVAL,
    )
    can_disqualify_leads = models.BooleanField(_("can disqualify leads"), default=True)
    can_export_leads = models.BooleanField(_("can export leads"), default=True)

    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    working_week = models.JSONField(
        default=list,
        editable=False,
        help_text=_("What it works on each day, Monday first; empty: Monday to Friday, 9 to 17."),
    )
    preferences = models.JSONField(
        default=dict,
        editable=False,
        help_text=_("What stands for lists here until a person sets something else."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("merged into"),
        help_text=_("The company that took over its people, leads and resellers."),
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    search = models.TextField(default="", editable=False)
    name_key = models.CharField(max_length=120, default="", editable=False, db_index=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                name="company_reseller_or_referral",
                condition=Q(is_reseller=False) | Q(is_referral=False),
            ),
            models.CheckConstraint(
                name="company_programme_has_host",
                condition=Q(is_reseller=False, is_referral=False) | Q(host__isnull=False),
            ),
            models.CheckConstraint(
                name="company_customer_right_known",
                condition=Q(can_create_customers__in=CustomerRight.values),
            ),
            models.CheckConstraint(
                name="company_merged_is_not_active",
                condition=Q(merged_into__isnull=True) | Q(is_active=False),
            ),
        ]
        indexes = [models.Index(fields=["host", "name"], name="company_host_name")]

    def __str__(self) -> str:
        return self.name

    def save(self, **options: Any) -> None:
        """Store the company with its folded texts, which are the same on both databases."""
        self.search = fold(f"{self.name} {self.city}")
        self.name_key = name_key(self.name)
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "search", "name_key"}
        super().save(**options)

    @property
    def is_customer(self) -> bool:
        """A company without any access right."""
        return not (
            self.is_developer or self.is_marketplace or self.is_reseller or self.is_referral
        )

    @property
    def kind_names(self) -> list[str]:
        """What the company is, in words: a customer, or everything that its access rights make it."""
        names = [str(label) for name, label in _KINDS.items() if getattr(self, name)]
        return names or [str(_("Customer"))]

    @property
    def access_names(self) -> list[str]:
        """The access rights that the company has, in words."""
        return [str(label) for name, label in _ACCESS.items() if getattr(self, name)]

    @property
    def rights(self) -> Rights:
        """The four reseller rights as the rules read them."""
        return Rights(
            create_leads=self.can_create_leads,
            create_customers=self.can_create_customers,
            disqualify_leads=self.can_disqualify_leads,
            export_leads=self.can_export_leads,
        )


class RightChange(models.Model):
    """Who set one of the four rights of a reseller company, and when; the newest row is shown."""

    personal_data = False

    company = models.ForeignKey(Company, models.CASCADE, related_name="right_changes")
    right = models.CharField(_("permission"), max_length=20, choices=Right)
    old = models.CharField(_("before"), max_length=10)
    new = models.CharField(_("after"), max_length=10)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"), default=clock.now)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("permission change")
        indexes = [
            models.Index(fields=["company", "right", "changed_at"], name="right_change_newest")
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.right} {self.old} → {self.new}"


class Desk(models.Model):
    """What an access row belongs to: a company, or at a host one or more of its three desks.

    `kinds` is a set of `DeskKind` bits. People whose roles cover several desks work at a desk of their
    own that covers the union, so that a list is always one index range (access.md section 3).
    """

    personal_data = False

    company = models.ForeignKey(Company, models.CASCADE, related_name="desks")
    kinds = models.PositiveSmallIntegerField(_("kinds"))

    class Meta:
        ordering = ["company_id", "kinds"]
        verbose_name = _("desk")
        constraints = [
            models.UniqueConstraint(fields=["company", "kinds"], name="desk_once"),
            models.CheckConstraint(
                name="desk_covers_something", condition=Q(kinds__gt=0, kinds__lt=16)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} ({', '.join(kind.name.lower() for kind in DeskKind(self.kinds) if kind.name)})"


class CompanyAccess(models.Model):
    """A company that a desk may see beside its own and its programme: a customer, or a vendor it lists."""

    personal_data = False

    company = models.ForeignKey(Company, models.CASCADE, related_name="access")
    desk = models.ForeignKey(Desk, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["company_id", "desk_id"]
        verbose_name = _("company access")
        verbose_name_plural = _("company access")
        constraints = [
            models.UniqueConstraint(fields=["desk", "company"], name="company_access_once")
        ]

    def __str__(self) -> str:
        return f"{self.desk}: {self.company}"


class CustomerLink(models.Model):
    """A reseller that may sell to a customer, or buy on behalf of its members (AppDirect)."""

    personal_data = False

    customer = models.ForeignKey(Company, models.CASCADE, related_name="reseller_links")
    reseller = models.ForeignKey(Company, models.CASCADE, related_name="customer_links")
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    linked_at = models.DateTimeField(_("linked"), default=clock.now)

    class Meta:
        ordering = ["customer_id", "reseller_id"]
        verbose_name = _("customer link")
        constraints = [
            models.UniqueConstraint(fields=["customer", "reseller"], name="customer_link_once")
        ]

    def __str__(self) -> str:
        return f"{self.reseller} → {self.customer}"
