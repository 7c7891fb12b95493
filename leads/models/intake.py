"""What came in, as it came in, before it is a lead."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import AttentionReason, SourceKind, SubmissionState
from leads.models.lead import Lead
from leads.querysets import SubmissionQuerySet

KEY_LENGTH = 128
CONTENT_TYPE_LENGTH = 100
SENTENCE_LENGTH = 300


def new_receipt() -> str:
    """Return an unguessable word for the thank-you page of one submission."""
    return secrets.token_urlsafe(16)


class Submission(models.Model):
    """What came in, whatever the way, as it came: stored and acknowledged first, made into a lead then.

    `source_kind` is the kind of way in, `door` the one form, source or person that it came through; `key`
    makes a repeat at the same door harmless. `body` is what was sent, byte for byte; a form has none, its
    fields are the `payload`. `host` and `company` (the vendor, the reseller, the owner of the source) are
    those who look after it. A worker's lease and tries are as in a job. Personal data.
    """

    personal_data = True

    source_kind = models.PositiveSmallIntegerField(_("way in"), choices=SourceKind)
    door = models.CharField(_("form or source"), max_length=60)
    key = models.CharField(_("submission id"), max_length=KEY_LENGTH)
    host = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    listing = models.ForeignKey(
        "templates_app.Listing", models.PROTECT, null=True, blank=True, related_name="+"
    )
    reseller = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="+"
    )
    version = models.ForeignKey(
        "templates_app.TemplateVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.ForeignKey(
        "leads.Source", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    body = models.BinaryField(_("as sent"), default=b"")
    content_type = models.CharField(_("content type"), max_length=CONTENT_TYPE_LENGTH, blank=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    payload = models.JSONField(_("answers as sent"), default=dict)
    receipt = models.CharField(max_length=40, unique=True, default=new_receipt, editable=False)
    received_at = models.DateTimeField(_("received"), default=clock.now)
    state = models.CharField(
        _("state"), max_length=10, choices=SubmissionState, default=SubmissionState.RECEIVED
    )
    reason = models.CharField(
        _("kind of reason"), max_length=12, choices=AttentionReason, blank=True
    )
    sentence = models.CharField(_("reason"), max_length=SENTENCE_LENGTH, blank=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_aside_at = models.DateTimeField(_("set aside"), null=True, blank=True)
    set_aside_because = models.CharField(
        _("set aside because"), max_length=SENTENCE_LENGTH, blank=True
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    lead = models.OneToOneField(
        Lead, models.PROTECT, null=True, blank=True, related_name="submission"
    )

    acknowledgement = models.OneToOneField(
        "accounts.OutgoingMail",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acknowledgement"),
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "-pk"]
        verbose_name = _("submission")
        constraints = [
            # The same thing sent twice, also at the same moment, is one submission.
            models.UniqueConstraint(fields=["door", "key"], name="submission_once"),
            models.CheckConstraint(
                name="submission_state_known", condition=Q(state__in=SubmissionState.values)
            ),
            models.CheckConstraint(
                name="submission_made_is_a_lead",
                condition=Q(state=SubmissionState.MADE, lead__isnull=False)
                | (~Q(state=SubmissionState.MADE) & Q(lead__isnull=True)),
            ),
            # A lead by hand knows its host only once it is made.
            models.CheckConstraint(
                name="submission_waits_for_somebody",
                condition=Q(host__isnull=False)
                | Q(state=SubmissionState.RECEIVED, source_kind=SourceKind.MANUAL),
            ),
        ]
        indexes = [
            # What waits for whom, the newest first.
            models.Index(fields=["host", "state", "-id"], name="submission_of_host"),
            models.Index(fields=["company", "state", "-id"], name="submission_of_company"),
            # The log of one source, the newest first.
            models.Index(fields=["source", "-id"], name="submission_of_source"),
            # Serves the worker's claim only: what is settled costs it nothing.
            models.Index(
                fields=["due_at", "id"], condition=Q(state="received"), name="submission_due"
            ),
        ]

    def __str__(self) -> str:
        return self.receipt

    @property
    def came_through(self) -> str:
        """The name of the form or source on screen."""
        if self.source:
            return self.source.name
        if self.listing:
            return f"{self.listing.product.name}, {self.listing.marketplace.name}"
        return self.reseller.name if self.reseller else self.door

    @property
    def text(self) -> str:
        """What was sent as text, as far as it is one."""
        return bytes(self.body).decode(errors="replace")


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
