"""The words of imports: files, their steps, and what becomes of rows that are there already."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """What an imported file is; the value is the end of its name."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("XLSX")


class ImportState(models.TextChoices):
    """Where an import is between its five steps (ux.md I1)."""

    DRAFT = "draft", _("Choosing columns")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")

    @classmethod
    def busy(cls) -> "frozenset[str]":
        """Return the states in which the worker has something to do."""
        return frozenset({cls.CHECKING, cls.IMPORTING, cls.UNDOING})


class Duplicates(models.TextChoices):
    """What becomes of a row whose lead is there already (ux.md I5)."""

    SKIP = "skip", _("Skip them")
    FILL = "fill", _("Update empty fields")
    CREATE = "create", _("Create them all the same")
