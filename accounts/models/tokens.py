"""Keys for programs that work with the API in somebody's name (security.md R28)."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, Scope
from accounts.querysets import TokenQuerySet
from leadportal.common import clock


class ApiToken(models.Model):
    """A key that acts as one role of its maker at one company, narrowed by scopes.

    The key itself is shown once; here are its prefix, which finds the row, and its fingerprint. It works no
    longer than its maker holds the role there.
    """

    personal_data = False

    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    name = models.CharField(_("name"), max_length=60)
    role = models.CharField(_("role"), max_length=24, choices=Role)
    scopes = models.JSONField(_("scopes"), default=list)
    prefix = models.CharField(_("begins with"), max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("made"), default=clock.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [
            # Histories name the token: two of one company that work at once are called differently.
            models.UniqueConstraint(
                fields=["company", "name"],
                condition=Q(revoked_at__isnull=True),
                name="token_name_once",
            ),
            models.CheckConstraint(name="token_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_list(self) -> list[Scope]:
        """The scopes, in the order of the enumeration."""
        return [scope for scope in Scope if scope.value in self.scopes]

    def is_valid_at(self, moment: datetime) -> bool:
        """Say whether the key still works at `moment`, whatever became of its maker."""
        return self.revoked_at is None and moment < self.expires_at
