"""Tell mails of people from those of machines (RFC 3834), so that no automatic reply becomes a lead."""

import re
from collections.abc import Callable, Collection
from enum import StrEnum

from leadportal.common.text import fold

# No mail of a person passes so many servers; Postfix gives up at 50, too.
MOST_HOPS = 50
# What `accounts.services.outbox` writes.
_OURS = re.compile(r"<[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}@([^<>@\s]+)>")
_OF_PROGRAMS = ("mailer-daemon", "postmaster")


class Nature(StrEnum):
    """What kind of mail it is. Those of programs and lists become leads where the mailbox takes them."""

    PERSON = ""
    LOOP = "loop"
    BOUNCE = "bounce"
    REPLY = "reply"
    LIST = "list"
    PROGRAM = "program"


Header = Callable[[str], list[str]]


def nature_of(
    header: Header, *, sender: str, content_type: str, host: str, own: Collection[str]
) -> Nature:
    """Say what kind of mail it is.

    `header` returns every value of a header, `sender` is the address of From; `host` is the portal's own name
    in Message-IDs, `own` are the addresses that the portal sends from or receives at.
    """
    ours = _OURS.fullmatch(_first(header, "Message-ID"))
    if (ours and ours[1] == host) or fold(sender) in {fold(one) for one in own if one}:
        return Nature.LOOP
    if len(header("Received")) > MOST_HOPS:
        return Nature.LOOP
    name = fold(sender).partition("@")[0]
    if content_type == "multipart/report" or name in _OF_PROGRAMS:
        return Nature.BOUNCE
    said = _first(header, "Auto-Submitted").partition(";")[0].strip()
    precedence = _first(header, "Precedence")
    is_reply = said == "auto-replied" or precedence == "auto_reply"
    if (
        is_reply
        or _first(header, "Return-Path") == "<>"
        or _has(header, "X-Autoreply", "X-Autorespond")
    ):
        return Nature.REPLY
    if _has(header, "List-Id") or precedence in {"list", "bulk", "junk"}:
        return Nature.LIST
    return Nature.PERSON if said in {"", "no"} else Nature.PROGRAM


def _first(header: Header, name: str) -> str:
    return fold(next(iter(header(name)), "")).strip()


def _has(header: Header, *names: str) -> bool:
    return any(header(name) for name in names)
