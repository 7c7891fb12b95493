"""Slack channels, webhooks, what is on its way to them, and offers, in Django admin: to read."""

from django.contrib import admin

from leadportal.common.admin import ReadOnlyAdmin
from leads.models import Offer, OutgoingCall, Target


@admin.register(Target)
class TargetAdmin(ReadOnlyAdmin):
    """Slack channels and webhooks; neither the address nor the secret can be read here."""

    list_display = ("pk", "name", "company", "kind", "host", "is_active", "failing_since")
    list_filter = ("is_active", "kind")
    list_select_related = ("company",)
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("name__exact", "company__slug__exact")
    exclude = ("address", "secret")


@admin.register(OutgoingCall)
class OutgoingCallAdmin(ReadOnlyAdmin):
    """What is on its way to them."""

    list_display = ("pk", "target", "event", "lead", "state", "tries", "due_at", "sent_at")
    list_filter = ("state",)
    list_select_related = ("target", "lead")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("lead__reference__exact",)


@admin.register(Offer)
class OfferAdmin(ReadOnlyAdmin):
    """To whom leads were offered, and what became of it."""

    list_display = ("pk", "lead", "company", "state", "offered_at", "ends_at", "ended_at")
    list_filter = ("state", "is_unclaimed")
    list_select_related = ("lead", "company")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("lead__reference__exact", "company__slug__exact")
