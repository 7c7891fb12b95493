"""Companies, their rights, their desks, and who sees and serves whom."""

from typing import Any, cast

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.actors import SYSTEM, Rights
from accounts.enums import Right
from accounts.models import (
    Company,
    CompanyAccess,
    CustomerLink,
    Desk,
    Holiday,
    RightChange,
    User,
)
from accounts.selectors.actors import staff_at
from accounts.services.companies import Access, Place, Profile, create_company, edit_company
from accounts.services.rights import set_rights
from leadportal.common.admin import PortalAdmin, ReadOnlyAdmin
from leadportal.common.errors import Refused

_PROFILE = (
    *("name", "website", "street", "postcode", "city"),
    *("region", "country", "size", "industry", "about"),
)
_ACCESS = ("is_developer", "is_marketplace", "is_reseller", "is_referral")
_RIGHTS = tuple(f"can_{right.value}" for right in Right)


@admin.register(Company)
class CompanyAdmin(PortalAdmin):
    """Companies. Access rights and the four permissions of resellers are changed by the services."""

    list_display = ("pk", "name", "host", *_ACCESS, "is_active")
    list_display_links = ("pk", "name")
    list_filter = (*_ACCESS, "is_active")
    list_select_related = ("host",)
    search_fields = ("name", "search", "slug")
    autocomplete_fields = ("host", "registered_by")
    ordering = ("-pk",)
    readonly_fields = ("slug", "created_at")
    fieldsets = (
        (None, {"fields": (*_PROFILE, "slug", "is_active", "created_at")}),
        (gettext_lazy("Access rights"), {"fields": (*_ACCESS, "host", "registered_by")}),
        (
            gettext_lazy("Permissions of a reseller company"),
            {"fields": _RIGHTS},
        ),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: leads, people and histories stand on companies. Switch one off instead."""
        return False

    def get_readonly_fields(
        self, request: HttpRequest, obj: Company | None = None
    ) -> tuple[str, ...]:
        """Only resellers have the four permissions; a new company starts with the defaults."""
        if obj is not None and obj.is_reseller:
            return self.readonly_fields
        return (*self.readonly_fields, *_RIGHTS)

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        """Let the services write: they keep who set what and when, and what depends on it."""
        values = {
            "profile": _read(Profile, obj, _PROFILE),
            "access": _read(Access, obj, _ACCESS),
            "place": Place(obj.host_id, obj.registered_by_id, obj.is_active),
        }
        rights = Rights(**{right.value: getattr(obj, f"can_{right.value}") for right in Right})
        try:
            if not change:
                obj.pk = create_company(**values, actor=SYSTEM).pk
                return
            edit_company(obj, **values, actor=SYSTEM)
            if obj.host is not None and set(_RIGHTS) & set(form.changed_data):
                set_rights(obj, rights=rights, actor=staff_at(obj.host, cast(User, request.user)))
        except Refused as refusal:
            messages.error(request, refusal.sentence)


def _read(kind: Any, company: Company, names: tuple[str, ...]) -> Any:
    return kind(**{name: getattr(company, name) for name in names})


@admin.register(RightChange)
class RightChangeAdmin(ReadOnlyAdmin):
    """Who set which permission of a reseller company."""

    list_display = ("pk", "company", "right", "old", "new", "changed_by", "changed_at")
    list_filter = ("right",)
    list_select_related = ("company", "changed_by")
    search_fields = ("company__name", "company__search")


@admin.register(Desk)
class DeskAdmin(ReadOnlyAdmin):
    """Desks; they open by themselves."""

    list_display = ("pk", "company", "kinds")
    list_filter = ("kinds",)
    list_select_related = ("company",)
    search_fields = ("company__name", "company__search")
    ordering = ("-pk",)


@admin.register(Holiday)
class HolidayAdmin(ReadOnlyAdmin):
    """Days on which companies do not work; they enter them themselves."""

    list_display = ("pk", "company", "day", "name")
    list_select_related = ("company",)
    search_fields = ("company__name", "company__search", "name")
    ordering = ("-pk",)


@admin.register(CompanyAccess)
class CompanyAccessAdmin(ReadOnlyAdmin):
    """Which desk sees which company beside its own."""

    list_display = ("pk", "desk", "company")
    list_select_related = ("desk__company", "company")
    search_fields = ("company__name", "company__search")
    ordering = ("-pk",)


@admin.register(CustomerLink)
class CustomerLinkAdmin(ReadOnlyAdmin):
    """Which reseller sells to which customer."""

    list_display = ("pk", "customer", "reseller", "linked_by", "linked_at")
    list_select_related = ("customer", "reseller", "linked_by")
    search_fields = ("customer__name", "customer__search", "reseller__name", "reseller__search")
    ordering = ("-pk",)
