"""Measure assignment rules and the clocks of offers on PostgreSQL.

Usage: python -m scripts.bench.routing [--leads 20000] [--many 1000]

So many leads that wait are tried and given by twenty rules, the last of which is a round robin over every reseller
(two have people, the others are skipped each time). Then the deadlines of the offers that came of it are let pass, and
the worker's clocks offer each to the next candidate. Prints a table for docs/operations.md: seconds by the clock, and
those of the processor in Python. There is no bar.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from scripts.bench.bulk import database, set_up
from scripts.test import find_postgres

CLOCKS = 200  # offers that are let pass; each is a transaction of its own


def main() -> int:
    """Measure and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure assignment rules and clocks.")
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--many", type=int, default=1_000)
    options = parser.parse_args()
    server = find_postgres()
    if not server:
        print("The measurement needs a PostgreSQL server at DATABASE_URL or at 127.0.0.1:5432.")
        return 1
    with database(server, "bench_routing") as address:
        set_up(address)
        _measure(options.leads, options.many)
    return 0


def _measure(count: int, many: int) -> None:
    from django.db import connection

    from leadportal.common import clock
    from leads.models import Offer
    from leads.selectors.routing_trial import leads_to_try, try_leads
    from leads.services.expiring import run_clocks
    from scripts.bench.fill import fill
    from templates_app.models import Marketplace

    actor = fill(count).everything
    Marketplace.objects.update(accept_hours=8)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    version = _publish(actor)
    print("| | seconds | Python |\n|---|---|---|")
    leads = leads_to_try(actor, what="waiting", number=many)
    _print(f"{len(leads):,} leads tried", lambda: try_leads(leads, version))
    _print(f"{len(leads):,} leads given", lambda: _give([one.pk for one in leads]))
    offers = Offer.objects.filter(lead__in=leads, ends_at__isnull=False).order_by("pk")[:CLOCKS]
    past = clock.now() - timedelta(minutes=1)
    moments = {"half_at": past, "late_at": past, "ends_at": past, "due_at": past}
    passed = Offer.objects.filter(pk__in=[one.pk for one in offers]).update(**moments)
    _print(f"{passed:,} offers expired, next candidates asked", run_clocks)


def _publish(actor: Any) -> Any:
    """Publish and return nineteen rules that nothing meets, and a round robin over every reseller."""
    from accounts.models import Company
    from leads.rules.routing.book import Book, Condition, Gives, Member, Op, Rule
    from leads.services.routing.drafts import change_draft
    from leads.services.routing.publishing import publish_rules

    resellers = Company.objects.programme_of(actor.company_id).filter(is_reseller=True)
    members = tuple(Member(one.pk, weight=1 + one.pk % 3) for one in resellers.order_by("pk"))
    book = Book()
    for number in range(19):
        nowhere = Condition("c", "company", Op.CONTAINS, (f"nobody {number}",))
        rule = Rule(f"r{number}", f"Rule {number}", (nowhere,), Gives.COMPANY, members[:1])
        book = book.with_rule(rule)
    book = book.with_rule(Rule("robin", "In turn", (), Gives.ROUND_ROBIN, members))
    change_draft(lambda _old: book, actor=actor)
    return publish_rules(actor=actor)


def _give(keys: list[int]) -> None:
    """Give leads by the rules, in pieces, as the worker does after publishing."""
    from django.db import transaction

    from accounts.actors import SYSTEM
    from leads.models import Cause
    from leads.services.routing import route_leads
    from leads.services.routing.publishing import BATCH
    from leads.services.writing import held_leads, lock_rows

    for start in range(0, len(keys), BATCH):
        with transaction.atomic():
            held = held_leads(lock_rows(keys[start : start + BATCH], actor=SYSTEM), actor=SYSTEM)
            route_leads([one.lead for one in held], cause=Cause.PUBLISHED)


def _print(name: str, work: Callable[[], Any]) -> None:
    begun, spent = time.perf_counter(), time.process_time()
    work()
    seconds, own = time.perf_counter() - begun, time.process_time() - spent
    print(f"| {name} | {seconds:.1f} | {own:.1f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
