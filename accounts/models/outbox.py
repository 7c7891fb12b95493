"""Mail that waits to be sent: stored in the caller's transaction, sent by the worker (security.md R13, R15)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock


class MailState(models.TextChoices):
    """Where a mail is on its way."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class OutgoingMail(models.Model):
    """One message to one address. The body is frozen here, so that a second try sends the same. Personal data."""

    personal_data = True

    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    stop_url = models.CharField(
        _("one-click stop"),
        max_length=400,
        blank=True,
        help_text=_(
            "Where mail programs post to when their user wants no more of these (RFC 8058)."
        ),
    )
    sender = models.CharField(_("from"), max_length=200)
    state = models.CharField(_("state"), max_length=8, choices=MailState, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        constraints = [
            models.CheckConstraint(name="mail_state_known", condition=Q(state__in=MailState.values))
        ]
        indexes = [
            # Serves the worker's claim only: rows that are done cost it nothing (performance.md 1.8).
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="mail_due")
        ]

    def __str__(self) -> str:
        return f"{self.subject} #{self.pk}"
