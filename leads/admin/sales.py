"""Pipelines, deals, quotes and orders in Django admin: to be read; the portal's pages change them."""

from django.contrib import admin

from leadportal.common.admin import ReadOnlyAdmin
from leads.admin.records import LeadRecordAdmin
from leads.models import Deal, Order, OrderLine, Pipeline, Quote, QuoteLine, Stage

_SALE = ("reference", "lead", "customer", "seller", "currency", "created_at")
_FOUND_BY = ("reference__exact", "lead__reference__exact")


@admin.register(Pipeline)
class PipelineAdmin(ReadOnlyAdmin):
    """Pipelines of hosts."""

    list_display = ("name", "host", "position", "is_active", "created_at")
    list_filter = ("is_active",)
    list_select_related = ("host",)
    search_fields = ("name", "host__slug__exact")


@admin.register(Stage)
class StageAdmin(ReadOnlyAdmin):
    """Their stages."""

    list_display = ("name", "pipeline", "position", "probability", "colour")
    list_select_related = ("pipeline",)
    search_fields = ("name", "pipeline__name")


@admin.register(Deal)
class DealAdmin(LeadRecordAdmin):
    """Deals."""

    list_display = (*_SALE, "value", "stage", "outcome")
    list_filter = ("outcome",)
    list_select_related = ("lead", "customer", "seller", "stage")
    search_fields = _FOUND_BY


@admin.register(Quote)
class QuoteAdmin(LeadRecordAdmin):
    """Quotes."""

    list_display = (*_SALE, "total", "state", "sent_at", "answered_at")
    list_filter = ("state",)
    list_select_related = ("lead", "customer", "seller")
    search_fields = _FOUND_BY


@admin.register(Order)
class OrderAdmin(LeadRecordAdmin):
    """Orders."""

    list_display = (*_SALE, "total", "state")
    list_filter = ("state",)
    list_select_related = ("lead", "customer", "seller")
    search_fields = _FOUND_BY


@admin.register(QuoteLine)
class QuoteLineAdmin(ReadOnlyAdmin):
    """Lines of quotes."""

    list_display = ("pk", "quote", "product", "quantity", "unit_price", "discount", "tax")
    list_select_related = ("quote", "product")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("quote__reference__exact",)


@admin.register(OrderLine)
class OrderLineAdmin(ReadOnlyAdmin):
    """Lines of orders."""

    list_display = ("pk", "order", "product", "quantity", "unit_price", "discount", "tax")
    list_select_related = ("order", "product")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("order__reference__exact",)
