"""Mailboxes: which there are, and which one a mail was written to."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from accounts.actors import SYSTEM, Actor
from leadportal.common.errors import NotFound
from leads.enums import SourceKind
from leads.models import Source
from leads.rules.mails.words import first_address
from leads.rules.sources.addresses import mail_key_in
from leads.selectors.sources import sources


def mailboxes(actor: Actor) -> "QuerySet[Source]":
    """Return the mailboxes that `actor` manages, as sources with their `mailbox`, by name."""
    return sources(actor, SourceKind.EMAIL).select_related("mailbox")


def mailbox(actor: Actor, pk: int) -> Source:
    """Return one mailbox that `actor` manages; raises NotFound for any other."""
    row = mailboxes(actor).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def mailbox_at(address: str) -> Source | None:
    """Return the mailbox that a mail to `address` belongs to, or None. Whoever knows it may write."""
    key = mail_key_in(address)
    return mailboxes(SYSTEM).filter(key=key).order_by().first() if key else None


def own_name() -> str:
    """Return what stands behind the @ in the Message-ID of every mail of the portal."""
    return urlsplit(settings.PORTAL_URL).hostname or ""


def own_addresses(source: Source) -> list[str]:
    """Return the addresses that nobody but the portal writes from."""
    user = source.mailbox.user
    sender = first_address(settings.DEFAULT_FROM_EMAIL)[1]
    return [one for one in (sender, source.mail_address, user if "@" in user else "") if one]
