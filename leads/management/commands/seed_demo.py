"""`manage.py seed_demo`: fills an empty database with the demo. Only `make demo` calls it."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from leads.services.demo import is_in_use, is_seeded, seed
from leads.services.demo.people import welcome


class Command(BaseCommand):
    """Migrate, make the demo unless it is there, and say where it is and who can sign in."""

    help = "Fills an empty database with demo data. Does nothing when the demo is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--leads",
            type=int,
            default=2000,
            help="How many leads (2000), beside those of other doors.",
        )
        parser.add_argument("--force", action="store_true", help="Beside companies that are there.")

    def handle(self, *args: Any, leads: int, force: bool, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if is_seeded():
            self.stdout.write("The demo is there already; nothing was changed.")
        elif is_in_use() and not force:
            raise CommandError("There are companies in this database: it is no place for a demo.")
        else:
            self.stdout.write(f"Making the demo with {leads} leads ...")
            seed(leads=leads)
        self.stdout.write(welcome(settings.PORTAL_URL))
