"""People in companies, and their roles."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import SYSTEM
from accounts.admin.actions import each
from accounts.enums import Role
from accounts.models import Membership, MembershipRole
from accounts.rules.roles import roles_at
from accounts.services.memberships import (
    add_member,
    change_roles,
    deactivate_member,
    reactivate_member,
)
from leadportal.common.admin import PortalAdmin, ReadOnlyAdmin, masked_email
from leadportal.common.errors import Invalid


class MembershipForm(forms.ModelForm):
    """A membership with its roles, which are rows of their own."""

    role_choice = forms.MultipleChoiceField(
        label=gettext_lazy("roles"),
        choices=Role.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Membership
        fields = ("user", "company")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["role_choice"] = [role.value for role in self.instance.role_list]

    def clean(self) -> dict[str, Any]:
        """Refuse roles that the company cannot have."""
        cleaned = super().clean() or {}
        company = cleaned.get("company") or getattr(self.instance, "company", None)
        if company is not None and not set(cleaned.get("role_choice", [])) <= set(
            roles_at(company)
        ):
            self.add_error(
                "role_choice",
                _("%(company)s cannot have all of these roles.") % {"company": company},
            )
        return cleaned


@admin.register(Membership)
class MembershipAdmin(PortalAdmin):
    """Who works where. Roles and state go through the services, because desks follow from them."""

    form = MembershipForm
    list_display = ("pk", "masked", "company", "role_names", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("user", "company")
    search_fields = ("user__email", "user__search", "company__name", "company__search")
    autocomplete_fields = ("user", "company")
    ordering = ("-pk",)
    actions = ("deactivate", "reactivate")
    readonly_fields = ("is_active", "desk", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Read the roles of a page at once."""
        return super().get_queryset(request).prefetch_related("roles")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Person and company of a membership stay what they are."""
        fixed = ("user", "company") if obj else ()
        return (*fixed, *self.readonly_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: people are removed in the portal, or deactivated here."""
        return False

    @admin.display(description=gettext_lazy("person"), ordering="user__email")
    def masked(self, membership: Membership) -> str:
        """Show as much of the address as a list needs."""
        return masked_email(membership.user.email)

    @admin.display(description=gettext_lazy("roles"))
    def role_names(self, membership: Membership) -> str:
        """Name the roles."""
        return ", ".join(str(role.label) for role in membership.role_list)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Let the services write."""
        roles = [Role(value) for value in form.cleaned_data["role_choice"]]
        if not change:
            made = add_member(obj.company, user=obj.user, roles=roles, actor=SYSTEM)
            obj.pk = made.pk
            return
        try:
            change_roles(obj, roles=roles, actor=SYSTEM)
        except Invalid as refusal:
            messages.error(request, refusal.sentence)

    @admin.action(description=gettext_lazy("Deactivate"), permissions=["change"])
    def deactivate(self, request: HttpRequest, rows: QuerySet[Membership]) -> None:
        """Take access away."""
        each(request, rows, lambda row: deactivate_member(row, actor=SYSTEM))

    @admin.action(description=gettext_lazy("Reactivate"), permissions=["change"])
    def reactivate(self, request: HttpRequest, rows: QuerySet[Membership]) -> None:
        """Give access back."""
        each(request, rows, lambda row: reactivate_member(row, actor=SYSTEM))


@admin.register(MembershipRole)
class MembershipRoleAdmin(ReadOnlyAdmin):
    """Roles, row by row."""

    list_display = ("pk", "membership_id", "role")
    list_filter = ("role",)
    search_fields = ("membership__user__email", "membership__company__search")
    ordering = ("-pk",)
