"""Custom attributes of leads (AppDirect)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leadportal.common import clock
from templates_app.enums import AttributeKind, TextFormat
from templates_app.querysets import AttributeQuerySet
from templates_app.rules.attributes import AttributeSpec


class CustomAttribute(models.Model):
    """A field that a host adds to its leads, or a referral user for itself. `key` never changes.

    The three role lists hold `accounts.enums.Role` values: who sees, edits, and must fill the value.
    """

    personal_data = False

    host = models.ForeignKey("accounts.Company", models.PROTECT, related_name="attributes")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="own_attributes",
        help_text=_("A referral user's own attribute is visible only to that person."),
    )
    key = models.SlugField(_("key"), max_length=60, help_text=_("The column name in CSV files."))
    label = models.CharField(_("label"), max_length=120)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    kind = models.CharField(
        _("type"), max_length=12, choices=AttributeKind, default=AttributeKind.TEXT
    )
    text_format = models.CharField(
        _("format"), max_length=12, choices=TextFormat, default=TextFormat.ANY, blank=True
    )
    max_length = models.PositiveIntegerField(_("longest text"), null=True, blank=True)
    options = models.JSONField(_("options"), default=list, blank=True)
    view_roles = models.JSONField(_("who sees it"), default=list, blank=True)
    edit_roles = models.JSONField(_("who edits it"), default=list, blank=True)
    required_roles = models.JSONField(_("who must fill it"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = AttributeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "label", "pk"]
        verbose_name = _("custom attribute")
        constraints = [
            models.UniqueConstraint(fields=["host", "key"], name="attribute_key_once"),
            models.CheckConstraint(
                name="attribute_kind_known", condition=Q(kind__in=AttributeKind.values)
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def spec(self) -> AttributeSpec:
        """The attribute as the rules read it."""
        return AttributeSpec(
            key=self.key,
            label=self.label,
            kind=AttributeKind(self.kind),
            hint=self.hint,
            text_format=TextFormat(self.text_format),
            max_length=self.max_length,
            options=tuple(self.options),
            view_roles=frozenset(self.view_roles),
            edit_roles=frozenset(self.edit_roles),
            required_roles=frozenset(self.required_roles),
            owner_id=self.owner_id,
        )
