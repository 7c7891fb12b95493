"""Measure new scores for all leads on PostgreSQL, while somebody looks at the list.

Usage: python -m scripts.bench.scoring [--leads 100000]

Publishes rules that give most leads another score, lets the worker write them, and reads pages of the list beside it as
before it. Prints a table for docs/operations.md; ends with 1 when a bar is missed: 300 seconds for 100,000 leads, the
list's p95 not above twice what it is without the worker.
"""

import argparse
import statistics
import subprocess
import sys
import time
from typing import Any

from scripts.bench.bulk import database, set_up
from scripts.test import find_postgres

SECONDS = 300.0  # for 100,000 leads
TIMES = 2.0  # the list's p95 beside the worker, against its p95 alone
THRESHOLD = 40
IDLE = 200  # pages that are read before
WORKER = (
    "import django; django.setup(); from accounts.services.jobs import do_due_jobs; do_due_jobs()"
)


def main() -> int:
    """Measure and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure new scores.")
    parser.add_argument("--leads", type=int, default=100_000)
    options = parser.parse_args()
    server = find_postgres()
    if not server:
        print("The measurement needs a PostgreSQL server at DATABASE_URL or at 127.0.0.1:5432.")
        return 1
    with database(server, "bench_scoring") as address:
        set_up(address)
        return 0 if _is_good(options.leads) else 1


def _is_good(count: int) -> bool:
    from django.db import connection

    from leadportal.common import clock
    from leads.models import LeadScore
    from leads.services.scoring.sheets import publish_draft
    from scripts.bench.fill import fill
    from scripts.bench.visitor import signed_in

    actor = fill(count).everything
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sheet = _rules(actor)
    client = signed_in(actor)
    idle = [_page(client) for _number in range(IDLE)]
    publish_draft(sheet, actor=actor)
    began = clock.now()
    busy: list[float] = []
    start = time.perf_counter()
    # The worker is a process of its own, as it is where the portal runs.
    with subprocess.Popen([sys.executable, "-c", WORKER]) as worker:
        while worker.poll() is None:
            busy.append(_page(client))
            time.sleep(0.1)  # as people read, not as a machine asks
    seconds = time.perf_counter() - start
    new = LeadScore.objects.filter(version__number=2)
    scored, qualified = new.count(), new.filter(lead__mql_at__gte=began).count()
    alone, beside = _p95(idle), _p95(busy)
    print(f"| {count:,} leads | |\n|---|---|")
    print(f"| open leads with new scores | {scored:,} |")
    print(f"| of them now at the threshold: marked, and a next step set | {qualified:,} |")
    print(f"| seconds | {seconds:.0f} |")
    print(f"| leads in a second | {scored / seconds:,.0f} |")
    print(f"| list p95 alone, ms | {alone * 1000:.1f} |")
    print(f"| list p95 beside it, ms ({len(busy):,} pages) | {beside * 1000:.1f} |", flush=True)
    return seconds <= SECONDS * count / 100_000 and beside <= TIMES * alone


def _rules(actor: Any) -> Any:
    """Return rules of the host with a draft that gives most leads some points, and takes some over the threshold."""
    from leads.rules.scoring.sheet import Bounds, Compare, Group, Rule
    from leads.services.scoring.sheets import add_rule, begin_sheet, set_threshold, start_draft

    sheet = begin_sheet(product=None, actor=actor)  # those that the leads have been scored by
    start_draft(sheet, actor=actor)
    for letters, points in (("ae", 7), ("io", 11), ("nr", 13), ("st", 17)):
        rule = Rule("", Group.FIT, "company", points, test=Compare.CONTAINS, values=tuple(letters))
        add_rule(sheet, rule, actor=actor)
    add_rule(
        sheet,
        Rule("", Group.BEHAVIOUR, "page_visited", 20, about="pricing", times=2, days=30),
        actor=actor,
    )
    limits = {"fit": Bounds(most=60), "behaviour": Bounds(most=40)}
    set_threshold(sheet, threshold=THRESHOLD, **limits, emails=[], targets=[], actor=actor)
    return sheet


def _page(client: Any) -> float:
    """Return the seconds that a page of the list took."""
    start = time.perf_counter()
    answer = client.get("/leads/")
    seconds = time.perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"the list answers {answer.status_code}")
    return seconds


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
