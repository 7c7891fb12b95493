"""What left the portal: who took which data, and when."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock


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
