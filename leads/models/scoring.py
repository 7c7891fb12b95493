"""Scores: the rules in versions, what prospects did, and why a lead has the score that it has."""

from django.conf import settings
from django.db import models
from django.db.models import Index, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from leads.models.lead import Lead
from leads.querysets import LinkQuerySet, SheetQuerySet
from leads.rules.scoring.kinds import BehaviourKind, SheetState
from leads.rules.scoring.links import new_key
from leads.rules.scoring.sheet import Bounds, Sheet, rule_of


class ScoreSheet(models.Model):
    """The scoring rules of a host, or of a vendor for one of its products (domain.md section 8); see its versions."""

    personal_data = False

    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="score_sheets")
    product = models.OneToOneField(
        "templates_app.Product", models.PROTECT, null=True, blank=True, related_name="score_sheet"
    )
    # The job that works at new scores, if there ever was one: its row knows how far it is.
    recalculation = models.ForeignKey(
        "accounts.Job", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=clock.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["product__name", "pk"]
        verbose_name = _("scoring rules")
        verbose_name_plural = _("scoring rules")
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(product__isnull=True), name="score_sheet_of_host"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """What the rules are for: a product, or every lead of the host without rules of a vendor."""
        return self.product.name if self.product else gettext("All leads")


class SheetVersion(models.Model):
    """One state of scoring rules. A draft is edited; what was published never changes: scores point at it.

    `rules` are as `rules.scoring.sheet.plain` writes them. `trial` is the last dry run of a draft
    (services/scoring/trial.py). At the threshold, `emails` and `targets` (ids of the company's Slack channels and
    webhooks) are told beside the person assigned.
    """

    personal_data = False

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=SheetState, default=SheetState.DRAFT
    )
    rules = models.JSONField(_("rules"), default=list, blank=True)
    fit_least = models.IntegerField(_("least points for fit"), null=True, blank=True)
    fit_most = models.IntegerField(_("most points for fit"), null=True, blank=True)
    behaviour_least = models.IntegerField(_("least points for behaviour"), null=True, blank=True)
    behaviour_most = models.IntegerField(_("most points for behaviour"), null=True, blank=True)
    threshold = models.IntegerField(_("threshold"), null=True, blank=True)
    emails = models.JSONField(_("email addresses"), default=list, blank=True)
    targets = models.JSONField(_("Slack channels and webhooks"), default=list, blank=True)
    trial = models.JSONField(_("dry run"), default=dict, blank=True, editable=False)
    trial_job = models.ForeignKey(
        "accounts.Job", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["sheet_id", "-number"]
        verbose_name = _("version of scoring rules")
        verbose_name_plural = _("versions of scoring rules")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="score_version_once"),
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(state="draft"), name="score_one_draft"
            ),
            models.UniqueConstraint(
                fields=["sheet"], condition=Q(state="published"), name="score_one_published"
            ),
            models.CheckConstraint(
                name="score_state_known", condition=Q(state__in=SheetState.values)
            ),
        ]

    def __str__(self) -> str:
        return gettext("Version %(number)s") % {"number": self.number}

    @property
    def content(self) -> Sheet:
        """The rules as they are reckoned with."""
        return Sheet(
            rules=tuple(rule_of(one) for one in self.rules),
            fit=Bounds(self.fit_least, self.fit_most),
            behaviour=Bounds(self.behaviour_least, self.behaviour_most),
            threshold=self.threshold,
        )


class LeadScore(models.Model):
    """Why a lead has its score: the version that made it, and the points of each rule.

    `reasons` are as `selectors.scoring.reasons_of` reads them. `next_at` is when points fade or a time is over: the
    worker looks at the lead again then. Rule keys and points, nothing that the prospect said.
    """

    personal_data = False

    lead = models.OneToOneField(Lead, models.CASCADE, primary_key=True, related_name="scored")
    version = models.ForeignKey(SheetVersion, models.PROTECT, related_name="+", db_index=False)
    fit = models.IntegerField(_("fit"))
    behaviour = models.IntegerField(_("behaviour"))
    reasons = models.JSONField(_("reasons"), default=list)
    before = models.IntegerField(_("score before"), default=0)
    scored_at = models.DateTimeField(_("scored"))
    next_at = models.DateTimeField(_("changes next"), null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("score")
        indexes = [
            Index(
                fields=["next_at", "lead"],
                condition=Q(next_at__isnull=False),
                name="score_next",
            )
        ]

    def __str__(self) -> str:
        return f"{self.lead_id}"


class TrackedLink(models.Model):
    """An address that a company puts into its mails and pages, so that a prospect's visit counts (domain.md section 8).

    `key` is its public name. An opened email has no address to go on to: a pixel is shown instead.
    """

    personal_data = False

    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="tracked_links")
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("counts as"), max_length=20, choices=BehaviourKind)
    about = models.CharField(_("page or paper"), max_length=80, blank=True)
    address = models.CharField(_("goes to"), max_length=500, blank=True)
    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("tracked link")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], name="link_named_once"),
            models.CheckConstraint(
                name="link_kind_known", condition=Q(kind__in=BehaviourKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Behaviour(models.Model):
    """Something that the prospect of a lead did, once: `key` makes a repeat of the same report harmless."""

    personal_data = True

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="behaviours", db_index=False)
    kind = models.CharField(_("what"), max_length=20, choices=BehaviourKind)
    about = models.CharField(_("page or paper"), max_length=80, blank=True)
    at = models.DateTimeField(_("when"))
    link = models.ForeignKey(
        TrackedLink, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    source = models.CharField(_("reported by"), max_length=120, blank=True)
    key = models.CharField(max_length=100, editable=False)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("behaviour")
        verbose_name_plural = _("behaviour")
        constraints = [
            models.UniqueConstraint(fields=["lead", "key"], name="behaviour_once"),
            models.CheckConstraint(
                name="behaviour_kind_known", condition=Q(kind__in=BehaviourKind.values)
            ),
        ]
        indexes = [Index(fields=["lead", "at"], name="behaviour_of_lead")]

    def __str__(self) -> str:
        return f"{self.lead_id}: {self.kind}"
