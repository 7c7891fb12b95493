"""`manage.py receive_mail ADDRESS`: takes one mail from its standard input, as mail servers pipe it."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError

from leads.rules.mails.message import KEPT_BYTES, MOST_BYTES
from leads.selectors.mailboxes import mailbox_at
from leads.services.mails import take_mail
from leads.services.sources import count_delivery

# What mail servers understand (sysexits.h): bounce it, or keep it and try again.
NO_SUCH_USER, TRY_AGAIN = 67, 75
PIECE = 64 * 1024


class Command(BaseCommand):
    """Store the mail and say so; a lead is made of it where that is possible.

    Exit code 0: it is stored, whatever became of it. 67: no mailbox has this address. 75: try again later.
    """

    help = "Takes one mail from standard input. Without ADDRESS it is ORIGINAL_RECIPIENT, as Postfix says it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="?", default="", help="Whom the mail was sent to.")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        address = address or os.environ.get("ORIGINAL_RECIPIENT", "")
        raw, size = _read()
        try:
            source = mailbox_at(address)
            if source is None:
                raise CommandError("No mailbox has this address.", returncode=NO_SUCH_USER)
            if count_delivery(source):
                raise CommandError("Too many mails within an hour.", returncode=TRY_AGAIN)
            taken = take_mail(source, raw, size=size)
        except (DatabaseError, InterfaceError):
            raise CommandError("The mail could not be stored.", returncode=TRY_AGAIN) from None
        self.stdout.write(f"{taken.receipt}: {taken.get_state_display()}")


def _read() -> tuple[bytes, int]:
    """Return the mail and its length; of one that is too long the beginning. All of it is read: a pipe wants that."""
    kept, size = bytearray(), 0
    while piece := sys.stdin.buffer.read(PIECE):
        size += len(piece)
        if len(kept) <= MOST_BYTES:
            kept += piece
    return bytes(kept[: MOST_BYTES if size <= MOST_BYTES else KEPT_BYTES]), size
