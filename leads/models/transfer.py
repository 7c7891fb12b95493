"""What left the portal: who took which data, and when; and files that are being made or wait to be taken."""

import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import JobState
from leadportal.common import clock
from leads.querysets import ExportFileQuerySet


class ExportRecord(models.Model):
    """One download of leads: the filter, not the data."""

    personal_data = False

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    query = models.TextField(_("filters"), blank=True)
    rows = models.PositiveIntegerField(_("leads"))
    exported_at = models.DateTimeField(_("exported"), default=clock.now)

    class Meta:
        ordering = ["-exported_at", "-pk"]
        verbose_name = _("export")

    def __str__(self) -> str:
        return f"{self.user} · {self.rows}"


class ExportFile(models.Model):
    """A workbook of leads that the worker makes for one person: what was asked for, not the data.

    `query` is the address of the list or the selection, `words` the same for people, `columns` the words of the
    columns (none: all). `job` knows how far it is; the file lies at `path` from `ready_at` until `expires_at`.
    """

    personal_data = False

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    desk = models.ForeignKey("accounts.Desk", models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=120)
    role = models.CharField(
        _("role"),
        max_length=24,
        blank=True,
        help_text=_("In which an API token asked for it; empty for a person."),
    )
    query = models.TextField(_("filters"), blank=True)
    words = models.TextField(_("filters in words"), blank=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    rows = models.PositiveIntegerField(_("leads"))
    job = models.OneToOneField("accounts.Job", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked for"), default=clock.now)
    ready_at = models.DateTimeField(_("ready"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    objects = ExportFileQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("export file")
        indexes = [models.Index(fields=["user", "-asked_at", "-id"], name="export_file_own")]

    def __str__(self) -> str:
        return f"{self.user} · {self.name}"

    @property
    def path(self) -> Path:
        """Where the file lies: under a name that nobody guesses, outside everything that is served."""
        return settings.EXPORTS_DIR / f"{self.key}.xlsx"

    @property
    def has_failed(self) -> bool:
        """Whether it was given up, until somebody presses Retry."""
        return self.job.state == JobState.FAILED

    @property
    def is_being_made(self) -> bool:
        """Whether the worker has it before it, or in its hands."""
        return self.ready_at is None and not self.has_failed

    def is_there(self, moment: datetime) -> bool:
        """Say whether the file can be taken at that moment."""
        return self.expires_at is not None and moment < self.expires_at
