"""Send what waits in the outbox: claim under a lease, send outside the transaction, mark (security.md R15, R16).

A worker that dies between sending and marking leaves a row whose lease runs out: the mail goes out a second
time under the same Message-ID, and is never lost. All moments are the database's own, so that the clocks of
several workers do not matter.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import Invitation, MailState, OutgoingMail, User
from accounts.services.leases import claim, is_free, repeat_until, wait_after
from leadportal.common.text import clean_line

logger = logging.getLogger(__name__)

TRIES = 8
TIMEOUT = 20  # seconds that one step of a conversation with the mail server may take
LEASE = timedelta(minutes=10)  # longer than a whole conversation


def send_until(stop: threading.Event) -> None:
    """Look for due mail again and again until `stop` is set."""
    repeat_until(stop, lambda: send_due_mail(should_stop=stop.is_set))


def send_due_mail(*, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Send everything that is due, one after the other, until `should_stop`; return how many went out.

    A message that cannot be sent waits for its next try and does not hold up the others.
    """
    sent = 0
    connection = _connection()
    try:
        while not should_stop() and (mail := claim_mail()) is not None:
            sent += _send(mail, connection)
    finally:
        with suppress(Exception):
            connection.close()
    return sent


def claim_mail() -> OutgoingMail | None:
    """Take the next mail that is due under a lease, or None. No two workers hold the same one."""
    free = OutgoingMail.objects.filter(is_free(), state=MailState.WAITING)
    return claim(free, leased_until=Now() + LEASE)


@transaction.atomic
def mark_sent(mail: OutgoingMail) -> bool:
    """Note that `mail` went out, unless another worker has it by now. Links in it are secrets: the text goes."""
    done = _held(mail).update(
        state=MailState.SENT,
        sent_at=Now(),
        leased_until=None,
        last_error="",
        text="",
        html="",
        stop_url="",
    )
    return bool(done)


@transaction.atomic
def mark_failed(mail: OutgoingMail, error: str) -> bool:
    """Note why a try failed; the next one comes later each time, and after the last the mail has failed."""
    state = MailState.FAILED if mail.tries >= TRIES else MailState.WAITING
    return bool(
        _held(mail).update(
            state=state,
            due_at=Now() + wait_after(mail.tries),
            leased_until=None,
            last_error=error[:300],
        )
    )


@transaction.atomic
def send_again(mail: OutgoingMail) -> bool:
    """Give a mail that has failed another round of tries. For staff."""
    failed = OutgoingMail.objects.filter(pk=mail.pk, state=MailState.FAILED)
    return bool(failed.update(state=MailState.WAITING, due_at=Now(), tries=0, leased_until=None))


def store_mail(*, to: str, subject: str, text: str, html: str, stop_url: str = "") -> OutgoingMail:
    """Store one mail in the caller's transaction and return its row; what else writes mail uses Django's door.

    `stop_url` takes a post without sign-in that stops such mails.
    """
    return OutgoingMail.objects.create(
        to=to,
        subject=clean_line(subject)[:200],
        text=text,
        html=html,
        stop_url=stop_url,
        sender=clean_line(settings.DEFAULT_FROM_EMAIL),
    )


@transaction.atomic
def forget_mail(address: str) -> int:
    """Remove every mail to an address, sent or not, unless an account or an open invitation has it; return how many."""
    known = User.objects.filter(email__iexact=address).exists()
    if not address or known or Invitation.objects.open().filter(email__iexact=address).exists():
        return 0
    return OutgoingMail.objects.filter(to__iexact=address).delete()[0]


def _held(mail: OutgoingMail) -> Any:
    """Return the row of `mail` as long as the lease is still this worker's."""
    return OutgoingMail.objects.filter(
        pk=mail.pk, state=MailState.WAITING, leased_until=mail.leased_until
    )


def _send(mail: OutgoingMail, connection: BaseEmailBackend) -> int:
    try:
        connection.send_messages([_message(mail, connection)])
    except Exception as error:  # noqa: BLE001  (whatever one message raises, the others must go out)
        logger.warning("Mail %s could not be sent: %s", mail.message_id, type(error).__name__)
        with suppress(Exception):
            connection.close()
        mark_failed(mail, f"{type(error).__name__}: {error}")
        return 0
    return int(mark_sent(mail))


def _message(mail: OutgoingMail, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """Build the message; its Message-ID is the row's, so that a repeat is recognised as one."""
    headers = {
        "Message-ID": f"<{mail.message_id}@{urlsplit(settings.PORTAL_URL).hostname}>",
        "Date": format_datetime(mail.created_at),
    }
    if mail.stop_url:
        headers["List-Unsubscribe"] = f"<{mail.stop_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=mail.sender,
        to=[mail.to],
        connection=connection,
        headers=headers,
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _connection() -> BaseEmailBackend:
    """Return the door to the mail server that MAIL_URL names."""
    server = settings.MAIL_SERVER
    options = {
        "host": server.get("EMAIL_HOST"),
        "port": server.get("EMAIL_PORT"),
        "username": server.get("EMAIL_HOST_USER"),
        "password": server.get("EMAIL_HOST_PASSWORD"),
        "use_tls": server.get("EMAIL_USE_TLS"),
        "use_ssl": server.get("EMAIL_USE_SSL"),
        "file_path": server.get("EMAIL_FILE_PATH"),
        "timeout": TIMEOUT,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return get_connection(backend=server["EMAIL_BACKEND"], **given)
