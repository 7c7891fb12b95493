"""What belongs to leads in Django admin: all of it to read, the reasons of hosts to edit."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from accounts.selectors.actors import staff_at
from leadportal.common.admin import PortalAdmin, ReadOnlyAdmin
from leads.models import (
    ApiAnswer,
    BulkOutcome,
    BulkRun,
    Conversion,
    ConversionRequest,
    DisqualifyReason,
    Editing,
    Event,
    EventValue,
    ExportFile,
    ExportRecord,
    InboxItem,
    Lead,
    LeadMerge,
    LeadProduct,
    Mailbox,
    Note,
    RateLimit,
    SavedView,
    Source,
    Submission,
)
from leads.services.privacy import note_staff_view


class LeadRecordAdmin(ReadOnlyAdmin):
    """Rows below a lead: found by its Lead ID, newest first by key, which has an index."""

    ordering = ("-pk",)
    sortable_by = ()
    search_fields: ClassVar[tuple[str, ...]] = ("lead__reference__exact",)
    list_select_related: ClassVar[tuple[str, ...]] = ("lead",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by a complete Lead ID, however it is written."""
        return super().get_search_results(request, queryset, search_term.strip().upper())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Show one row; where it says something about the prospect, its lead's history keeps who looked."""
        lead = self.lead_of(context["original"])
        if request.method == "GET" and lead and getattr(self.model, "personal_data", False):
            note_staff_view(lead, actor=staff_at(lead.host, cast(User, request.user)))
        return super().render_change_form(request, context, *args, **options)

    def lead_of(self, row: Any) -> Lead | None:
        """Return the lead that a row belongs to."""
        return cast("Lead | None", row.lead)


@admin.register(Event)
class EventAdmin(LeadRecordAdmin):
    """History lines."""

    list_display = ("pk", "lead", "number", "kind", "at", "actor_user", "actor_name", "is_staff")
    list_filter = ("kind",)
    list_select_related = ("lead", "actor_user")


@admin.register(EventValue)
class EventValueAdmin(LeadRecordAdmin):
    """Old and new values; the list names the field alone."""

    list_display = ("pk", "event", "field")
    list_select_related = ("event",)
    search_fields = ("event__lead__reference__exact",)

    def lead_of(self, row: EventValue) -> Lead:
        """Return the lead whose history line has the values."""
        return row.event.lead


@admin.register(Note)
class NoteAdmin(LeadRecordAdmin):
    """Notes; the list does not show what they say."""

    list_display = ("pk", "lead", "author", "company", "kind", "audience", "created_at")
    list_filter = ("kind", "audience")
    list_select_related = ("lead", "author", "company")


@admin.register(LeadProduct)
class LeadProductAdmin(LeadRecordAdmin):
    """Products on leads."""

    list_display = ("pk", "lead", "product", "added_by", "added_at")
    list_select_related = ("lead", "product", "added_by")


@admin.register(ConversionRequest)
class ConversionRequestAdmin(LeadRecordAdmin):
    """Conversion requests. What was asked for is on the lead's page on the portal."""

    list_display = ("pk", "lead", "company", "requested_by", "requested_at", "state", "decided_by")
    list_filter = ("state",)
    list_select_related = ("lead", "company", "requested_by", "decided_by")
    exclude = ("values",)


@admin.register(Conversion)
class ConversionAdmin(LeadRecordAdmin):
    """What leads were converted into."""

    list_display = ("pk", "lead", "company", "user", "reseller", "converted_by", "converted_at")
    list_select_related = ("lead", "company", "user", "reseller", "converted_by")


@admin.register(LeadMerge)
class LeadMergeAdmin(LeadRecordAdmin):
    """Which lead was merged into which, by whom; what undoing would put back is not shown."""

    list_display = ("pk", "gone", "kept", "merged_by", "merged_at", "undone_at")
    list_select_related = ("gone", "kept", "merged_by")
    search_fields = ("gone__reference__exact", "kept__reference__exact")
    exclude = ("before",)

    def lead_of(self, row: LeadMerge) -> Lead:
        """Return the lead that is there."""
        return row.kept


@admin.register(Submission)
class SubmissionAdmin(LeadRecordAdmin):
    """What came in, as it came; the list does not show what was sent.

    Nor does the page as long as there is no lead, whose history would keep who looked.
    """

    list_display = ("pk", "lead", "source_kind", "door", "state", "reason", "received_at")
    list_filter = ("state", "reason", "source_kind")
    list_select_related = ("lead",)
    search_fields = ("lead__reference__exact", "receipt__exact")

    def get_exclude(self, request: HttpRequest, obj: Submission | None = None) -> tuple[str, ...]:
        """Leave out what nobody would know of, and what cannot be shown as it is."""
        is_lead = obj is not None and obj.lead_id is not None
        return ("body",) if is_lead else ("body", "payload", "headers")


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnlyAdmin):
    """Who took which data."""

    list_display = ("pk", "user", "company", "rows", "exported_at")
    list_select_related = ("user", "company")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("user__email__exact", "company__slug__exact")


@admin.register(ExportFile)
class ExportFileAdmin(ReadOnlyAdmin):
    """Who had which file made; the file itself is its owner's."""

    list_display = ("pk", "user", "company", "rows", "asked_at", "ready_at", "expires_at")
    list_select_related = ("user", "company")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("user__email__exact", "company__slug__exact")


@admin.register(Editing)
class EditingAdmin(LeadRecordAdmin):
    """Who has an edit page open, or had it a moment ago."""

    list_display = ("pk", "lead", "user", "company", "at")
    list_select_related = ("lead", "user", "company")


@admin.register(SavedView)
class SavedViewAdmin(ReadOnlyAdmin):
    """What people ask the list for; the leads are not in it."""

    list_display = ("pk", "name", "owner", "company", "is_shared", "created_at")
    list_filter = ("is_shared",)
    list_select_related = ("owner", "company")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("slug__exact", "owner__email__exact", "company__slug__exact")


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    """Webhook sources and mailboxes; neither the address nor the secret can be read here."""

    list_display = ("pk", "name", "kind", "company", "host", "shape", "is_active", "created_at")
    list_filter = ("is_active", "kind", "shape", "proof")
    list_select_related = ("company", "host")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("name__exact", "company__slug__exact")
    exclude = ("key", "secret")


@admin.register(Mailbox)
class MailboxAdmin(ReadOnlyAdmin):
    """How mailboxes are fetched; the password cannot be read here."""

    list_display = ("pk", "source", "imap_host", "user", "checked_at", "failing_since")
    list_select_related = ("source",)
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("source__name__exact", "imap_host__exact", "user__exact")
    exclude = ("password",)


@admin.register(BulkRun)
class BulkRunAdmin(ReadOnlyAdmin):
    """Who changed many leads at once."""

    list_display = ("pk", "user", "company", "action", "choice", "total", "started_at", "undone_at")
    list_select_related = ("user", "company")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("user__email__exact", "company__slug__exact")


@admin.register(BulkOutcome)
class BulkOutcomeAdmin(LeadRecordAdmin):
    """What became of each of them."""

    list_display = ("pk", "run", "lead", "state", "line")
    list_filter = ("state",)
    list_select_related = ("run", "lead")


@admin.register(InboxItem)
class InboxItemAdmin(ReadOnlyAdmin):
    """What people were told."""

    list_display = ("pk", "user", "company", "kind", "lead", "line", "created_at", "is_unread")
    list_filter = ("kind", "is_unread")
    list_select_related = ("user", "company", "lead")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("lead__reference__exact", "user__email__exact")


@admin.register(ApiAnswer)
class ApiAnswerAdmin(ReadOnlyAdmin):
    """Answers of the API that may be asked for again; what stands in them is not shown."""

    list_display = ("pk", "token", "key", "status", "lead", "made_at")
    list_select_related = ("token", "lead")
    exclude = ("body", "digest")
    ordering = ("-pk",)
    sortable_by = ()
    search_fields = ("lead__reference__exact", "token__prefix__exact")


@admin.register(RateLimit)
class RateLimitAdmin(ReadOnlyAdmin):
    """How often forms were posted and tokens called; the senders are not stored."""

    list_display = ("key", "window_start", "count")
    sortable_by = ()
    search_fields = ("key__exact",)


@admin.register(DisqualifyReason)
class DisqualifyReasonAdmin(PortalAdmin):
    """The reasons that hosts offer."""

    list_display = ("pk", "label", "host", "needs_text", "position", "is_active")
    list_display_links = ("pk", "label")
    list_filter = ("is_active",)
    list_select_related = ("host",)
    search_fields = ("label", "host__name")
    autocomplete_fields = ("host",)
    ordering = ("-pk",)
    sortable_by = ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say no: closed leads point at reasons. Switch one off instead."""
        return False
