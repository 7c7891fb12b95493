"""Who sees which lead: one row per desk and lead, carrying what lists sort and filter by (access.md)."""

from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from leads.enums import AccessLevel, Outcome, Status
from leads.models.lead import Lead
from leads.querysets import AccessQuerySet


class LeadAccess(models.Model):
    """A desk sees a lead. Written by the services together with the lead, never alone.

    Texts are folded (lower case, no accents), cut at 80, never NULL; `guards.shape_tables`
    makes PostgreSQL compare them by bytes, as SQLite does, so that both databases sort alike.
    A row with level PAST stays as it was when the desk lost the lead.
    """

    personal_data = True

    pk = models.CompositePrimaryKey("lead_id", "desk_id")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="access", db_index=False)
    desk = models.ForeignKey("accounts.Desk", models.CASCADE, db_index=False, related_name="+")
    level = models.PositiveSmallIntegerField(
        _("level"), choices=AccessLevel, default=AccessLevel.CURRENT
    )
    lost_at = models.DateTimeField(_("lost"), null=True, blank=True)
    is_unread = models.BooleanField(
        _("unread"),
        default=False,
        db_default=False,
        help_text=_("Nobody of the desk's company has opened the lead yet."),
    )
    is_masked = models.BooleanField(
        _("contact masked"),
        default=False,
        db_default=False,
        help_text=_("The desk does not know who the lead is about: the names here are empty."),
    )

    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    status_changed_at = models.DateTimeField()
    company = models.CharField(max_length=80)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    product_name = models.CharField(max_length=80)
    score = models.IntegerField()
    status = models.PositiveSmallIntegerField(choices=Status)

    kind = models.PositiveSmallIntegerField(default=0)
    product_id = models.BigIntegerField(null=True)
    marketplace_id = models.BigIntegerField(null=True)
    template_id = models.BigIntegerField(null=True)
    holder_id = models.BigIntegerField()
    holder_desk = models.PositiveSmallIntegerField()
    in_charge_id = models.BigIntegerField(null=True)
    qualification = models.PositiveSmallIntegerField()
    progress = models.PositiveSmallIntegerField()
    outcome = models.PositiveSmallIntegerField()
    source_kind = models.PositiveSmallIntegerField()
    is_near = models.BooleanField(default=False, db_default=False)
    is_mql = models.BooleanField()
    is_sql = models.BooleanField()

    objects = AccessQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-lead_id"]
        verbose_name = _("lead access")
        verbose_name_plural = _("lead access")
        constraints = [
            models.CheckConstraint(
                name="access_level_known", condition=Q(level__in=AccessLevel.values)
            )
        ]
        # Ascending only: both databases read an index backwards, and (value, lead) must run the same way.
        # The status behind them lets a count leave deleted leads out without a look at the rows.
        indexes = [
            Index(fields=["desk", "created_at", "lead", "status"], name="access_created"),
            Index(fields=["desk", "updated_at", "lead", "status"], name="access_updated"),
            Index(fields=["desk", "company", "lead"], name="access_company"),
            Index(fields=["desk", "first_name", "lead"], name="access_first_name"),
            Index(fields=["desk", "last_name", "lead"], name="access_last_name"),
            Index(fields=["desk", "product_name", "lead"], name="access_product_name"),
            Index(fields=["desk", "score", "lead", "status"], name="access_score"),
            Index(fields=["desk", "status", "created_at", "lead"], name="access_status"),
            Index(fields=["desk", "kind", "created_at", "lead", "status"], name="access_kind"),
            Index(
                fields=["desk", "product_id", "created_at", "lead", "status"], name="access_product"
            ),
            # A filter whose value has no hit at a desk must not walk the desk's rows (access.md section 1).
            Index(
                fields=["desk", "holder_id", "holder_desk", "created_at", "lead", "status"],
                name="access_recipient",
            ),
            Index(
                fields=["desk", "source_kind", "created_at", "lead", "status"], name="access_source"
            ),
            Index(
                fields=["desk", "qualification", "created_at", "lead", "status"],
                name="access_qualification",
            ),
            Index(
                fields=["desk", "progress", "created_at", "lead", "status"], name="access_progress"
            ),
            Index(
                fields=["desk", "status_changed_at", "lead", "status"], name="access_status_changed"
            ),
            Index(
                fields=["desk", "outcome", "created_at", "lead", "status"],
                name="access_outcome",
                condition=Q(outcome__gt=Outcome.NONE),
            ),
            Index(
                fields=["desk", "marketplace_id", "created_at", "lead", "status"],
                name="access_marketplace",
                condition=Q(marketplace_id__isnull=False),
            ),
            Index(
                fields=["desk", "template_id", "created_at", "lead", "status"],
                name="access_template",
                condition=Q(template_id__isnull=False),
            ),
            Index(
                fields=["desk", "in_charge_id", "created_at", "lead", "status"],
                name="access_in_charge",
                condition=Q(in_charge_id__isnull=False, level=AccessLevel.CURRENT),
            ),
            Index(
                fields=["desk", "created_at", "lead", "status"],
                name="access_near",
                condition=Q(is_near=True, level=AccessLevel.CURRENT),
            ),
            Index(
                fields=["desk", "created_at", "lead", "status"],
                name="access_mql",
                condition=Q(is_mql=True),
            ),
            Index(
                fields=["desk", "created_at", "lead", "status"],
                name="access_sql",
                condition=Q(is_sql=True),
            ),
            Index(
                fields=["desk", "status_changed_at", "lead"],
                name="access_waiting",
                condition=Q(
                    status__in=[Status.SUBMITTED, Status.ASSIGNED], level=AccessLevel.CURRENT
                ),
            ),
            Index(
                fields=["desk", "created_at", "lead", "status"],
                name="access_unopened",
                condition=Q(
                    is_unread=True,
                    status__in=[Status.SUBMITTED, Status.ASSIGNED],
                    level=AccessLevel.CURRENT,
                ),
            ),
            Index(
                fields=["desk", "lead"],
                name="access_past",
                condition=Q(level=AccessLevel.PAST),
            ),
            # A search asks for what these rows say themselves (leads/selectors/search.py).
            Index(fields=["desk", "lead"], name="access_masked", condition=Q(is_masked=True)),
        ]

    def __str__(self) -> str:
        return f"{self.desk_id}: {self.lead_id}"


class PastView(models.Model):
    """The contact data of a lead as a desk last saw it (domain.md section 2, *Past*). Personal data."""

    personal_data = True

    pk = models.CompositePrimaryKey("lead_id", "desk_id")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="past_views")
    desk = models.ForeignKey("accounts.Desk", models.CASCADE, related_name="+")
    contact = models.JSONField(default=dict)

    class Meta:
        ordering = ["lead_id", "desk_id"]
        verbose_name = _("past view")

    def __str__(self) -> str:
        return f"{self.desk_id}: {self.lead_id}"
