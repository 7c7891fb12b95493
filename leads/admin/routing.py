"""Assignment rules in Django admin: all of it to read; they are changed on the portal's own pages."""

from django.contrib import admin

from leadportal.common.admin import ReadOnlyAdmin
from leads.admin.records import LeadRecordAdmin
from leads.models import Absence, RoutingDecision, RoutingTurn, RoutingVersion


@admin.register(RoutingVersion)
class RoutingVersionAdmin(ReadOnlyAdmin):
    """Versions of assignment rules and territories."""

    list_display = ("pk", "host", "number", "state", "starts_at", "published_by", "note")
    list_filter = ("state",)
    list_select_related = ("host", "published_by")
    search_fields = ("host__name", "note")
    ordering = ("-pk",)


@admin.register(RoutingDecision)
class RoutingDecisionAdmin(LeadRecordAdmin):
    """Why leads went where they did."""

    list_display = ("pk", "lead", "rule_name", "cause", "is_given", "company", "user", "at")
    list_filter = ("cause", "is_given")
    list_select_related = ("lead", "company", "user")


@admin.register(RoutingTurn)
class RoutingTurnAdmin(ReadOnlyAdmin):
    """Where round robins stand."""

    list_display = ("pk", "host", "rule", "member", "credit", "day", "given")
    list_select_related = ("host",)
    search_fields = ("host__name", "rule")
    ordering = ("-pk",)


@admin.register(Absence)
class AbsenceAdmin(ReadOnlyAdmin):
    """Who is away, and when."""

    list_display = ("pk", "company", "user", "first_day", "last_day", "set_by")
    list_select_related = ("company", "user", "set_by")
    search_fields = ("company__name", "user__email")
    ordering = ("-pk",)
