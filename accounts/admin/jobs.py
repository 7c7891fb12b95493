"""Jobs on their way."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Job, JobState
from accounts.services.jobs import retry_job
from leadportal.common.admin import ReadOnlyAdmin


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """What the worker does, has done, and could not do."""

    list_display = ("pk", "kind", "state", "step", "steps", "tries", "due_at", "finished_at")
    list_filter = ("state",)
    search_fields = ("kind__exact", "last_error__exact")
    ordering = ("-pk",)
    sortable_by = ()
    actions = ("again",)

    @admin.action(description=gettext_lazy("Do again"), permissions=["view"])
    def again(self, request: HttpRequest, rows: QuerySet[Job]) -> None:
        """Give jobs that have failed another round of tries."""
        count = sum(retry_job(job) for job in rows.filter(state=JobState.FAILED))
        sentence = ngettext("%(count)s job waits again.", "%(count)s jobs wait again.", count)
        messages.success(request, sentence % {"count": count})
