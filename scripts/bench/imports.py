"""Measure an import: a file of so many rows sent, checked, imported, and undone.

Usage: python -m scripts.bench.imports [--rows 100000] [--leads 100000] [--embedded]

On PostgreSQL beside so many leads; with --embedded on SQLite beside those of the demo. Prints a table for
docs/operations.md: seconds by the clock, processor seconds of this process and of the database server, growth of
memory. One row in fifty is a duplicate of an earlier one, one in a hundred has an error. Ends with 1 when a bar
is missed: of time by the processors, because other work on the machine does not count there.
"""

import argparse
import csv
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.bench.bulk import database, set_up
from scripts.test import find_postgres

if TYPE_CHECKING:
    from accounts.actors import Person

SECONDS = 300.0  # for check and import together, of both processes
GROWTH = 50.0  # MB
HEADER = "First Name,Last Name,Email,Phone,Job Title,Company,Street,Postcode,Town,Country".split(
    ","
)


def file_of(rows: int) -> bytes:
    """Return a CSV file."""
    text = io.StringIO(newline="")
    write = csv.writer(text).writerow
    write(HEADER)
    for number in range(rows):
        who = number - 1 if number % 50 == 49 else number
        email = "no address" if number % 100 == 98 else f"person{who}@company{who % 997}.example"
        write(
            [
                "Ana",
                f"Sousa {who}",
                email,
                f"+351 912 {who % 1_000_000:06d}",
                "Buyer",
                f"Northwind {who % 997}",
                f"Rua {who % 300}",
                f"{1000 + who % 8999}-001",
                "Lisbon",
                "Portugal",
            ]
        )
    return text.getvalue().encode()


def memory(kind: str) -> float:
    """Return the memory of this process in MB: what it has ("VmRSS"), or the most it had ("VmHWM")."""
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if kind in one]
    return int(line.split()[1]) / 1024


def spent_by_the_server() -> float:
    """Return the processor seconds of our connection's process, when the server is on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():
        return 0.0
    numbers = status.read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def measured(name: str, work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Do `work`, print its line of the table, and return its processor seconds, the growth and what it returned."""
    Path("/proc/self/clear_refs").write_text("5")  # the most memory is counted anew
    before, start = memory("VmRSS"), time.perf_counter()
    cpu, server = time.process_time(), spent_by_the_server()
    found = work()
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    served, growth = spent_by_the_server() - server, memory("VmHWM") - before
    print(f"| {name} | {seconds:.1f} | {used:.1f} | {served:.1f} | {growth:.0f} |", flush=True)
    return used + served, growth, found


def main() -> int:
    """Measure and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure imports.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--embedded", action="store_true")
    options = parser.parse_args()
    if options.embedded:
        with tempfile.TemporaryDirectory() as folder:
            set_up(f"sqlite:///{folder}/bench.sqlite3")
            return 0 if _is_good(options.rows, _demo()) else 1
    server = find_postgres()
    if not server:
        print("The measurement needs a PostgreSQL server at DATABASE_URL or at 127.0.0.1:5432.")
        return 1
    with database(server, "bench_imports") as address:
        set_up(address)
        return 0 if _is_good(options.rows, _filled(options.leads)) else 1


def _demo() -> "Person":
    """Make the demo and return its marketplace manager."""
    from django.core.management import call_command

    from accounts.enums import Role
    from accounts.models import MembershipRole
    from accounts.selectors.actors import actor_of

    call_command("seed_demo", leads=200, verbosity=0)
    role = MembershipRole.objects.filter(role=Role.MARKETPLACE_MANAGER).order_by("pk")[0]
    actor = actor_of(role.membership.user)
    if actor is None:
        raise RuntimeError("The demo has no marketplace manager.")
    return actor


def _filled(leads: int) -> "Person":
    """Make so many leads and return who sees them all."""
    from django.db import connection

    from scripts.bench.fill import fill

    actor = fill(leads).everything
    with connection.cursor() as cursor:  # it has given the leads their keys by itself
        cursor.execute("SELECT setval('leads_lead_id_seq', (SELECT max(id) FROM leads_lead))")
    return actor


def _is_good(rows: int, actor: "Person") -> bool:
    from accounts.services.jobs import do_due_jobs
    from leads.enums import Duplicates
    from leads.models import Lead
    from leads.rules.imports import guess_columns
    from leads.selectors.import_targets import known_to, targets_for
    from leads.services.imports.files import begin_import
    from leads.services.imports.steps import map_columns, request_undo, start_import

    data = file_of(rows)
    beside = Lead.objects.count()
    print(f"| {rows:,} rows beside {beside:,} leads | s | Python s | server s | MB more |")
    print("|---|---|---|---|---|")
    _s, _mb, source = measured(
        "send",
        lambda: begin_import(io.BytesIO(data), name="b.csv", size=len(data), actor=actor),
    )
    targets = targets_for(known_to(actor), source.header)
    guesses = guess_columns(source.header, [], targets=targets)
    map_columns(source, [one.target for one in guesses], actor=actor)
    checking, grown, _done = measured("check", do_due_jobs)
    source.refresh_from_db()
    start_import(source, duplicates=Duplicates.SKIP, actor=actor)
    importing, more, _done = measured("import", do_due_jobs)
    source.refresh_from_db()
    print(f"{source.made:,} made, {source.skipped:,} skipped, {source.failed:,} failed")
    request_undo(source, actor=actor)
    measured("undo", do_due_jobs)
    return source.made > 0 and checking + importing <= SECONDS and max(grown, more) <= GROWTH


if __name__ == "__main__":
    sys.exit(main())
