"""`manage.py check_history`: verifies that no history line was changed, and that each leads to its lead."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leads.services.integrity import history_faults


class Command(BaseCommand):
    """Print every difference; end with an error when there is one."""

    help = "Verifies the chain of digests, and replays each lead's history to its status."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for fault in history_faults():
            self.stdout.write(fault)
            faults += 1
        if faults:
            raise CommandError(f"History: {faults} differences.")
        self.stdout.write("History: no difference.")
