"""What a lead may become: products, a request, a conversion."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import RequestState
from leads.models.lead import Lead


class LeadProduct(models.Model):
    """A product that somebody added to a lead."""

    personal_data = False

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="lead_products")
    product = models.ForeignKey("templates_app.Product", models.PROTECT, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    added_at = models.DateTimeField(_("added"), default=clock.now)

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name = _("product on a lead")
        verbose_name_plural = _("products on leads")
        constraints = [
            models.UniqueConstraint(fields=["lead", "product"], name="lead_product_once")
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.product_id}"


class ConversionRequest(models.Model):
    """A reseller with right 2 "approval" asks to convert; one waits at a time."""

    personal_data = False

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="conversion_requests")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(_("requested"), default=clock.now)
    values = models.JSONField(_("asked for"), default=dict, help_text=_("What the dialog held."))
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState, default=RequestState.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("conversion request")
        constraints = [
            # Two people of the reseller ask at once: the database keeps one.
            models.UniqueConstraint(
                fields=["lead"], condition=Q(state="pending"), name="request_one_pending"
            ),
            models.CheckConstraint(
                name="request_state_known", condition=Q(state__in=RequestState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.state}"


class Conversion(models.Model):
    """What a lead was converted into: once, whoever asks how often."""

    personal_data = False

    lead = models.OneToOneField(Lead, models.PROTECT, related_name="conversion")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="conversions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reseller = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_new_company = models.BooleanField(_("company created"), default=True)
    converted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    converted_at = models.DateTimeField(_("converted"), default=clock.now)

    class Meta:
        ordering = ["-converted_at", "-pk"]
        verbose_name = _("conversion")

    def __str__(self) -> str:
        return f"{self.lead_id} → {self.company_id}"
