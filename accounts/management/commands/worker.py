"""`manage.py worker`: sends mail and does jobs, until it is told to stop."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.services.jobs import do_due_jobs, plan_jobs
from accounts.services.outbox import send_due_mail
from accounts.services.worker import work_side_by_side


class Command(BaseCommand):
    """Work until SIGTERM or Ctrl+C; the message being sent is finished first, a job is given back."""

    help = "Sends the mail that waits in the outbox, and does the jobs that wait."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="Do what is due, then stop.")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            send_due_mail()
            plan_jobs()
            do_due_jobs()
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        work_side_by_side(stop)
