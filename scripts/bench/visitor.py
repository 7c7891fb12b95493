"""A process that opens pages of one database when it is asked to, and tells what they cost.

Usage: DATABASE_URL=... python -m scripts.bench.visitor LEADS

Fills the database and prints what is to be measured. Then it answers each line of JSON, {"who", "path",
"query", "plan"}, with another: the seconds that the page took and its rows; where a plan is asked for, also the
number of its queries and every sequential scan over leads in them.
"""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import django
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

MONTHS = timedelta(days=61)


class Visitor:
    """Browses as the people of the stage."""

    def __init__(self, leads: int) -> None:
        from scripts.bench.fill import fill

        self.stage = fill(leads)
        self.clients = {who: signed_in(person) for who, person in vars(self.stage).items()}

    def open(self, who: str, path: str, query: str, *, plan: bool) -> dict[str, Any]:
        """Open one page and return what it cost."""
        address = f"{path}?{self._query(who, query)}" if query else path
        client = self.clients[who]
        with CaptureQueriesContext(connection) if plan else nullcontext() as captured:
            start = time.perf_counter()
            answer = client.get(address)
            seconds = time.perf_counter() - start
        if answer.status_code != 200 or b"There is a problem" in answer.content:
            raise RuntimeError(f"{address} answers {answer.status_code}")
        found: dict[str, Any] = {
            "seconds": seconds,
            "rows": answer.content.count(b'class="row-link'),
        }
        if captured is not None:
            found["queries"] = len(captured)
            found["scans"] = [scan for one in captured for scan in _scans(one["sql"])]
        return found

    def _query(self, who: str, query: str) -> str:
        """Fill in the places of a query."""
        if "{deep}" in query:
            query = query.replace("{deep}", self._deep(who, query))
        return query.replace("{month_ago}", f"{timezone.now() - MONTHS:%Y-%m-%d}")

    def _deep(self, who: str, query: str) -> str:
        """Return the cursor of the place before which 95 % of the list stand."""
        from django.http import QueryDict

        from leadportal.common.pagination import Cursor
        from leads.filters import Asked
        from leads.models import LeadAccess

        asked = Asked(QueryDict(query.partition("&after")[0]), getattr(self.stage, who))
        order = asked.leads.order
        rows = order.apply(LeadAccess.objects.visible_to(asked.actor).exclude(status=7))
        position = int(rows.count() * 0.95)
        key = rows.values_list(*order.fields)[position]
        return Cursor(tuple(key), position + 1).write(order)


def signed_in(person: Any) -> Client:
    """Return a browser of somebody of the stage."""
    from accounts.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(
        User.objects.get(pk=person.user_id),
        backend="accounts.backends.PortalBackend",
    )
    return client


def _scans(statement: str) -> Iterator[str]:
    """Yield each sequential scan over leads in the plan of a statement that was run."""
    if not re.match(r"(?i)\s*(select|with)\b", statement) or "leads_lead" not in statement:
        return
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statement.replace("%", "%%"), [])
        plan = [line for (line,) in cursor.fetchall()]
    yield from (line.strip() for line in plan if re.search(r"Seq Scan on leads_lead", line))


def main(leads: int) -> None:
    """Answer until the other end closes the line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadportal.settings")
    django.setup()
    from django.core.management import call_command

    from scripts.bench.pages import PAGES

    call_command("migrate", verbosity=0)
    visitor = Visitor(leads)
    print(json.dumps([asdict(page) for page in PAGES]), flush=True)
    for line in sys.stdin:
        print(json.dumps(visitor.open(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
