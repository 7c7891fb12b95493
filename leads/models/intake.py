"""What came in, as it came in, before it is a lead."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.models.lead import Lead


def new_receipt() -> str:
    """Return an unguessable word for the thank-you page of one submission."""
    return secrets.token_urlsafe(16)


class Submission(models.Model):
    """The raw answers of a form, stored first; `key` makes a second post of the same form harmless.

    Without a version it is the form *Add lead*, which has no template. Personal data.
    """

    personal_data = True

    key = models.CharField(_("submission id"), max_length=64)
    listing = models.ForeignKey(
        "templates_app.Listing", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reseller = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.ForeignKey(
        "templates_app.TemplateVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    payload = models.JSONField(_("answers as sent"), default=dict)
    receipt = models.CharField(max_length=40, unique=True, default=new_receipt, editable=False)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    lead = models.OneToOneField(
        Lead, models.PROTECT, null=True, blank=True, related_name="submission"
    )

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("submission")
        # The same form posted twice, also at the same moment, is one submission.
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="submission_once"),
            models.UniqueConstraint(
                fields=["key"], condition=Q(version__isnull=True), name="submission_by_hand_once"
            ),
        ]

    def __str__(self) -> str:
        return self.receipt


class RateLimit(models.Model):
    """How often one address has posted one form, or a token has called, since `window_start` (security.md R27).

    `key` is a keyed hash of them, so that no address is stored; the row is dropped a day later.
    """

    personal_data = True

    key = models.CharField(_("sender and form"), max_length=64, primary_key=True)
    window_start = models.DateTimeField(_("counted since"), db_index=True)
    count = models.PositiveIntegerField(_("posts"))

    class Meta:
        ordering = ["-window_start", "key"]
        verbose_name = _("rate limit")

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.count}"
