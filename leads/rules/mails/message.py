"""Read a mail: who writes, about what, the text, the names of attachments, and of which kind it is."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from typing import Any

from leadportal.common.text import clean_line, clean_text
from leads.enums import Shape
from leads.rules.mails.lines import read_lines
from leads.rules.mails.markup import text_of
from leads.rules.mails.nature import Nature, nature_of
from leads.rules.mails.words import decoded, first_address, header_text
from leads.rules.sources.shapes import MOST_ENTRIES, Entry, Sent

MOST_BYTES = 10 * 1024 * 1024
# What is kept of a longer mail as it came; what it says is kept in any case.
KEPT_BYTES = 256 * 1024
TEXT_LENGTH = 100_000
MOST_PARTS = 200
MOST_ATTACHMENTS = 20
KEY_LENGTH = 60
# Each costs the parser memory: no mail has so many lines that begin a part, or such a head.
MOST_BOUNDARIES = 5_000
HEAD_BYTES = 256 * 1024

# What is stored of a mail, by the names that people read; the keys by which a mapping names them.
FROM, SENDER, REPLY_TO, REPLY_NAME = "From", "Sender", "Reply-To", "Reply-To name"
SUBJECT, TEXT, ATTACHMENTS, NATURE, SIZE = "Subject", "Text", "Attachments", "Kind of mail", "Bytes"
_KEYS = {
    REPLY_TO: ("mail.reply_to", "Reply-To email"),
    REPLY_NAME: ("mail.reply_name", "Reply-To name"),
    FROM: ("mail.from", "Sender email"),
    SENDER: ("mail.sender", "Sender name"),
    SUBJECT: ("mail.subject", "Subject"),
    ATTACHMENTS: ("mail.attachments", "Attachments (not kept)"),
}
TEXT_KEY, TEXT_LABEL = "mail.text", "Mail text"


class UnreadableMailError(ValueError):
    """Bytes that are no mail."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What is kept of a mail beside its bytes, the headers that tell of its way, and its name among all."""

    payload: dict[str, Any]
    headers: dict[str, str]
    key: str


class _AsSent(Compat32):
    """Python's parser that never fails on a header: it returns what stands there, byte for byte."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value


_PARSER = BytesParser(policy=_AsSent())


def read_mail(raw: bytes, *, size: int, host: str, own: Collection[str]) -> Mail:
    """Read a mail of `size` bytes, of which `raw` may be the beginning. Raises UnreadableMailError.

    `host` and `own` are as in `nature_of`. The key is the Message-ID with a digest of what it says: a mail that
    is fetched twice is one, another mail under the same name is another.
    """
    if raw.count(b"\n--") > MOST_BOUNDARIES or not _has_end(raw[: HEAD_BYTES + 4]):
        raise UnreadableMailError
    try:
        message = _PARSER.parsebytes(raw)
        if not message.keys():
            raise UnreadableMailError
        said = _said(message)
        nature = _nature(message, said[FROM], host=host, own=own)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        # Whatever the parser of messages makes of bytes that are none.
        raise UnreadableMailError from None
    if nature:
        said[NATURE] = nature.value
    said[SIZE] = size
    payload = {name: value for name, value in said.items() if value}
    headers = {"message-id": _one(message, "Message-ID"), "date": _one(message, "Date")}
    return Mail(
        payload, {name: one for name, one in headers.items() if one}, _key(raw, payload, headers)
    )


def sent_in(payload: dict[str, Any]) -> Sent:
    """Return what a stored mail says: labelled lines first, then who wrote, then the text around the lines."""
    written = read_lines(str(payload.get(TEXT, "")))
    entries = [
        Entry(clean_line(label)[:KEY_LENGTH], label, value) for label, value in written.labelled
    ]
    entries += [
        Entry(key, label, payload[name])
        for name, (key, label) in _KEYS.items()
        if payload.get(name)
    ]
    if written.rest:
        entries.append(Entry(TEXT_KEY, TEXT_LABEL, written.rest))
    once = {entry.key: entry for entry in reversed(entries)}
    return Sent(Shape.FLAT, tuple(one for one in entries if once[one.key] is one)[-MOST_ENTRIES:])


def _has_end(head: bytes) -> bool:
    """Say whether the headers of a mail end in time."""
    return len(head) <= HEAD_BYTES or b"\n\n" in head or b"\r\n\r\n" in head


def _said(message: Message) -> dict[str, Any]:
    sender, writer = first_address(_raw(message, "From"))
    name, answer_to = first_address(_raw(message, "Reply-To"))
    if answer_to == writer:
        name = answer_to = ""
    text, attachments = _content(message)
    return {
        FROM: writer,
        SENDER: sender,
        REPLY_TO: answer_to,
        REPLY_NAME: name,
        SUBJECT: header_text(_raw(message, "Subject")),
        TEXT: text,
        ATTACHMENTS: attachments,
    }


def _content(message: Message) -> tuple[str, list[str]]:
    """Return the text, of an HTML mail what a reader sees, and the names of what is attached."""
    plain: list[str] = []
    markup: list[str] = []
    attachments: list[str] = []
    for part in _parts(message):
        kind = part.get_content_type()
        name = header_text(str(part.get_filename() or ""))
        is_attached = part.get_content_disposition() == "attachment" or bool(name)
        if kind in {"text/plain", "text/html"} and not is_attached:
            (plain if kind == "text/plain" else markup).append(_letters(part))
        elif len(attachments) < MOST_ATTACHMENTS:
            attachments.append(name[:200] or kind)
    text = "\n\n".join(one for one in map(clean_text, plain) if one)
    if not text:
        text = "\n\n".join(one for one in (clean_text(text_of(one)) for one in markup) if one)
    return text[:TEXT_LENGTH], attachments


def _parts(message: Message) -> Iterator[Message]:
    """Return the parts that hold something; mails inside a mail are not opened."""
    waiting, count = [message], 0
    while waiting and count < MOST_PARTS:
        part = waiting.pop()
        count += 1
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting += [one for one in reversed(inner) if isinstance(one, Message)]
        else:
            yield part


def _letters(part: Message) -> str:
    content = part.get_payload(decode=True)
    alphabet = part.get_content_charset()
    return decoded(content, alphabet) if isinstance(content, bytes) else ""


def _nature(message: Message, sender: str, *, host: str, own: Collection[str]) -> Nature:
    def header(name: str) -> list[str]:
        return [str(value)[:1000] for value in message.get_all(name, [])]

    kind = message.get_content_type()
    return nature_of(header, sender=sender, content_type=kind, host=host, own=own)


def _key(raw: bytes, payload: dict[str, Any], headers: dict[str, str]) -> str:
    """Return the name of a mail among all of its mailbox.

    Copies of one mail differ in what servers have written on top. A mail without a Message-ID is known by its bytes.
    """
    name = headers["message-id"]
    if not name:
        return f"mail {hashlib.sha256(raw).hexdigest()}"
    said = repr(
        [
            headers["date"],
            *((key, payload[key]) for key in sorted(payload) if key not in {SIZE, NATURE}),
        ]
    )
    content = hashlib.sha256(f"{name}\n{said}".encode()).hexdigest()
    return f"mail {content}"


def _raw(message: Message, name: str) -> str:
    return str(message.get(name, ""))


def _one(message: Message, name: str) -> str:
    return header_text(_raw(message, name))[:200]
