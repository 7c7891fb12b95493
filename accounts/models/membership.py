"""Who works where, in which roles, and who has been asked to join."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import PersonState, Role
from accounts.querysets import InvitationQuerySet, MembershipQuerySet
from leadportal.common import clock


class Membership(models.Model):
    """A person at work in a company. The desk follows from the roles (services.memberships). Personal data."""

    personal_data = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="memberships")
    desk = models.ForeignKey(
        "accounts.Desk",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        editable=False,
    )
    is_active = models.BooleanField(_("active"), default=True)
    preferences = models.JSONField(
        default=dict, editable=False, help_text=_("What the person has set for lists here.")
    )
    created_at = models.DateTimeField(_("since"), default=clock.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["user__last_name", "user__first_name", "pk"]
        verbose_name = _("membership")
        constraints = [models.UniqueConstraint(fields=["company", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.company}"

    @property
    def state(self) -> PersonState:
        """Whether the person can come in here."""
        if not (self.is_active and self.user.is_active):
            return PersonState.DEACTIVATED
        return PersonState.ACTIVE if self.user.has_password else PersonState.INVITED

    @property
    def role_list(self) -> list[Role]:
        """The roles, in the order of the enumeration; prefetch `roles` for lists."""
        held = {row.role for row in self.roles.all()}
        return [role for role in Role if role.value in held]


class MembershipRole(models.Model):
    """One role of one membership."""

    personal_data = False

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=24, choices=Role)

    class Meta:
        ordering = ["membership_id", "role"]
        verbose_name = _("role")
        constraints = [
            models.UniqueConstraint(fields=["membership", "role"], name="membership_role_once"),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class Invitation(models.Model):
    """An e-mail that asks somebody to join; the token itself is only in the mail. Personal data."""

    personal_data = True

    email = models.EmailField(_("email"))
    first_name = models.CharField(_("first name"), max_length=80, blank=True)
    last_name = models.CharField(_("last name"), max_length=80, blank=True)
    company = models.ForeignKey("accounts.Company", models.CASCADE, related_name="invitations")
    roles = models.JSONField(_("roles"), default=list)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("sent"), default=clock.now, editable=False)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("invitation")
        constraints = [
            # Two managers inviting the same person at once: the second gets a sentence, not a second row.
            models.UniqueConstraint(
                fields=["company", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.company} #{self.pk}"

    @property
    def role_list(self) -> list[Role]:
        """The roles that the person will have."""
        return [role for role in Role if role.value in self.roles]

    def is_valid_at(self, moment: datetime) -> bool:
        """Say whether the link still works at `moment`."""
        is_open = self.accepted_at is None and self.revoked_at is None
        return is_open and moment < self.expires_at
