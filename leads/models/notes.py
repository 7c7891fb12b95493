"""Human remarks on a lead."""

from django.conf import settings
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import Audience, NoteKind
from leads.models.lead import Lead
from leads.querysets import NoteQuerySet


class Note(models.Model):
    """A remark; its author edits or deletes it within 15 minutes (domain.md section 3). Personal data."""

    personal_data = True

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="notes", db_index=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=NoteKind, default=NoteKind.NOTE)
    audience = models.CharField(
        _("who reads it"), max_length=10, choices=Audience, default=Audience.COMPANY
    )
    body = models.TextField(_("note"))
    created_at = models.DateTimeField(_("written"), default=clock.now, editable=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    merged_at = models.DateTimeField(
        _("came with a merged lead"), null=True, blank=True, editable=False
    )
    submission_key = models.CharField(
        max_length=40, null=True, blank=True, unique=True, editable=False
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("note")
        constraints = [
            models.CheckConstraint(
                name="note_audience_known", condition=Q(audience__in=Audience.values)
            ),
            models.CheckConstraint(name="note_kind_known", condition=Q(kind__in=NoteKind.values)),
        ]
        indexes = [Index(fields=["lead", "created_at"], name="note_of_lead")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.body[:40]}"
