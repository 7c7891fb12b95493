"""Run every test: all on SQLite; on PostgreSQL all but the browser suite, and its three journeys.

Usage: python -m scripts.test [--quick] [arguments for pytest]

The last line names what could not run for want of Chromium, LibreOffice, Dovecot
or PostgreSQL; with CI=true that is a failure.
"""

import os
import secrets
import subprocess
import sys
from getpass import getuser
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from scripts import dovecot, office
from scripts.chromium import find_chromium
from scripts.dovecot import find_dovecot
from scripts.office import find_office

ROOT = Path(__file__).resolve().parent.parent
NOTHING_COLLECTED = 5  # pytest's exit code


def find_postgres() -> str | None:
    """Return the address of a server where we may create databases, or None."""
    wanted = os.environ.get("DATABASE_URL", "")
    if wanted.startswith("postgres"):
        candidates = [wanted]  # whoever names a server wants that one
    else:
        candidates = [f"postgres://{user}@127.0.0.1:5432/" for user in ("postgres", getuser())]
    for address in candidates:
        try:
            with psycopg.connect(maintenance(address), connect_timeout=3) as connection:
                row = connection.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.Error:
            continue
        if row and row[0]:
            return address
    return None


def maintenance(address: str) -> str:
    """Return the address with the database that exists on every server."""
    return urlsplit(address)._replace(scheme="postgresql", path="/postgres").geturl()


def drop_databases(address: str, name: str) -> None:
    """Drop what an interrupted run has left behind: the databases of its processes."""
    find = "SELECT datname FROM pg_database WHERE starts_with(datname::text, %s)"
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(maintenance(address), autocommit=True) as connection:
        for (database,) in connection.execute(find, [f"test_{name}"]).fetchall():
            connection.execute(drop.format(sql.Identifier(database)))


def pytest(arguments: list[str], *, title: str, selection: str = "", database: str = "") -> bool:
    """Run pytest on one database (none named: SQLite) and tell whether all went well."""
    print(f"\n=== {title}", flush=True)
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    if database:
        environment["DATABASE_URL"] = database
    command = [sys.executable, "-m", "pytest", "-n", "auto", "--dist", "worksteal"]
    if selection:
        command += ["-m", selection]
    code = subprocess.run([*command, *arguments], cwd=ROOT, env=environment, check=False).returncode
    # A selection by hand ("-k name") may leave nothing for one of the two databases.
    return code == 0 or (code == NOTHING_COLLECTED and bool(arguments))


def main(arguments: list[str]) -> int:
    """Run the parts one after the other and return the exit code."""
    if arguments[:1] == ["--quick"]:
        quick = pytest(arguments[1:], title="SQLite, no browser", selection="not browser")
        return 0 if quick else 1

    missing = []
    chromium = find_chromium()
    if not chromium:
        missing.append("the browser tests (no Chromium: apt-get install chromium, or set CHROMIUM)")
    passed = pytest(arguments, title="SQLite", selection="" if chromium else "not browser")

    if not find_office():
        missing.append(f"the spreadsheet tests ({office.MISSING})")
    if not find_dovecot():
        missing.append(f"the tests that fetch mails ({dovecot.MISSING})")

    postgres = find_postgres()
    if postgres:
        # A name of its own, so that two runs on one server do not meet.
        name = f"leadportal_{secrets.token_hex(4)}"
        database = urlsplit(postgres)._replace(path=f"/{name}").geturl()
        selection = "not browser or journey" if chromium else "not browser"
        try:
            passed &= pytest(arguments, title="PostgreSQL", selection=selection, database=database)
        finally:
            drop_databases(postgres, name)
    else:
        missing.append(
            "the PostgreSQL tests (no server at DATABASE_URL, or else at 127.0.0.1:5432,"
            " that lets us create databases)"
        )

    verdict = "All tests passed" if passed else "Some tests FAILED"
    if missing:
        print(f"\n{verdict}. NOT RUN: {'; '.join(missing)}.")
    else:
        print(f"\n{verdict}, on SQLite with the browser and on PostgreSQL.")
    is_complete = not missing or os.environ.get("CI") != "true"
    return 0 if passed and is_complete else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
