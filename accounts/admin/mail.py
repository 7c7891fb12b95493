"""Mail on its way."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import MailState, OutgoingMail
from accounts.services.outbox import send_again
from leadportal.common.admin import ReadOnlyAdmin, masked_email


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Mail on its way. Its text is not shown: it may hold links that let somebody in."""

    list_display = ("pk", "masked", "subject", "state", "tries", "due_at", "sent_at")
    list_filter = ("state",)
    search_fields = ("to",)
    exclude = ("text", "html", "stop_url")
    actions = ("again",)

    @admin.display(description=gettext_lazy("to"), ordering="to")
    def masked(self, mail: OutgoingMail) -> str:
        """Show as much of the address as a list needs."""
        return masked_email(mail.to)

    @admin.action(description=gettext_lazy("Send again"), permissions=["view"])
    def again(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        """Give mail that has failed another round of tries."""
        count = sum(send_again(mail) for mail in rows.filter(state=MailState.FAILED))
        sentence = ngettext("%(count)s mail waits again.", "%(count)s mails wait again.", count)
        messages.success(request, sentence % {"count": count})
