"""Lead templates: what a form asks, in versions. Never a class called Template: that is Django's word."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from templates_app.enums import DraftChangeKind, FieldKind, MapsTo, VersionState
from templates_app.querysets import TemplateQuerySet, VersionQuerySet
from templates_app.rules.fields import FieldSpec


class LeadTemplate(models.Model):
    """A vendor's (or host's) form definition; what it asks stands in its versions."""

    personal_data = False

    owner = models.ForeignKey("accounts.Company", models.PROTECT, related_name="lead_templates")
    product = models.ForeignKey(
        "templates_app.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lead_templates",
    )
    name = models.CharField(_("name"), max_length=120)
    is_reseller_form = models.BooleanField(
        _("reseller profile form"),
        default=False,
        help_text=_("Asked on the profile pages of the host's resellers."),
    )
    sends_acknowledgement = models.BooleanField(
        _("acknowledge by email"),
        default=False,
        help_text=_("Whoever sends the form gets an email with the receipt, once."),
    )
    acknowledgement = models.TextField(_("what happens next"), blank=True)
    masks_contact = models.BooleanField(
        _("mask contact until accepted"),
        default=False,
        help_text=_("A partner reads whom a lead is about once it has accepted the lead."),
    )
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=clock.now, editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("lead template")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="lead_template_once"),
            # Two managers who choose a form for reseller profiles at once: one of them wins.
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(is_reseller_form=True),
                name="lead_template_one_reseller_form",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateVersion(models.Model):
    """One state of a template. A draft is edited; a published version never changes: leads point at it."""

    personal_data = False

    template = models.ForeignKey(LeadTemplate, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["template_id", "-number"]
        verbose_name = _("template version")
        constraints = [
            models.UniqueConstraint(fields=["template", "number"], name="version_once"),
            # Two people who start a draft at once work on the same one.
            models.UniqueConstraint(
                fields=["template"], condition=Q(state="draft"), name="version_one_draft"
            ),
            models.UniqueConstraint(
                fields=["template"], condition=Q(state="published"), name="version_one_published"
            ),
            models.CheckConstraint(
                name="version_state_known", condition=Q(state__in=VersionState.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"


class DraftChange(models.Model):
    """The last change of a draft: what was asked before it, to be had back once (ux.md T5).

    `before` holds the fields in their order, as `rules.drafts.plain` writes them. Gone once it is published.
    """

    personal_data = False

    version = models.OneToOneField(TemplateVersion, models.CASCADE, related_name="last_change")
    kind = models.CharField(_("change"), max_length=8, choices=DraftChangeKind)
    key = models.SlugField(_("key"), max_length=60, blank=True)
    label = models.CharField(_("label"), max_length=200, blank=True)
    before = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("changed"), default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("last change of a draft")
        constraints = [
            models.CheckConstraint(
                name="draft_change_kind_known", condition=Q(kind__in=DraftChangeKind.values)
            )
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.kind}"


class TemplateField(models.Model):
    """One question of a version. `key` is made from the label and locked after the first publish."""

    personal_data = False

    version = models.ForeignKey(TemplateVersion, models.CASCADE, related_name="fields")
    position = models.PositiveIntegerField(_("position"))
    key = models.SlugField(_("key"), max_length=60)
    label = models.CharField(_("label"), max_length=200)
    kind = models.CharField(_("type"), max_length=12, choices=FieldKind)
    help_text = models.CharField(_("help text"), max_length=300, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    options = models.JSONField(_("options"), default=list, blank=True)
    max_length = models.PositiveIntegerField(_("longest text"), null=True, blank=True)
    min_value = models.DecimalField(
        _("smallest"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    max_value = models.DecimalField(
        _("largest"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    maps_to = models.CharField(_("maps to"), max_length=12, choices=MapsTo, blank=True)
    link = models.CharField(
        _("policy address"),
        max_length=200,
        blank=True,
        help_text=_("Where people read what they agree to. Opens in a new tab."),
    )

    class Meta:
        ordering = ["version_id", "position", "pk"]
        verbose_name = _("template field")
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="field_key_once"),
            models.CheckConstraint(name="field_kind_known", condition=Q(kind__in=FieldKind.values)),
            models.UniqueConstraint(
                fields=["version", "maps_to"], condition=~Q(maps_to=""), name="field_maps_once"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def spec(self) -> FieldSpec:
        """The question as the rules read it."""
        return FieldSpec(
            key=self.key,
            label=self.label,
            kind=FieldKind(self.kind),
            help_text=self.help_text,
            is_required=self.is_required,
            options=tuple(self.options),
            max_length=self.max_length,
            min_value=self.min_value,
            max_value=self.max_value,
            currency=self.currency,
            maps_to=MapsTo(self.maps_to) if self.maps_to else "",
            link=self.link,
        )
