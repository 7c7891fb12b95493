"""Measure bulk actions on PostgreSQL: so many leads confirmed, changed, and taken back.

Usage: python -m scripts.bench.bulk [--leads 200000] [--many 10000] [--rounds 3]

Prints a table for docs/operations.md. Every round takes leads that no other has touched. Ends with 1 when the
median of assigning misses the bar.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from scripts.test import drop_databases, find_postgres, maintenance

NAME = "bench_bulk"
BAR = 5.0  # seconds for assigning, the dearest of the acts: it moves leads between desks


@contextmanager
def database(server: str, name: str = NAME) -> Iterator[str]:
    """A new database that is dropped afterwards."""
    drop_databases(server, name)
    with psycopg.connect(maintenance(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"test_{name}")))
    try:
        yield urlsplit(server)._replace(path=f"/test_{name}").geturl()
    finally:
        from django.db import connection as ours

        ours.close()
        ours.close_pool()  # type: ignore[attr-defined]
        drop_databases(server, name)


def set_up(address: str) -> None:
    """Start Django on the database and migrate it."""
    os.environ |= {
        "DATABASE_URL": address,
        "DEBUG": "0",
        "SECRET_KEY": "only-for-the-bench-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DJANGO_SETTINGS_MODULE": "leadportal.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the seconds that `work` takes, and what it returns."""
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


class Bulk:
    """The operator, who sees every lead, and untouched leads that each act allows."""

    def __init__(self, leads: int, many: int) -> None:
        from accounts.models import Company
        from leads.enums import Progress, Status
        from leads.models import DisqualifyReason
        from leads.services.lifecycle import Assignment, Disqualification
        from leads.services.marks import ProgressMark
        from leads.services.sales import NewProducts
        from scripts.bench.fill import fill
        from templates_app.models import Product

        self.actor, self.many, self.last = fill(leads).everything, many, 0
        reason = DisqualifyReason.objects.create(host_id=self.actor.company_id, label="Spam")
        early = (Status.SUBMITTED, Status.ASSIGNED)
        self.acts = {
            "assign to a company": (Assignment(Company.objects.get(name="Reseller 7")), early),
            "assign to the sales desk": (Assignment(None, "Please call"), (*early,)),
            "disqualify": (Disqualification(reason), early),
            "set progress": (ProgressMark(Progress.DELIVERED), (*early, Status.CONVERTED)),
            "add a product": (NewProducts((Product.objects.all()[0],)), (Status.REFERRED,)),
        }

    def run(self, name: str, number: int) -> tuple[float, float, float, int]:
        """Return the seconds of confirming, doing and taking back one act, and how many leads it changed."""
        from django.db import connection

        from leads.enums import BulkState
        from leads.models import LeadAccess
        from leads.rules.workflow import Action
        from leads.selectors.bulk import preview
        from leads.services.bulk import run_bulk, undo_bulk

        act, statuses = self.acts[name]
        action = Action(act.action or "")
        seen = LeadAccess.objects.visible_to(self.actor)
        rows = seen.filter(status__in=statuses, lead__version=1).order_by("lead_id")
        keys = list(rows.values_list("lead_id", flat=True)[: self.many])
        ours = seen.filter(lead__gte=keys[0], lead__lte=keys[-1], status__in=statuses)
        asking, _found = timed(lambda: preview(ours, action, self.actor))
        doing, run = timed(
            lambda: run_bulk(keys, act=act, key=f"{name} {number}", actor=self.actor)
        )
        done = run.outcomes.filter(state=BulkState.DONE).count()
        undoing, _run = timed(lambda: undo_bulk(run, actor=self.actor))
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        return asking, doing, undoing, done


def main() -> int:
    """Measure every act and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure bulk actions.")
    parser.add_argument("--leads", type=int, default=200_000)
    parser.add_argument("--many", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    server = find_postgres()
    if not server:
        print("The measurement needs a PostgreSQL server at DATABASE_URL or at 127.0.0.1:5432.")
        return 1
    with database(server) as address:
        set_up(address)
        bulk = Bulk(options.leads, options.many)
        print(f"| {options.leads:,} leads | changed | confirm s | do s | each round | undo s |")
        print("|---|---|---|---|---|---|")
        is_good = True
        for name in bulk.acts:
            rounds = [bulk.run(name, number) for number in range(options.rounds)]
            asking, doing, undoing, done = (median(column) for column in zip(*rounds, strict=True))
            each = ", ".join(f"{one[1]:.2f}" for one in rounds)
            print(
                f"| {name} | {done:,.0f} | {asking:.2f} | {doing:.2f} | {each} | {undoing:.2f} |",
                flush=True,
            )
            is_good &= doing <= BAR
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
