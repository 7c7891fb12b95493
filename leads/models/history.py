"""History: append-only, also in the database (leads/models/guards.py; security.md R25)."""

from django.conf import settings
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.enums import EventKind
from leads.models.lead import Lead
from leads.querysets import EventQuerySet


class Event(models.Model):
    """One line of a lead's history. Holds ids, field names and codes, no personal value.

    `digest` is made of the line and the digest of the lead's line before it, so that a line that was
    changed or taken out behind the portal's back shows (`manage.py check_history`).
    """

    personal_data = False

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="events", db_index=False)
    number = models.PositiveIntegerField(
        _("number"), help_text=_("Counts the lines of one lead from 1.")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=EventKind)
    at = models.DateTimeField(_("when"), default=clock.now)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    actor_company = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    actor_name = models.CharField(
        _("by"),
        max_length=120,
        blank=True,
        help_text=_("A rule, form or command; for a person the API token that acted."),
    )
    is_staff = models.BooleanField(_("as staff"), default=False)
    audience_company = models.ForeignKey(
        "accounts.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("Only this company reads the line; empty: everybody on the lead."),
    )
    data = models.JSONField(_("codes"), default=dict)
    digest = models.CharField(max_length=64, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-number"]
        verbose_name = _("history line")
        constraints = [
            # Two services that write to one lead at once: the lead's lock orders them, this key proves it.
            models.UniqueConstraint(fields=["lead", "number"], name="event_once"),
            models.CheckConstraint(name="event_kind_known", condition=Q(kind__in=EventKind.values)),
        ]
        indexes = [Index(fields=["kind", "at"], name="event_kind_at")]

    def __str__(self) -> str:
        return f"{self.lead_id}#{self.number} {self.kind}"


class EventValue(models.Model):
    """Old and new value of one field of a history line: erasable, unlike the line itself. Personal data."""

    personal_data = True

    event = models.ForeignKey(Event, models.CASCADE, related_name="values")
    field = models.CharField(_("field"), max_length=80)
    old = models.TextField(_("before"), blank=True)
    new = models.TextField(_("after"), blank=True)

    class Meta:
        ordering = ["event_id", "pk"]
        verbose_name = _("history value")
        constraints = [models.UniqueConstraint(fields=["event", "field"], name="event_value_once")]

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"
