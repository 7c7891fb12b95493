"""Invitations."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.actors import SYSTEM
from accounts.admin.actions import each
from accounts.models import Invitation
from accounts.services.invitations import resend_invitation, revoke_invitation
from leadportal.common.admin import ReadOnlyAdmin, masked_email


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations; the link itself is nowhere but in the mail."""

    list_display = (
        "pk",
        "masked",
        "company",
        "created_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    )
    list_select_related = ("company",)
    search_fields = ("email", "company__name", "company__search")
    exclude = ("token_hash",)
    actions = ("resend", "revoke")

    @admin.display(description=gettext_lazy("email"), ordering="email")
    def masked(self, invitation: Invitation) -> str:
        """Show as much of the address as a list needs."""
        return masked_email(invitation.email)

    @admin.action(description=gettext_lazy("Send again"), permissions=["view"])
    def resend(self, request: HttpRequest, rows: QuerySet[Invitation]) -> None:
        """Send the mail again."""
        each(request, rows, lambda row: resend_invitation(row, actor=SYSTEM))

    @admin.action(description=gettext_lazy("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, rows: QuerySet[Invitation]) -> None:
        """End the invitations."""
        each(request, rows, lambda row: revoke_invitation(row, actor=SYSTEM))
