"""`manage.py worker`: sends what waits in the outbox, until it is told to stop."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.services.outbox import send_due_mail, send_until


class Command(BaseCommand):
    """Send mail until SIGTERM or Ctrl+C; the message being sent is finished first."""

    help = "Sends the mail that waits in the outbox."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Send what is due, then stop.")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            send_due_mail()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        send_until(stop)
