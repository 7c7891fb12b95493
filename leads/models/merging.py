"""Leads that are one: what they have in common, and how they were made one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Index, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.models.lead import Lead


class LeadKey(models.Model):
    """One thing by which leads of the same prospect are found (leads/rules/likeness.py). Personal data.

    Written by the services together with the lead; beside it, so that an update of a lead can stay on its page.
    """

    personal_data = True

    pk = models.CompositePrimaryKey("lead_id", "key")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="keys", db_index=False)
    key = models.CharField(max_length=300)

    class Meta:
        ordering = ["lead_id", "key"]
        verbose_name = _("likeness")
        verbose_name_plural = _("likenesses")
        indexes = [Index(fields=["key", "lead"], name="lead_key_found")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.key.partition(':')[0]}"


class LeadMerge(models.Model):
    """The lead `gone` was merged into `kept`. Personal data.

    `before` holds what undoing puts back: fields of `kept`, what moved to it, and who saw `gone`. It is emptied
    once that is no longer possible.
    """

    personal_data = True

    kept = models.ForeignKey(Lead, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Lead, models.PROTECT, related_name="+")
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    merged_at = models.DateTimeField(_("merged"), default=clock.now)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    before = models.JSONField(_("as it was"), default=dict)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("merge of leads")
        verbose_name_plural = _("merges of leads")
        constraints = [
            # Two people who merge one lead away at once: the database keeps one.
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at__isnull=True), name="lead_merged_once"
            ),
            models.CheckConstraint(name="lead_merge_of_two", condition=~Q(kept=F("gone"))),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
