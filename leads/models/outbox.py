"""What a company is told outside the portal: its Slack channels and webhooks, and what waits to be sent to them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.models.lead import Lead
from leads.querysets import TargetQuerySet


class TargetKind(models.TextChoices):
    """What a company lets the portal call when something happens."""

    SLACK = "slack", _("Slack channel")
    WEBHOOK = "webhook", _("Webhook")


class CallState(models.TextChoices):
    """Where a message to Slack or a webhook is on its way."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Accepted")
    FAILED = "failed", _("Given up")


class Target(models.Model):
    """A Slack channel or a web address of a company, and the `events` (`InboxKind`) that it is told of.

    `address` and `secret` are sealed: whoever knows the address of a Slack channel can write there. The lease is
    the target's, not the message's, so that there is never more than one call to it. `due_at` and `tries` are its
    pause after a failure; `failing_since` is when the first of the failures came that it has not got over yet.
    """

    personal_data = False

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=TargetKind)
    name = models.CharField(_("name"), max_length=80)
    host = models.CharField(_("host"), max_length=255)
    address = models.TextField(editable=False)
    secret = models.TextField(editable=False, blank=True)
    events = models.JSONField(_("events"), default=list)
    is_active = models.BooleanField(_("active"), default=True)
    tries = models.PositiveIntegerField(_("failures in a row"), default=0)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("Slack channel or webhook")
        verbose_name_plural = _("Slack channels and webhooks")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="target_named_once"),
            models.CheckConstraint(
                name="target_kind_known", condition=Q(kind__in=TargetKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OutgoingCall(models.Model):
    """One message to one target. Id and body are made with the row, so that a second try sends the same."""

    personal_data = False

    target = models.ForeignKey(Target, models.CASCADE, related_name="calls", db_index=False)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(_("event"), max_length=40)
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="+")
    body = models.TextField(_("body"))
    state = models.CharField(_("state"), max_length=8, choices=CallState, default=CallState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    sent_at = models.DateTimeField(_("accepted"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("outgoing call")
        constraints = [
            models.CheckConstraint(name="call_state_known", condition=Q(state__in=CallState.values))
        ]
        indexes = [
            Index(fields=["target", "id"], name="call_log"),
            # Serves the worker's claim only: rows that are done cost it nothing (performance.md 1.8).
            Index(
                fields=["target", "due_at", "id"], condition=Q(state="waiting"), name="call_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} #{self.pk}"

    @property
    def identity(self) -> str:
        """The id that the receiver sees: the same with every try."""
        return f"msg_{self.message_id.hex}"
