"""Scores in Django admin: rules, reasons, what prospects did, tracked links; all of it to read."""

from django.contrib import admin

from leadportal.common.admin import ReadOnlyAdmin
from leads.admin.records import LeadRecordAdmin
from leads.models import Behaviour, LeadScore, ScoreSheet, SheetVersion, TrackedLink


@admin.register(ScoreSheet)
class ScoreSheetAdmin(ReadOnlyAdmin):
    """Scoring rules of hosts and of vendors' products."""

    list_display = ("pk", "company", "product", "updated_at", "updated_by")
    list_select_related = ("company", "product", "updated_by")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("company__slug__exact", "product__name__exact")


@admin.register(SheetVersion)
class SheetVersionAdmin(ReadOnlyAdmin):
    """Their versions; who is told at the threshold is its company's matter."""

    list_display = ("pk", "sheet", "number", "state", "threshold", "published_at", "published_by")
    list_filter = ("state",)
    list_select_related = ("sheet__product", "published_by")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("sheet__company__slug__exact",)
    exclude = ("emails", "trial")


@admin.register(LeadScore)
class LeadScoreAdmin(LeadRecordAdmin):
    """Why leads have the scores that they have."""

    list_display = ("pk", "lead", "version", "fit", "behaviour", "scored_at", "next_at")
    list_select_related = ("lead", "version")


@admin.register(Behaviour)
class BehaviourAdmin(LeadRecordAdmin):
    """What prospects did."""

    list_display = ("pk", "lead", "kind", "at", "link")
    list_filter = ("kind",)
    list_select_related = ("lead", "link")


@admin.register(TrackedLink)
class TrackedLinkAdmin(ReadOnlyAdmin):
    """Addresses whose visits count."""

    list_display = ("pk", "name", "company", "kind", "about", "is_active", "created_at")
    list_filter = ("is_active", "kind")
    list_select_related = ("company",)
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("name__exact", "company__slug__exact")
