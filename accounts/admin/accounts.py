"""Accounts: who can sign in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.services.addresses import forget_other_addresses
from leadportal.common.admin import PortalAdmin, masked_email


class _LowerCaseEmail:
    """Addresses are the names of accounts and stored in lower case."""

    cleaned_data: dict[str, Any]

    def clean_email(self) -> str:
        """Return the address in lower case."""
        return str(self.cleaned_data["email"]).lower()


class NewUserForm(_LowerCaseEmail, AdminUserCreationForm):
    """Django's form for a new account, by address instead of user name."""

    class Meta:
        model = User
        fields = ("email", "first_name", "last_name")


class UserForm(_LowerCaseEmail, UserChangeForm):
    """Django's form for an account."""

    class Meta:
        model = User
        fields = (
            *("email", "password", "first_name", "last_name", "time_zone", "theme", "density"),
            *("is_active", "is_staff", "is_superuser", "groups", "user_permissions"),
        )


@admin.register(User)
class PersonAdmin(PortalAdmin, UserAdmin):
    """Accounts; passwords by Django's own pages."""

    form, add_form = UserForm, NewUserForm
    ordering = ("-pk",)
    list_display = ("pk", "masked", "is_active", "is_staff", "last_login")
    list_display_links = ("pk", "masked")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "search")
    readonly_fields = ("last_login", "joined_at")
    filter_horizontal = ()
    autocomplete_fields = ("groups",)
    raw_id_fields = ("user_permissions",)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (gettext_lazy("Profile"), {"fields": ("first_name", "last_name")}),
        (gettext_lazy("Look"), {"fields": ("time_zone", "theme", "density")}),
        (
            gettext_lazy("Permissions"),
            {
                "fields": (
                    *("is_active", "is_staff", "is_superuser"),
                    *("groups", "user_permissions"),
                )
            },
        ),
        (gettext_lazy("Times"), {"fields": ("last_login", "joined_at")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": (
                    *("email", "first_name", "last_name"),
                    *("usable_password", "password1", "password2"),
                )
            },
        ),
    )

    @admin.display(description=gettext_lazy("email"), ordering="email")
    def masked(self, user: User) -> str:
        """Show as much of the address as a list needs."""
        return masked_email(user.email)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store the account; the address of before must not sign in any more."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            forget_other_addresses(obj)
