"""Fetch mails by IMAP: claim a mailbox under a lease, visit it, store each mail, and only then mark it as read.

A worker that dies before it marks a mail leaves it unread: the next visit takes it again, and finds that it is
stored already (`services.mails.take_mail`). So no mail is lost, and none is two leads.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM
from accounts.services.leases import claim, is_free, wait_after
from leadportal.common.imap import Account, Fault, ImapError, Inbox, Security, opened
from leads.models import Mailbox, Source
from leads.rules.mails.message import KEPT_BYTES, MOST_BYTES
from leads.rules.sources.addresses import unseal
from leads.selectors.attention import carers_of
from leads.selectors.mailboxes import mailbox
from leads.services.inbox import tell_once
from leads.services.mails import take_mail
from leads.services.sources import count_delivery

logger = logging.getLogger(__name__)

LEASE = timedelta(
    minutes=5
)  # longer than a visit (imap.MOST_SECONDS) and the storing of what it brings
EVERY = timedelta(minutes=1)
MOST_MAILS = 100  # of one mailbox, before another one has its turn
TOLD_AFTER = 5  # tries, an hour and a half


def fetch_due_mail(*, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Visit every mailbox that is due, until `should_stop`; return how many mails were taken."""
    taken = 0
    while not should_stop() and (claimed := claim_mailbox()) is not None:
        taken += visit(claimed, should_stop=should_stop)
    return taken


def claim_mailbox() -> Mailbox | None:
    """Take the next mailbox that is due, or to be tested, under a lease; None when there is none."""
    in_use = Exists(Source.objects.filter(pk=OuterRef("source"), is_active=True))
    wanted = Q(in_use) | Q(test_asked_at__isnull=False)
    free = Mailbox.objects.filter(is_free(), wanted).exclude(imap_host="")
    return claim(free, leased_until=Now() + LEASE)


def visit(claimed: Mailbox, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Take what is unread in a mailbox, and note how the visit went; return how many mails were taken.

    A mailbox that is paused is only looked into. Raises nothing for what the server does.
    """
    source = mailbox(SYSTEM, claimed.source_id)
    round_ = _Round(source, claimed, should_stop)
    try:
        with opened(_account(claimed)) as inbox:
            round_.take(inbox)
    except ImapError as error:
        _mark_failed(claimed, source, error.fault)
    except (DatabaseError, InterfaceError):
        raise  # the lease runs out, and what was not marked is taken again
    except Exception:
        logger.exception("Mailbox %s could not be visited", claimed.pk)
        _mark_failed(claimed, source, Fault.PROTOCOL)
    else:
        _mark_fine(claimed, round_)
    return round_.taken


class _Round:
    """One visit: what was taken, what is left, and when to come again."""

    def __init__(self, source: Source, claimed: Mailbox, should_stop: Callable[[], bool]) -> None:
        self._source, self._mailbox, self._should_stop = source, claimed, should_stop
        self.taken = self.waiting = 0
        self.pause = EVERY
        # What went wrong with a single mail; the others were taken.
        self.fault: Fault | None = None

    def take(self, inbox: Inbox) -> None:
        """Take mails, the oldest first."""
        unread = inbox.unread()
        self.waiting = len(unread)
        if not self._source.is_active:
            return
        for uid in unread[:MOST_MAILS]:
            if self._should_stop():
                break
            if wait := count_delivery(self._source):
                self.pause = timedelta(seconds=wait)
                return
            try:
                self._take_one(inbox, uid)
            except ImapError as error:
                self.fault = error.fault
        if self.waiting and not self.fault:
            self.pause = timedelta(0)

    def _take_one(self, inbox: Inbox, uid: str) -> None:
        size = inbox.size(uid)
        if size:  # else somebody else was faster
            raw = inbox.fetch(uid, most=MOST_BYTES if size <= MOST_BYTES else KEPT_BYTES)
            take_mail(self._source, raw, size=size)
            # Stored and committed by now.
            self.taken += 1
            put_away(inbox, uid, self._mailbox.moves_to)
        self.waiting -= 1


def put_away(inbox: Inbox, uid: str, moves_to: str) -> None:
    """Mark a mail as read, and move it where the mailbox wants that. Raises ImapError."""
    inbox.mark_read(uid)
    if moves_to:
        inbox.move(uid, moves_to)


def _account(row: Mailbox) -> Account:
    try:
        password = unseal(row.password)
    except ValueError:
        raise ImapError(Fault.LOGIN) from None
    security = Security(row.connection)
    return Account(row.imap_host, row.port, security, row.user, password, row.folder)


@transaction.atomic
def _mark_fine(row: Mailbox, done: _Round) -> None:
    _held(row).update(
        due_at=Now() + done.pause,
        leased_until=None,
        tries=0,
        test_asked_at=None,
        checked_at=Now(),
        waiting=done.waiting,
        failing_since=None,
        last_error=_sentence(done.fault, row) if done.fault else "",
    )


@transaction.atomic
def _mark_failed(row: Mailbox, source: Source, fault: Fault) -> None:
    """Note what went wrong; the next try comes later each time, and at TOLD_AFTER those who look after it are told."""
    marked = _held(row).update(
        due_at=Now() + wait_after(row.tries),
        leased_until=None,
        test_asked_at=None,
        failing_since=Coalesce("failing_since", Now()),
        last_error=_sentence(fault, row),
    )
    if marked and row.tries == TOLD_AFTER:
        text = _("No mails come in through %(mailbox)s: the mail server cannot be used.")
        address = reverse("leads:mailbox", args=[source.pk])
        tell_once(carers_of(source), text=text % {"mailbox": source.name}, address=address)


def _held(row: Mailbox) -> "QuerySet[Mailbox]":
    """Return the row of a mailbox as long as the lease is still this worker's."""
    return Mailbox.objects.filter(pk=row.pk, leased_until=row.leased_until)


def _sentence(fault: Fault, row: Mailbox) -> str:
    match fault:
        case Fault.NO_ANSWER:
            return _("The mail server does not answer. Check its name and port.")
        case Fault.NOT_PUBLIC:
            return _("The mail server has no public address, or is not encrypted.")
        case Fault.CERTIFICATE:
            return _("The connection is not safe: its certificate or encryption does not fit.")
        case Fault.LOGIN:
            return _("The mail server refuses the user name or the password.")
        case Fault.FOLDER:
            return _("There is no folder %(folder)s in this mailbox.") % {"folder": row.folder}
        case Fault.MOVE:
            return _("Mails are taken, but cannot be moved to %(folder)s.") % {
                "folder": row.moves_to
            }
    return _("The mail server answers in a way that is not understood.")
