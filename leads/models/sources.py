"""Where leads come from by themselves: the webhook sources of a company."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import Proof, Shape
from leads.querysets import SourceQuerySet
from leads.rules.sources.addresses import new_key, token_of


class Source(models.Model):
    """A form elsewhere that sends what people typed (domain.md section 7; webhooks.md).

    Its leads are those of `listing`'s public form, or manual leads of `company`, in `marketplace` if there is one.
    `key` makes the address (leads/rules/sources/addresses.py), `secret` is sealed, `mapping` says which key of the
    sender fills what (leads/rules/sources/mapping.py). `refusal` is why a delivery was last turned away: such
    deliveries are not stored.
    """

    personal_data = False

    host = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="sources")
    marketplace = models.ForeignKey(
        "templates_app.Marketplace", models.PROTECT, null=True, blank=True, related_name="+"
    )
    listing = models.ForeignKey(
        "templates_app.Listing", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    shape = models.CharField(_("sender"), max_length=12, choices=Shape, default=Shape.AUTO)
    proof = models.CharField(_("proof"), max_length=12, choices=Proof, default=Proof.ADDRESS)
    secret = models.TextField(editable=False, blank=True)
    mapping = models.JSONField(_("mapping"), default=dict, blank=True)
    posts_per_hour = models.PositiveIntegerField(_("deliveries per hour"), default=600)
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    refused_at = models.DateTimeField(_("last turned away"), null=True, blank=True)
    refusal = models.CharField(_("why"), max_length=200, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("webhook source")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="source_named_once"),
            models.CheckConstraint(name="source_shape_known", condition=Q(shape__in=Shape.values)),
            models.CheckConstraint(name="source_proof_known", condition=Q(proof__in=Proof.values)),
            models.CheckConstraint(
                name="source_proof_has_secret",
                condition=Q(proof=Proof.ADDRESS, secret="")
                | ~Q(proof=Proof.ADDRESS) & ~Q(secret=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where the sender posts to, as it is copied into its settings."""
        return f"{settings.PORTAL_URL}{reverse('intake:webhook', args=[token_of(self.key)])}"

    @property
    def door(self) -> str:
        """The name of what its submissions come through (`Submission.door`)."""
        return f"source/{self.pk}"

    @property
    def feeds(self) -> str:
        """What its leads are for, in names."""
        if self.listing:
            return f"{self.listing.product.name} · {self.listing.marketplace.name}"
        return self.marketplace.name if self.marketplace else self.company.name
