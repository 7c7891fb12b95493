"""`manage.py check_access`: compares every access row with the rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from leads.services.integrity import access_faults


class Command(BaseCommand):
    """Print every difference; end with an error when there is one."""

    help = "Compares who sees which lead with the rules that say so."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for fault in access_faults():
            self.stdout.write(fault)
            faults += 1
        if faults:
            raise CommandError(f"Access rows: {faults} differences.")
        self.stdout.write("Access rows: no difference.")
