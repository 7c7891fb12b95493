"""The lead: one prospect's interest."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import DeskKind
from accounts.models import Company
from leadportal.common import clock
from leads.enums import Channel, HolderDesk, Outcome, Progress, Qualification, SourceKind, Status
from leads.querysets import LeadQuerySet
from leads.rules.access import Parties
from leads.rules.likeness import FIELDS, keys_of


class DisqualifyReason(models.Model):
    """A reason that a host offers; the first entry of every host is "Spam or test" (ux.md D13)."""

    personal_data = False

    host = models.ForeignKey("accounts.Company", models.CASCADE, related_name="disqualify_reasons")
    label = models.CharField(_("reason"), max_length=80)
    needs_text = models.BooleanField(_("needs an explanation"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = _("disqualify reason")
        constraints = [models.UniqueConstraint(fields=["host", "label"], name="reason_once")]

    def __str__(self) -> str:
        return self.label


class Lead(models.Model):
    """One prospect's interest, in three axes and an outcome (domain.md sections 2 and 3). Personal data.

    Only `leads.services` writes it. Its access rows carry the columns that lists sort and filter by;
    no such column is indexed here, so that an update can stay on its page (access.md section 2).
    """

    personal_data = True

    reference = models.CharField(_("Lead ID"), max_length=16, unique=True, editable=False)
    host = models.ForeignKey("accounts.Company", models.PROTECT, related_name="hosted_leads")
    marketplace = models.ForeignKey(
        "templates_app.Marketplace", models.PROTECT, null=True, blank=True
    )
    listing = models.ForeignKey("templates_app.Listing", models.PROTECT, null=True, blank=True)
    is_test = models.BooleanField(
        _("test"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Sent to try a form out: in no list, count, report or file."),
    )
    is_masked = models.BooleanField(
        _("contact masked"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Its holder reads who it is about once it has accepted the lead."),
    )
    product = models.ForeignKey("templates_app.Product", models.PROTECT, null=True, blank=True)
    template_version = models.ForeignKey(
        "templates_app.TemplateVersion", models.PROTECT, null=True, blank=True
    )
    answers = models.JSONField(_("answers"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    attributes = models.JSONField(
        _("custom attributes"), default=dict, blank=True, encoder=DjangoJSONEncoder
    )

    status = models.PositiveSmallIntegerField(_("status"), choices=Status)
    status_changed_at = models.DateTimeField(_("status changed"), default=clock.now)
    qualification = models.PositiveSmallIntegerField(
        _("qualification"), choices=Qualification, default=Qualification.NONE
    )
    progress = models.PositiveSmallIntegerField(
        _("progress"), choices=Progress, default=Progress.NEW
    )
    outcome = models.PositiveSmallIntegerField(_("outcome"), choices=Outcome, default=Outcome.NONE)

    holder = models.ForeignKey("accounts.Company", models.PROTECT, related_name="held_leads")
    holder_desk = models.PositiveSmallIntegerField(_("held by"), choices=HolderDesk)
    in_charge = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads_in_charge",
    )
    maker = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="made_leads"
    )
    maker_kinds = models.PositiveSmallIntegerField(_("made at desk"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="created_leads",
    )
    source_kind = models.PositiveSmallIntegerField(_("source"), choices=SourceKind)
    source_company = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="sourced_leads"
    )
    source_name = models.CharField(_("source name"), max_length=120, blank=True)

    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    email = models.EmailField(_("email"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    job_title = models.CharField(_("job title"), max_length=80, blank=True)
    company = models.CharField(_("company"), max_length=120, blank=True)
    website = models.CharField(_("web site"), max_length=200, blank=True)
    size = models.CharField(_("company size"), max_length=20, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    street = models.CharField(_("street"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=20, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    channel = models.PositiveSmallIntegerField(_("channel"), choices=Channel, default=Channel.WEB)

    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    next_step_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="next_steps"
    )

    score = models.IntegerField(_("score"), default=0)
    # Below the threshold of its rules, but not far; of a lead that is closed it says what was so before.
    is_near = models.BooleanField(
        _("close to the threshold"), default=False, db_default=False, editable=False
    )
    mql_at = models.DateTimeField(_("marketing qualified"), null=True, blank=True)
    sql_at = models.DateTimeField(_("sales qualified"), null=True, blank=True)
    consent_text = models.TextField(_("consent text"), blank=True)
    consent_at = models.DateTimeField(_("consent given"), null=True, blank=True)
    consent_source = models.CharField(_("consent source"), max_length=120, blank=True)
    consent_withdrawn_at = models.DateTimeField(_("consent withdrawn"), null=True, blank=True)

    associated_company = models.ForeignKey(
        "accounts.Company", models.PROTECT, null=True, blank=True, related_name="associated_leads"
    )
    associated_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="associated_leads",
    )
    closed_reason = models.ForeignKey(DisqualifyReason, models.PROTECT, null=True, blank=True)
    closed_text = models.CharField(_("explanation"), max_length=300, blank=True)
    status_before_delete = models.PositiveSmallIntegerField(
        _("status before deletion"), choices=Status, null=True, blank=True
    )

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        db_index=False,
        editable=False,
        help_text=_("Nobody sees a lead that was merged into another one."),
    )
    anonymised_at = models.DateTimeField(
        _("personal data removed"), null=True, blank=True, editable=False
    )

    search = models.TextField(editable=False, default="")
    search_changed_at = models.DateTimeField(default=clock.now, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=clock.now, editable=False)

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("lead")
        indexes = [
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="lead_merged_away",
            ),
            # The tests of one form among its many leads; whether a lead is a test never changes.
            models.Index(fields=["listing", "id"], name="lead_tests", condition=Q(is_test=True)),
            # Rows of a file that repeat a lead are found by it. An address seldom changes, and no list sorts by it.
            models.Index(Lower("email"), name="lead_email"),
        ]
        constraints = [
            models.CheckConstraint(name="lead_status_known", condition=Q(status__in=Status.values)),
            models.CheckConstraint(
                name="lead_qualification_known", condition=Q(qualification__in=Qualification.values)
            ),
            models.CheckConstraint(
                name="lead_progress_known", condition=Q(progress__in=Progress.values)
            ),
            models.CheckConstraint(
                name="lead_outcome_known", condition=Q(outcome__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="lead_outcome_of_converted",
                condition=Q(outcome=Outcome.NONE)
                | Q(status=Status.CONVERTED)
                | Q(status=Status.DELETED),
            ),
            models.CheckConstraint(
                name="lead_holder_desk_known", condition=Q(holder_desk__in=HolderDesk.values)
            ),
            models.CheckConstraint(
                name="lead_source_known", condition=Q(source_kind__in=SourceKind.values)
            ),
            models.CheckConstraint(
                name="lead_next_step_in_range",
                condition=Q(next_step_on__isnull=True)
                | Q(next_step_on__range=("1900-01-01", "2200-12-31")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def user_name(self) -> str:
        """The potential customer's name, or nothing."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def source_label(self) -> str:
        """The Source column, in AppDirect's words (domain.md section 2)."""
        if self.source_kind == SourceKind.PRODUCT_PROFILE and self.product:
            return self.product.name
        if self.source_company:
            return self.source_company.name
        if self.source_kind == SourceKind.MANUAL and self.marketplace:
            return self.marketplace.name
        return self.source_name or str(self.get_source_kind_display())

    @property
    def recipient_label(self) -> str:
        """The Recipient column: the host, "{host} Sales", or a company (AppDirect)."""
        if self.holder_desk == HolderDesk.SALES:
            return gettext("%(host)s Sales") % {"host": self.holder.name}
        return self.holder.name

    @property
    def parties(self) -> Parties:
        """The companies around the lead, as the rules read them; needs holder, maker and product."""
        return Parties(
            host_id=self.host_id,
            holder_id=self.holder_id,
            holder_desk=HolderDesk(self.holder_desk),
            holder_in_programme=self.holder_desk == HolderDesk.COMPANY
            and self._in_programme(self.holder),
            maker_id=self.maker_id,
            maker_kinds=DeskKind(self.maker_kinds),
            maker_in_programme=self.maker is not None and self._in_programme(self.maker),
            vendor_id=self.product.vendor_id if self.product else None,
            is_merged_away=self.merged_into_id is not None,
            is_test=self.is_test,
            is_masked=self.is_masked,
        )

    @property
    def likeness(self) -> frozenset[str]:
        """What leads of the same prospect have in common (leads/rules/likeness.py)."""
        return keys_of(**{name: getattr(self, name) for name in FIELDS})

    def _in_programme(self, company: Company) -> bool:
        return company.host_id == self.host_id and (company.is_reseller or company.is_referral)
