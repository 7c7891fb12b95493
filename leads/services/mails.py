"""Mails that become leads: stored as they came by `services.intake`, then made into leads here.

They come piped to a command, or fetched by the worker (`services.fetching`).
"""

from django.utils.translation import gettext as _

from leads.enums import AttentionReason
from leads.exceptions import NotALead, SentBefore
from leads.models import Lead, Source, Submission
from leads.rules.intake import content_key
from leads.rules.mails.message import (
    KEPT_BYTES,
    MOST_BYTES,
    NATURE,
    SIZE,
    Mail,
    UnreadableMailError,
    read_mail,
    sent_in,
)
from leads.rules.mails.nature import Nature
from leads.selectors.deliveries import source_of
from leads.selectors.mailboxes import own_addresses, own_name
from leads.services.deliveries import door_of, lead_from
from leads.services.intake import process, receive

CONTENT_TYPE = "message/rfc822"
MB = 1024 * 1024


def take_mail(source: Source, raw: bytes, *, size: int) -> Submission:
    """Store a mail of `size` bytes that came for `source`, and make a lead of it, once however often it comes.

    `raw` is all of it, or its beginning where it is larger than MOST_BYTES. See `services.intake.receive`: once
    this returns, the mail may be marked as read. Must not be called inside a transaction.
    """
    door = door_of(source)
    try:
        mail = read_mail(raw, size=size, host=own_name(), own=own_addresses(source))
    except UnreadableMailError:
        mail = Mail({}, {}, content_key(raw, {}))
    kept = raw[:KEPT_BYTES] if mail.payload else raw
    try:
        return receive(
            door,
            key=mail.key,
            payload=mail.payload,
            body=kept,
            content_type=CONTENT_TYPE,
            headers=mail.headers,
        )
    except SentBefore:
        # The same mail again: only what was kept of it was removed meanwhile.
        return process(Submission.objects.get(door=door.name, key=mail.key))


def lead_of_mail(submission: Submission) -> Lead:
    """Make the lead of a mail with what its mailbox says today. Called by `services.intake.process`.

    Raises NotALead: with AUTOMATIC for what no person wrote, TOO_LARGE, CLOSED while the mailbox is paused.
    """
    source = source_of(submission)
    if not submission.payload:
        raise NotALead(AttentionReason.UNREADABLE, _("The mail cannot be read."))
    nature = Nature(submission.payload.get(NATURE, ""))
    if nature not in _taken(source):
        raise NotALead(AttentionReason.AUTOMATIC, _sentence(nature))
    if submission.payload.get(SIZE, 0) > MOST_BYTES:
        sentence = _(
            "The mail is larger than %(most)s MB: only its beginning is kept. Add the lead by hand."
        )
        raise NotALead(AttentionReason.TOO_LARGE, sentence % {"most": MOST_BYTES // MB})
    if not source.is_active:
        sentence = _("The mailbox is paused. Resume it, then retry.")
        raise NotALead(AttentionReason.CLOSED, sentence)
    return lead_from(source, sent_in(submission.payload))


def _taken(source: Source) -> set[Nature]:
    """Return which kinds of mail become leads: never an answer of a machine to what we wrote."""
    programs = {Nature.LIST, Nature.PROGRAM} if source.mailbox.takes_programs else set()
    return {Nature.PERSON, *programs}


def _sentence(nature: Nature) -> str:
    match nature:
        case Nature.LOOP:
            return _("The portal sent this mail itself, or it goes round in a circle.")
        case Nature.BOUNCE:
            return _("It says what became of another mail, like one that could not be delivered.")
        case Nature.REPLY:
            return _("It is an automatic reply, like a note of absence.")
        case Nature.LIST:
            return _(
                "It came from a mailing list. Let the mailbox take mails of programs, then retry."
            )
    return _("A program wrote it. Let the mailbox take mails of programs, then retry.")
