"""Mailboxes are made, changed, paused and tested. Addresses, mappings and pausing are those of `services.sources`."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common.errors import Conflict, Invalid
from leadportal.common.outbound import is_allowed
from leads.enums import Connection, SourceKind
from leads.models import Mailbox, Source
from leads.rules.sources.addresses import seal
from leads.services.sources import held_source, new_source, one_name

# Where mail servers listen; the operator names others in OUTBOUND_ALLOW, so that nobody looks for open doors.
PORTS = {143, 993}


@dataclass(frozen=True)
class MailboxSettings:
    """What a form says of a mailbox. Without a `host` nothing is fetched; an empty `password` keeps the stored one."""

    name: str
    mails_per_hour: int
    takes_programs: bool
    host: str = ""
    port: int = 993
    connection: Connection = Connection.TLS
    user: str = ""
    password: str = ""
    folder: str = "INBOX"
    moves_to: str = ""


@transaction.atomic
def create_mailbox(settings: MailboxSettings, *, feed: str, actor: Person) -> Source:
    """Store a mailbox whose leads are for `feed`, a word of `selectors.sources.feeds`; return its source.

    Raises Forbidden, Conflict for one source too many, Invalid on `feed` or a setting.
    """
    row = new_source(SourceKind.EMAIL, feed=feed, actor=actor)
    mailbox = Mailbox()
    _set(row, mailbox, settings)
    with one_name():
        row.save()
    mailbox.source = row
    mailbox.save()
    return row


@transaction.atomic
def edit_mailbox(source: Source, settings: MailboxSettings, *, actor: Person) -> Source:
    """Change everything but what the leads are for; the next visit comes at once. Raises NotFound, Invalid."""
    row = held_source(source, actor)
    mailbox = Mailbox.objects.select_for_update().get(source=row)
    _set(row, mailbox, settings)
    with one_name():
        row.save(update_fields=["name", "posts_per_hour"])
    mailbox.tries, mailbox.failing_since, mailbox.last_error = 0, None, ""
    mailbox.save()
    Mailbox.objects.filter(pk=mailbox.pk).update(due_at=Now())
    return row


@transaction.atomic
def test_mailbox(source: Source, *, actor: Person) -> Source:
    """Let the worker try to get into a mailbox, now; its page says how that went. Raises NotFound, Conflict."""
    row = held_source(source, actor)
    asked = Mailbox.objects.filter(source=row).exclude(imap_host="")
    if not asked.update(test_asked_at=Now(), due_at=Now()):
        raise Conflict(_("This mailbox is not fetched: name its mail server first."))
    return row


def _set(row: Source, mailbox: Mailbox, settings: MailboxSettings) -> None:
    row.name, row.posts_per_hour = settings.name, settings.mails_per_hour
    mailbox.takes_programs = settings.takes_programs
    if not settings.host:
        mailbox.imap_host = mailbox.user = mailbox.password = ""
        return
    _check_place(settings)
    is_elsewhere = (mailbox.imap_host, mailbox.user) != (settings.host, settings.user)
    if settings.password:
        mailbox.password = seal(settings.password)
    elif is_elsewhere or not mailbox.password:
        # Or whoever changes the server would be sent the password of the old one.
        raise Invalid({"password": _("Enter the password of this mailbox")})
    mailbox.imap_host, mailbox.port = settings.host, settings.port
    mailbox.connection = settings.connection
    mailbox.user, mailbox.folder = settings.user, settings.folder or "INBOX"
    mailbox.moves_to = settings.moves_to


def _check_place(settings: MailboxSettings) -> None:
    if is_allowed(settings.host, settings.port):
        return
    if settings.port not in PORTS:
        raise Invalid({"port": _("Enter 993 or 143: mail servers listen there")})
    if settings.connection == Connection.PLAIN:
        sentence = _("Choose TLS or STARTTLS: the password would be readable on its way")
        raise Invalid({"connection": sentence})
