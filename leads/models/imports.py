"""Leads from a file: the file, how it is read, what its rows came to."""

import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import JobState
from leadportal.common import clock
from leads.enums import Duplicates, FileKind, ImportState
from leads.models.lead import Lead
from leads.querysets import ImportMappingQuerySet, ImportQuerySet


class Import(models.Model):
    """A file of leads on its way in: one person's, at one desk.

    `header` is the first row, `mapping` the target of each column ("" for none). `counts` is what the check
    found, `examples` ten rows that are duplicates. `position` is the last row that was written, or while it is
    undone the last lead; what follows it in the file is still to do, whichever worker does it.
    The file lies at `path` until `expires_at`.
    """

    personal_data = False

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    desk = models.ForeignKey("accounts.Desk", models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=100)
    kind = models.CharField(_("kind of file"), max_length=4, choices=FileKind)
    size = models.PositiveBigIntegerField(_("size"))
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    separator = models.CharField(_("separator"), max_length=1, blank=True)
    sheet = models.CharField(_("sheet"), max_length=40, blank=True)
    header = models.JSONField(_("columns"), default=list, blank=True)
    mapping = models.JSONField(_("mapping"), default=list, blank=True)
    marketplace = models.ForeignKey(
        "templates_app.Marketplace", models.PROTECT, null=True, blank=True, related_name="+"
    )
    product = models.ForeignKey(
        "templates_app.Product", models.PROTECT, null=True, blank=True, related_name="+"
    )
    duplicates = models.CharField(
        _("duplicates"), max_length=8, choices=Duplicates, default=Duplicates.SKIP
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ImportState, default=ImportState.DRAFT
    )
    counts = models.JSONField(_("what the check found"), default=dict, blank=True)
    examples = models.JSONField(_("examples of duplicates"), default=list, blank=True)
    position = models.PositiveBigIntegerField(_("position"), default=0)
    made = models.PositiveIntegerField(_("made"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    undone = models.PositiveIntegerField(_("undone"), default=0)
    kept = models.PositiveIntegerField(_("kept when it was undone"), default=0)
    job = models.OneToOneField(
        "accounts.Job", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("sent"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("file kept until"))

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("import")
        constraints = [
            models.CheckConstraint(
                name="import_state_known", condition=Q(state__in=ImportState.values)
            )
        ]
        indexes = [Index(fields=["user", "-created_at", "-id"], name="import_own")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """Where the file lies: under a name that nobody guesses, outside everything that is served."""
        return settings.IMPORTS_DIR / f"{self.key}.{self.kind}"

    @property
    def is_busy(self) -> bool:
        """Whether the worker has it before it, or in its hands."""
        return self.state in ImportState.busy() and not self.has_failed

    @property
    def has_failed(self) -> bool:
        """Whether the worker gave it up, until somebody asks again."""
        return bool(
            self.job and self.state in ImportState.busy() and self.job.state == JobState.FAILED
        )

    @property
    def is_over(self) -> bool:
        """Whether rows have been written and no more will be."""
        return self.finished_at is not None

    def is_there(self, moment: datetime) -> bool:
        """Say whether the file can still be read at that moment."""
        return moment < self.expires_at and self.path.exists()

    def columns_of(self, target: str) -> list[int]:
        """Return the places of the columns that become `target`."""
        return [place for place, one in enumerate(self.mapping) if one == target]


class ImportFault(models.Model):
    """Why a row cannot become a lead; a row may have several. Says nothing of its values."""

    personal_data = False

    source = models.ForeignKey(Import, models.CASCADE, related_name="faults", db_index=False)
    row = models.PositiveIntegerField(_("row"))
    sentence = models.CharField(_("error"), max_length=300)

    class Meta:
        ordering = ["row", "pk"]
        verbose_name = _("import error")
        indexes = [
            Index(fields=["source", "row", "id"], name="import_fault_row"),
            Index(fields=["source", "sentence", "row"], name="import_fault_sentence"),
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.sentence}"


class ImportedLead(models.Model):
    """A row that made a lead, or filled empty fields of one; `line` is the last line of history by then.

    The key is the last guard against a row that is written twice.
    """

    personal_data = False

    source = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_index=False)
    row = models.PositiveIntegerField(_("row"))
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="imported_by")
    is_new = models.BooleanField(_("made"))
    line = models.PositiveIntegerField(_("history line"))

    class Meta:
        ordering = ["row"]
        verbose_name = _("imported lead")
        constraints = [
            models.UniqueConstraint(fields=["source", "row"], name="imported_row_once"),
        ]
        indexes = [Index(fields=["source", "lead"], name="imported_lead")]

    def __str__(self) -> str:
        return f"{self.source_id}#{self.row}: {self.lead_id}"


class ImportMapping(models.Model):
    """Which column becomes what, kept under a name for the company's next file of the same make.

    `targets` maps the folded name of a column to its target.
    """

    personal_data = False

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    targets: Any = models.JSONField(_("columns"), default=dict)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(_("saved"), default=clock.now)

    objects = ImportMappingQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("import mapping")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="import_mapping_once")
        ]

    def __str__(self) -> str:
        return self.name
