"""API tokens."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.actors import SYSTEM
from accounts.admin.actions import each
from accounts.models import ApiToken
from accounts.services.tokens import revoke_token
from leadportal.common.admin import ReadOnlyAdmin


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Which programs may come in; the keys themselves are nowhere."""

    list_display = (
        "pk",
        "name",
        "company",
        "role",
        "prefix",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    list_select_related = ("company",)
    search_fields = ("prefix__exact", "name__exact", "company__search")
    exclude = ("secret_hash",)
    ordering = ("-pk",)
    sortable_by = ()
    actions = ("revoke",)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, rows: QuerySet[ApiToken]) -> None:
        """End the tokens."""
        each(request, rows, lambda row: revoke_token(row, actor=SYSTEM))
