"""Assignment rules with territories in versions, whose turn it is, who is away, and why a lead went where it did."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.models.history import Event
from leads.models.lead import Lead
from leads.querysets import AbsenceQuerySet, RoutingQuerySet
from leads.rules.routing.book import Book

NOTE_LENGTH = 200


class BookState(models.TextChoices):
    """A draft is edited; a published version never changes: decisions point at it."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class Cause(models.TextChoices):
    """What made the rules run."""

    SUBMITTED = "submitted", _("the lead was submitted")
    THRESHOLD = "threshold", _("its score reached the threshold")
    DECLINED = "declined", _("it was declined")
    EXPIRED = "expired", _("nobody accepted it in time")
    PUBLISHED = "published", _("the rules were published")


class RoutingVersion(models.Model):
    """One state of a host's rule book (leads/rules/routing/book.py). The newest one that has started counts."""

    personal_data = False

    host = models.ForeignKey("accounts.Company", models.PROTECT, related_name="routing_versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=BookState, default=BookState.DRAFT)
    book = models.JSONField(_("rules and territories"), default=dict)
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)
    changed_at = models.DateTimeField(_("last changed"), default=clock.now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField(_("counts from"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RoutingQuerySet.as_manager()

    class Meta:
        ordering = ["host_id", "-number"]
        verbose_name = _("version of assignment rules")
        verbose_name_plural = _("versions of assignment rules")
        constraints = [
            models.UniqueConstraint(fields=["host", "number"], name="routing_version_once"),
            # Two managers who start a draft at once work on the same one.
            models.UniqueConstraint(
                fields=["host"], condition=Q(state="draft"), name="routing_one_draft"
            ),
            models.CheckConstraint(
                name="routing_state_known", condition=Q(state__in=BookState.values)
            ),
            models.CheckConstraint(
                name="routing_published_starts",
                condition=Q(state="draft") | Q(starts_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} v{self.number}"

    @property
    def rules(self) -> Book:
        """The book as rules read it."""
        return Book.of(self.book)


class RoutingTurn(models.Model):
    """Where a member of a round robin stands (leads/rules/routing/choosing.py), whatever version counts."""

    personal_data = False

    host = models.ForeignKey("accounts.Company", models.CASCADE, related_name="+", db_index=False)
    rule = models.CharField(_("rule"), max_length=16)
    member = models.CharField(_("member"), max_length=40)
    credit = models.IntegerField(_("credit"), default=0)
    day = models.DateField(_("day"), null=True)
    given = models.PositiveIntegerField(_("given that day"), default=0)
    shares = models.CharField(max_length=16, blank=True, editable=False)

    class Meta:
        ordering = ["host_id", "rule", "pk"]
        verbose_name = _("turn in a round robin")
        verbose_name_plural = _("turns in round robins")
        constraints = [
            # Two leads at once: the first of each waits here, the others at the row's lock.
            models.UniqueConstraint(fields=["host", "rule", "member"], name="routing_turn_once")
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.member}"


class RoutingDecision(models.Model):
    """Why a lead went where it did: the rule, everybody it could have gone to, and who was skipped and why.

    `event` is the line of history that says so. `company` and `user` got it: a company, a person there, or without
    a company the host's sales desk; nobody when `is_given` is false.
    """

    personal_data = False

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="routing_decisions")
    event = models.OneToOneField(Event, models.PROTECT, related_name="routing_decision")
    host = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+", db_index=False)
    version = models.ForeignKey(RoutingVersion, models.PROTECT, related_name="decisions")
    rule = models.CharField(_("rule"), max_length=16)
    rule_name = models.CharField(_("name of the rule"), max_length=80)
    cause = models.CharField(_("because"), max_length=10, choices=Cause)
    candidates = models.JSONField(_("candidates"), default=list)
    is_given = models.BooleanField(_("assigned"), default=False)
    company = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("assignment decision")
        constraints = [
            models.CheckConstraint(name="routing_cause_known", condition=Q(cause__in=Cause.values))
        ]
        indexes = [
            # How often a rule has matched lately.
            models.Index(fields=["host", "rule", "at"], name="routing_rule_at")
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.rule_name}"


class Absence(models.Model):
    """Days on which round robins skip a person at a company, or without a person the whole company. Personal data."""

    personal_data = True

    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="absences")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    first_day = models.DateField(_("first day away"))
    last_day = models.DateField(_("last day away"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField(_("set"), default=clock.now, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day", "pk"]
        verbose_name = _("absence")
        constraints = [
            models.CheckConstraint(
                name="absence_in_order", condition=Q(last_day__gte=F("first_day"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.user or self.company}: {self.first_day} – {self.last_day}"
