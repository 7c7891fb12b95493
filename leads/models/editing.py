"""Who has a lead open for editing: a hint for the others, never a lock (ux.md D16)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from leads.models.lead import Lead


class Editing(models.Model):
    """A person has the edit page of a lead open, or had it a moment ago: one row for each of them."""

    personal_data = False

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="+")
    at = models.DateTimeField(_("last seen there"))

    class Meta:
        ordering = ["lead_id", "user_id"]
        verbose_name = _("open edit page")
        constraints = [models.UniqueConstraint(fields=["lead", "user"], name="editing_once")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.user_id}"
