"""One action on many leads: who did it, and what became of each lead."""

from django.conf import settings
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import BulkState
from leads.models.lead import Lead
from leads.querysets import BulkRunQuerySet


class BulkRun(models.Model):
    """A confirmed bulk action. `key` comes with the confirmation: sent twice, it runs once."""

    personal_data = False

    key = models.CharField(max_length=40, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    action = models.CharField(_("action"), max_length=24)
    choice = models.CharField(_("choice"), max_length=300, blank=True)
    query = models.TextField(_("selection"), blank=True)
    total = models.PositiveIntegerField(_("leads"))
    missing = models.PositiveIntegerField(_("not found"), default=0)
    started_at = models.DateTimeField(_("started"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = BulkRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("bulk action")

    def __str__(self) -> str:
        return f"{self.action} · {self.total}"


class BulkOutcome(models.Model):
    """What became of one lead of a bulk action; `line` is the history line that says so."""

    personal_data = False

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="outcomes", db_index=False)
    lead = models.ForeignKey(Lead, models.PROTECT, related_name="+")
    state = models.CharField(_("outcome"), max_length=8, choices=BulkState)
    reason = models.TextField(_("reason"), blank=True)
    line = models.PositiveIntegerField(_("history line"), null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("bulk outcome")
        constraints = [
            models.UniqueConstraint(fields=["run", "lead"], name="bulk_outcome_once"),
            models.CheckConstraint(
                name="bulk_outcome_known", condition=Q(state__in=BulkState.values)
            ),
        ]
        indexes = [Index(fields=["run", "state", "id"], name="bulk_outcome_state")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.lead_id} {self.state}"
