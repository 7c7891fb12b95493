"""`manage.py apply_retention`: removes personal data that marketplaces have kept for long enough."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from leads.services.retention import apply_retention, overdue


class Command(BaseCommand):
    """Say what is due by the rule of each marketplace; without --dry-run also do it."""

    help = "Anonymises closed leads that their marketplace has kept for long enough."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say how many they are.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        for one in overdue():
            self.stdout.write(
                f"{one.marketplace}: {one.leads} leads, closed more than {one.marketplace.retention_days} days ago."
            )
        if dry_run:
            self.stdout.write("Nothing was changed.")
            return
        done = sum(1 for _lead in apply_retention())
        self.stdout.write(f"{done} leads anonymised.")
