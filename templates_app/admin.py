"""Django admin of the catalogue and lead templates, for staff (ux.md 2.12).

Rows are made in the portal, by the companies whose they are; what staff may change goes through the services.
"""

from typing import Any

from django.contrib import admin, messages
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.actors import SYSTEM
from leadportal.common.admin import PortalAdmin, ReadOnlyAdmin
from leadportal.common.errors import Refused
from templates_app.enums import ProductKind
from templates_app.forms.catalogue import EditMarketplaceForm, EditProductForm
from templates_app.models import (
    CustomAttribute,
    DraftChange,
    LeadTemplate,
    Listing,
    Marketplace,
    Product,
    TemplateField,
    TemplateVersion,
)
from templates_app.services.attributes import activate_attribute, deactivate_attribute
from templates_app.services.catalogue import edit_marketplace, edit_product
from templates_app.services.listings import close_listing, open_listing


class _ChangeOnly(PortalAdmin):
    """Rows that staff may change, but neither make nor delete: leads stand on them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Let the service write; say why when it refuses."""
        try:
            self.write(obj, form)
        except Refused as refusal:
            messages.error(request, refusal.sentence)

    def write(self, obj: Any, form: Any) -> None:
        """Call the service with what the form holds."""
        raise NotImplementedError


class _MarketplaceForm(ModelForm):
    """The portal's own fields, so that staff type into the same cleaner."""

    name = EditMarketplaceForm.base_fields["name"]
    accept_hours = EditMarketplaceForm.base_fields["accept_hours"]
    progress_hours = EditMarketplaceForm.base_fields["progress_hours"]
    retention_days = EditMarketplaceForm.base_fields["retention_days"]

    class Meta:
        model = Marketplace
        fields = (
            *("name", "leads_go_to_vendor", "accept_hours", "progress_hours"),
            *("retention_days", "is_active"),
        )


class _ProductForm(ModelForm):
    """See `_MarketplaceForm`."""

    name = EditProductForm.base_fields["name"]
    summary = EditProductForm.base_fields["summary"]
    description = EditProductForm.base_fields["description"]

    class Meta:
        model = Product
        fields = ("name", "kind", "summary", "description", "is_active")


@admin.register(Marketplace)
class MarketplaceAdmin(_ChangeOnly):
    """Marketplaces; their addresses stay."""

    form = _MarketplaceForm
    fields = (
        *("host", "name", "slug", "leads_go_to_vendor", "accept_hours", "progress_hours"),
        *("retention_days", "is_active", "created_at"),
    )
    readonly_fields = ("host", "slug", "created_at")
    list_display = ("pk", "name", "host", "leads_go_to_vendor", "is_active")
    list_display_links = ("pk", "name")
    list_filter = ("is_active", "leads_go_to_vendor")
    list_select_related = ("host",)
    search_fields = ("name", "slug", "host__name")
    ordering = ("-pk",)

    def write(self, obj: Marketplace, form: Any) -> None:
        """See `_ChangeOnly`."""
        edit_marketplace(obj, **form.cleaned_data, actor=SYSTEM)


@admin.register(Product)
class ProductAdmin(_ChangeOnly):
    """Products; their addresses stay."""

    form = _ProductForm
    fields = ("vendor", "name", "slug", "kind", "summary", "description", "is_active", "created_at")
    readonly_fields = ("vendor", "slug", "created_at")
    list_display = ("pk", "name", "vendor", "kind", "is_active")
    list_display_links = ("pk", "name")
    list_filter = ("kind", "is_active")
    list_select_related = ("vendor",)
    search_fields = ("name", "slug", "vendor__name")
    ordering = ("-pk",)

    def write(self, obj: Product, form: Any) -> None:
        """See `_ChangeOnly`."""
        values = {**form.cleaned_data, "kind": ProductKind(form.cleaned_data["kind"])}
        edit_product(obj, **values, actor=SYSTEM)


@admin.register(Listing)
class ListingAdmin(_ChangeOnly):
    """Listings; staff can close one, for example against abuse, and open it again."""

    fields = (
        "product",
        "marketplace",
        "version",
        "slug",
        "contact",
        "thanks",
        "allowed_sites",
        "accent",
        "corner",
        "is_active",
        "created_at",
    )
    readonly_fields = (
        "product",
        "marketplace",
        "version",
        "slug",
        "contact",
        "thanks",
        "allowed_sites",
        "accent",
        "corner",
        "created_at",
    )
    list_display = ("pk", "slug", "product", "marketplace", "version", "is_active")
    list_display_links = ("pk", "slug")
    list_filter = ("is_active",)
    list_select_related = ("product", "marketplace", "version__template")
    search_fields = ("slug", "product__name", "marketplace__name")
    ordering = ("-pk",)

    def write(self, obj: Listing, form: Any) -> None:
        """See `_ChangeOnly`."""
        if "is_active" in form.changed_data:
            (open_listing if obj.is_active else close_listing)(obj, actor=SYSTEM)


@admin.register(CustomAttribute)
class CustomAttributeAdmin(_ChangeOnly):
    """Custom attributes; staff can switch one off, and on again."""

    list_display = ("pk", "key", "label", "host", "owner", "kind", "is_active")
    list_display_links = ("pk", "key")
    list_filter = ("kind", "is_active")
    list_select_related = ("host", "owner")
    search_fields = ("key", "label", "host__name")
    ordering = ("-pk",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Return everything but the switch."""
        return tuple(
            field.name
            for field in self.opts.concrete_fields
            if field.name not in {"is_active", "id"}
        )

    def write(self, obj: CustomAttribute, form: Any) -> None:
        """See `_ChangeOnly`."""
        if "is_active" in form.changed_data:
            (activate_attribute if obj.is_active else deactivate_attribute)(obj, actor=SYSTEM)


class _ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _Versions(_ReadOnlyInline):
    model = TemplateVersion
    fields = ("number", "state", "published_at", "published_by")


class _Fields(_ReadOnlyInline):
    model = TemplateField
    fields = ("position", "key", "label", "kind", "is_required", "maps_to")


@admin.register(LeadTemplate)
class LeadTemplateAdmin(ReadOnlyAdmin):
    """Lead templates; their owners change them in the builder."""

    list_display = (
        "pk",
        "name",
        "owner",
        "product",
        "is_reseller_form",
        "is_archived",
        "updated_at",
    )
    list_display_links = ("pk", "name")
    list_filter = ("is_archived", "is_reseller_form")
    list_select_related = ("owner", "product")
    search_fields = ("name", "owner__name", "product__name")
    ordering = ("-pk",)
    inlines = (_Versions,)


@admin.register(TemplateVersion)
class TemplateVersionAdmin(ReadOnlyAdmin):
    """Versions; published ones never change, in no door."""

    list_display = ("pk", "template", "number", "state", "published_at", "published_by")
    list_display_links = ("pk", "template")
    list_filter = ("state",)
    list_select_related = ("template", "published_by")
    search_fields = ("template__name",)
    ordering = ("-pk",)
    inlines = (_Fields,)


@admin.register(DraftChange)
class DraftChangeAdmin(ReadOnlyAdmin):
    """Last changes of drafts, with what stood there before."""

    list_display = ("pk", "version", "kind", "label", "at", "by")
    list_display_links = ("pk", "version")
    list_filter = ("kind",)
    list_select_related = ("version__template", "by")
    search_fields = ("label", "version__template__name")
    ordering = ("-pk",)


@admin.register(TemplateField)
class TemplateFieldAdmin(ReadOnlyAdmin):
    """Questions, to be searched by key."""

    list_display = ("pk", "key", "label", "kind", "version", "position")
    list_display_links = ("pk", "key")
    list_filter = ("kind",)
    list_select_related = ("version__template",)
    search_fields = ("key", "label", "version__template__name")
    ordering = ("-pk",)
