"""Days on which a company does not work; its week and its zone stand on the company itself."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.company import Company


class Holiday(models.Model):
    """A day on which a company does not work: its clocks stand still (domain.md section 9)."""

    personal_data = False

    company = models.ForeignKey(Company, models.CASCADE, related_name="holidays")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80, blank=True)

    class Meta:
        ordering = ["day", "pk"]
        verbose_name = _("holiday")
        constraints = [models.UniqueConstraint(fields=["company", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}".strip()
