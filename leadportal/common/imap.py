"""Mailboxes on IMAP servers that people typed: looked at and emptied over connections of the outbound guard.

Python's own client (imaplib) does the talking, over a connection that was dialled to a checked address. What a
server says is bounded: MOST_SECONDS for a visit, MOST_BYTES for one answer.
"""

import base64
import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from leadportal.common.outbound import OutboundError, dial, ended_at, is_allowed, with_tls

MOST_SECONDS = 120  # for a whole visit
STEP_SECONDS = 20  # for one answer
MOST_BYTES = 11 * 1024 * 1024
SEEN, DELETED = r"(\Seen)", r"(\Deleted)"

_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")


class Security(StrEnum):
    """How the connection is kept from strangers. PLAIN is for servers that OUTBOUND_ALLOW names."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


class Fault(StrEnum):
    """What went wrong, so that a person can mend it."""

    NO_ANSWER = "no_answer"
    NOT_PUBLIC = "not_public"
    CERTIFICATE = "certificate"
    LOGIN = "login"
    FOLDER = "folder"
    MOVE = "move"
    PROTOCOL = "protocol"


class ImapError(Exception):
    """A visit failed. What the server said is not repeated: it may be anything."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Account:
    """Where a mailbox is, and how one gets in."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    folder: str = "INBOX"


@contextmanager
def opened(account: Account) -> Iterator["Inbox"]:
    """Visit a mailbox, with its folder open. Never called in a transaction or a request (R13). Raises ImapError."""
    if account.security == Security.PLAIN and not is_allowed(account.host, account.port):
        raise ImapError(Fault.NOT_PUBLIC)
    try:
        line = dial(account.host, account.port)
    except OutboundError as error:
        is_refused = "not public" in str(error)
        raise ImapError(Fault.NOT_PUBLIC if is_refused else Fault.NO_ANSWER) from None
    try:
        with line, ended_at(time.monotonic() + MOST_SECONDS, line):
            line.settimeout(STEP_SECONDS)
            yield from _visit(account, line)
    except ssl.SSLError:
        raise ImapError(Fault.CERTIFICATE) from None
    except (OutboundError, OSError, imaplib.IMAP4.abort):
        raise ImapError(Fault.NO_ANSWER) from None
    except imaplib.IMAP4.error:
        raise ImapError(Fault.PROTOCOL) from None


def _visit(account: Account, line: socket.socket) -> Iterator["Inbox"]:
    client: _Client | None = None
    try:
        try:
            client = _Client(account, line)
            _sign_in(client, account)
            status, _answer = client.select(quoted(account.folder))
        except ssl.SSLError:
            raise
        except ValueError:  # a number of 5,000 digits
            raise ImapError(Fault.PROTOCOL) from None
        if status != "OK":
            raise ImapError(Fault.FOLDER)
        yield Inbox(client)
    finally:
        if client is not None:
            with suppress(OSError, ValueError, imaplib.IMAP4.error):
                client.logout()


class Inbox:
    """An open folder. What the server refuses raises ImapError; what ends the connection too, through `opened`."""

    def __init__(self, client: "_Client") -> None:
        self._client = client

    def unread(self) -> list[str]:
        """Return the UIDs of the mails that nobody has read, oldest first."""
        answer = self._ask("SEARCH", "UNSEEN")
        words = b" ".join(part for part in answer if isinstance(part, bytes)).split()
        return sorted((word.decode() for word in words if word.isdigit()), key=int)

    def size(self, uid: str) -> int:
        """Return how many bytes a mail has; 0 for one that is gone."""
        for part in self._ask("FETCH", uid, "(RFC822.SIZE)"):
            head = part[0] if isinstance(part, tuple) else part
            if isinstance(head, bytes) and (found := _SIZE.search(head)):
                return int(found[1])
        return 0

    def fetch(self, uid: str, *, most: int) -> bytes:
        """Return a mail as it lies there, of a longer one the first `most` bytes; it stays unread."""
        for part in self._ask("FETCH", uid, f"(BODY.PEEK[]<0.{most}>)"):
            if isinstance(part, tuple):
                return bytes(part[1])
        return b""

    def mark_read(self, uid: str) -> None:
        """Mark a mail as read, so that the next visit passes it over."""
        self._ask("STORE", uid, "+FLAGS.SILENT", SEEN)

    def move(self, uid: str, folder: str) -> None:
        """Move a mail to another folder, which is made where it is missing."""
        target = quoted(folder)
        if "MOVE" in self._client.capabilities:
            if self._tries("MOVE", uid, target):
                return
            self._client.create(target)
            if self._tries("MOVE", uid, target):
                return
            raise ImapError(Fault.MOVE)
        if not self._tries("COPY", uid, target):
            self._client.create(target)
            if not self._tries("COPY", uid, target):
                raise ImapError(Fault.MOVE)
        self._ask("STORE", uid, "+FLAGS.SILENT", DELETED)
        # Without UIDPLUS all deleted mails would go, others' too: then this one only keeps its mark.
        if "UIDPLUS" in self._client.capabilities:
            self._ask("EXPUNGE", uid)

    def _tries(self, command: str, *words: str) -> bool:
        return self._say(command, *words)[0] == "OK"

    def _ask(self, command: str, *words: str) -> list[object]:
        status, answer = self._say(command, *words)
        if status != "OK":
            raise ImapError(Fault.PROTOCOL)
        return answer

    def _say(self, command: str, *words: str) -> tuple[str, list[object]]:
        try:
            status, answer = self._client.uid(command, *words)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, ValueError):
            raise ImapError(Fault.PROTOCOL) from None
        return str(status), list(answer)


class _Client(imaplib.IMAP4):
    """Python's client on a connection that stands already."""

    def __init__(self, account: Account, line: socket.socket) -> None:
        self._line, self._is_tls = line, account.security == Security.TLS
        super().__init__(account.host, account.port)
        if account.security == Security.STARTTLS:
            self.starttls(ssl.create_default_context())

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        self.sock = with_tls(self._line, host) if self._is_tls else self._line
        self.file = self.sock.makefile("rb")

    def read(self, size: int) -> bytes:
        if size > MOST_BYTES:
            raise self.abort("too much")
        return super().read(size)


def _sign_in(client: _Client, account: Account) -> None:
    """Sign in, and learn what the server can do for those who are in."""
    try:
        if "AUTH=PLAIN" in client.capabilities:
            words = f"\0{account.user}\0{account.password}".encode()
            client.authenticate("PLAIN", lambda _challenge: words)
        else:
            client.login(_string(account.user), account.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise ImapError(Fault.LOGIN) from None
    told = b" ".join(part for part in client.capability()[1] if isinstance(part, bytes))
    client.capabilities = tuple(told.decode("ascii", "replace").upper().split())


def quoted(folder: str) -> str:
    """Return the name of a folder as IMAP writes it: in quotes, everything beyond ASCII in its own UTF-7."""
    parts = re.split(r"([^\x20-\x7e]+)", folder)
    written = [
        part.replace("&", "&-") if place % 2 == 0 else _utf7(part)
        for place, part in enumerate(parts)
    ]
    return _string("".join(written))


def _utf7(text: str) -> str:
    code = base64.b64encode(text.encode("utf-16-be")).decode().rstrip("=")
    return f"&{code.replace('/', ',')}-"


def _string(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'
