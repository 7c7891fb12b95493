"""Words of imports that are stored."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FileKind(models.TextChoices):
    """What an imported file is; the value is the end of its name."""

    CSV = "csv", _("CSV")
    XLSX = "xlsx", _("XLSX")
