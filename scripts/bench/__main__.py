"""Measure the pages with few and with many leads on PostgreSQL, side by side in one run.

Usage: python -m scripts.bench [--few 2000] [--many 200000] [--rounds 40] [--only search]

Prints a table for docs/operations.md. Ends with 1 when a page misses its bar, asks too many queries or
scans the leads.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from scripts.test import drop_databases, find_postgres, maintenance

ROOT = Path(__file__).resolve().parent.parent.parent
WARM_UP = 4


Page = dict[str, Any]  # the fields of scripts.bench.pages.Page


class Remote:
    """A visitor in a process of its own."""

    def __init__(self, address: str, leads: int) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": address,
            "DEBUG": "0",
            "SECRET_KEY": "only-for-the-bench-0123456789-abcdefghijklmnopqrstuvwxyz",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scripts.bench.visitor", str(leads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment,
        )

    def pages(self) -> list[Page]:
        """Return what is to be measured as soon as the leads are there."""
        pages: list[Page] = self._read()
        return pages

    def open(self, page: Page, *, plan: bool = False) -> dict[str, Any]:
        """Have a page opened; return what it cost."""
        asked = {**{key: page[key] for key in ("who", "path", "query")}, "plan": plan}
        print(json.dumps(asked), file=self.process.stdin, flush=True)
        answer: dict[str, Any] = self._read()
        return answer

    def _read(self) -> Any:
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise SystemExit("The measuring process has ended; its reason stands above.")
        return json.loads(line)

    def close(self) -> None:
        """End the process."""
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(timeout=30)


@contextmanager
def remote(server: str, name: str, leads: int) -> Iterator[Remote]:
    """A visitor on a new database with `leads` leads, which is dropped afterwards."""
    drop_databases(server, name)
    with psycopg.connect(maintenance(server), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"test_{name}")))
    one = Remote(urlsplit(server)._replace(path=f"/test_{name}").geturl(), leads)
    try:
        yield one
    finally:
        one.close()
        drop_databases(server, name)


def measure(page: Page, few: Remote, many: Remote, rounds: int) -> tuple[str, bool]:
    """Return a line of the table for a page, and whether it keeps its bar."""
    for _ in range(WARM_UP):
        few.open(page), many.open(page)
    cost = many.open(page, plan=True)
    is_equal = few.open(page)["rows"] == cost["rows"]
    times = [(few.open(page)["seconds"], many.open(page)["seconds"]) for _ in range(rounds)]
    small, large = (median(column) * 1000 for column in zip(*times, strict=True))
    faults = [*cost["scans"]]
    if cost["queries"] > page["queries"]:
        faults.append(f"{cost['queries']} queries")
    if not is_equal:
        faults.append("rows differ")
    if large > small * page["bar"]:
        faults.append("over its bar")
    words = (
        page["title"],
        page["who"],
        cost["queries"],
        f"{small:.1f}",
        f"{large:.1f}",
        f"{large / small:.2f}",
        f"{page['bar']:g}",
        "; ".join(faults),
    )
    return f"| {' | '.join(map(str, words))} |", not faults


def main() -> int:
    """Measure every page and return the exit code."""
    parser = argparse.ArgumentParser(description="Measure the pages with few and with many leads.")
    parser.add_argument("--few", type=int, default=2_000)
    parser.add_argument("--many", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--only", default="", help="a part of the titles of pages")
    options = parser.parse_args()
    server = find_postgres()
    if not server:
        print("make bench needs a PostgreSQL server at DATABASE_URL or at 127.0.0.1:5432.")
        return 1
    with (
        remote(server, "bench_few", options.few) as few,
        remote(server, "bench_many", options.many) as many,
    ):
        pages, _same = few.pages(), many.pages()
        print(
            f"| page | desk | queries | {options.few:,} ms | {options.many:,} ms | ratio | bar | |"
        )
        print("|---|---|---|---|---|---|---|---|")
        is_good = True
        for page in (one for one in pages if options.only in one["title"]):
            line, keeps = measure(page, few, many, options.rounds)
            print(line, flush=True)
            is_good &= keeps
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
