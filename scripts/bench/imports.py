"""Measure an import on PostgreSQL: a file of so many rows sent, checked, imported, and undone.

Usage: python -m scripts.bench.imports [--rows 100000] [--leads 100000]

Prints a table for docs/operations.md: seconds by the clock, seconds of this process, growth of its memory. One row
in fifty is a duplicate of an earlier one, one in a hundred has an error. Ends with 1 when a bar is missed.
"""

import argparse
import csv
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts.bench.bulk import database, set_up
from scripts.test import find_postgres

SECONDS = 300.0  # for check and import together
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


def measured(name: str, work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Do `work`, print its line of the table, and return its seconds, the growth and what it returned."""
    Path("/proc/self/clear_refs").write_text("5")  # the most memory is counted anew
    before, start, cpu = memory("VmRSS"), time.perf_counter(), time.process_time()
    found = work()
    seconds, used = time.perf_counter() - start, time.process_time() - cpu
    growth = memory("VmHWM") - before
    print(f"| {name} | {seconds:.1f} | {used:.1f} | {growth:.0f} |", flush=True)
    return seconds, growth, found


def main() -> int:
    """Measure and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure imports.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--leads", type=int, default=100_000)
    options = parser.parse_args()
    server = find_postgres()
    if not server:
        print("The measurement needs a PostgreSQL server at DATABASE_URL or at 127.0.0.1:5432.")
        return 1
    with database(server, "bench_imports") as address:
        set_up(address)
        return 0 if _is_good(options.rows, options.leads) else 1


def _is_good(rows: int, leads: int) -> bool:
    from django.db import connection

    from accounts.services.jobs import do_due_jobs
    from leads.enums import Duplicates
    from leads.rules.imports import guess_columns
    from leads.selectors.imports import known_to, targets_for
    from leads.services.imports.files import begin_import
    from leads.services.imports.steps import map_columns, request_undo, start_import
    from scripts.bench.fill import fill

    actor = fill(leads).everything
    with connection.cursor() as cursor:  # it has given the leads their keys by itself
        cursor.execute("SELECT setval('leads_lead_id_seq', (SELECT max(id) FROM leads_lead))")
    data = file_of(rows)
    print(f"| {rows:,} rows beside {leads:,} leads | s | CPU s | MB more |\n|---|---|---|---|")
    _s, _mb, source = measured(
        "send",
        lambda: begin_import(io.BytesIO(data), name="b.csv", size=len(data), actor=actor),
    )
    guesses = guess_columns(source.header, [], targets=targets_for(known_to(actor)))
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
