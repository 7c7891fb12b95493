"""Imports in Django admin, to read: the files themselves are their owners'."""

from django.contrib import admin

from leadportal.common.admin import ReadOnlyAdmin
from leads.admin.records import LeadRecordAdmin
from leads.models import Import, ImportedLead, ImportFault, ImportMapping


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    """Who sent which file, and what it came to."""

    list_display = ("pk", "name", "user", "company", "state", "made", "updated", "failed")
    list_filter = ("state",)
    list_select_related = ("user", "company")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("user__email__exact", "company__slug__exact", "name__exact")


@admin.register(ImportFault)
class ImportFaultAdmin(ReadOnlyAdmin):
    """Why rows of a file were refused."""

    list_display = ("pk", "source", "row", "sentence")
    list_select_related = ("source",)
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("source__name__exact",)


@admin.register(ImportedLead)
class ImportedLeadAdmin(LeadRecordAdmin):
    """Which row became which lead."""

    list_display = ("pk", "source", "row", "lead", "is_new")
    list_select_related = ("lead", "source")


@admin.register(ImportMapping)
class ImportMappingAdmin(ReadOnlyAdmin):
    """Mappings that companies have kept."""

    list_display = ("pk", "name", "company", "saved_by", "saved_at")
    list_select_related = ("company", "saved_by")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("company__slug__exact", "name__exact")
