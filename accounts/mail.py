"""All mail of the portal waits in a table and is sent by the worker, never in a request (security.md R13)."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.models import OutgoingMail
from leadportal.common.text import clean_line


class OutboxBackend(BaseEmailBackend):
    """Django's door for sending mail: stores one row per address in the caller's transaction."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store `email_messages`; return how many. Control characters never reach a header (M11)."""
        rows = [
            OutgoingMail(
                to=address,
                subject=clean_line(str(message.subject))[:200],
                text=str(message.body),
                html=_html(message),
                sender=clean_line(message.from_email),
            )
            for message in email_messages
            for address in message.recipients()
        ]
        OutgoingMail.objects.bulk_create(rows)
        return len(email_messages)


def _html(message: EmailMessage) -> str:
    alternatives = getattr(message, "alternatives", [])
    return next((str(body) for body, kind in alternatives if kind == "text/html"), "")
