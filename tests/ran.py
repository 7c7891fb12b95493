"""A full run fails when a test that docs/domain.md or docs/acceptance.md cites did not run and pass.

Full means: no selection by name, mark or path, on SQLite, where the browser runs too. A run of a part says
nothing about the rest, and PostgreSQL runs a part (scripts/test.py).
"""

import os
from collections import Counter

import pytest

from tests.sources import cited_tests, read_checks


class CitedTestsRan:
    """Listens to every report, also of the other processes of a run with -n."""

    def __init__(self, cited: set[str]) -> None:
        self._cited = cited
        self._outcomes: dict[str, Counter[str]] = {test: Counter() for test in cited}
        self._missed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what became of a cited test: its call, or why it was not called."""
        test = report.nodeid.partition("[")[0]
        if test in self._cited and (report.when == "call" or not report.passed):
            self._outcomes[test][report.outcome] += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Make the run fail when one is missing, skipped or failed in any of its cases."""
        self._missed = [
            f"{test}: {_what_happened(outcomes)}"
            for test, outcomes in sorted(self._outcomes.items())
            if set(outcomes) != {"passed"}
        ]
        if self._missed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name them."""
        if self._missed:
            terminalreporter.section("docs cite tests that did not pass", red=True)
            for line in self._missed:
                terminalreporter.write_line(line)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Hook, imported by conftest: listen when this is the whole run, in the process that sees all of it."""
    config = session.config
    if is_whole_run(config):
        docs = config.rootpath / "docs"
        cited = cited_tests(docs / "domain.md")
        cited.update(*(tests for _number, tests in read_checks(docs / "acceptance.md")))
        config.pluginmanager.register(CitedTestsRan(cited))


def is_whole_run(config: pytest.Config) -> bool:
    """Say whether every test is asked for, here and now."""
    is_worker = hasattr(config, "workerinput")
    chosen = ("keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf", "collectonly")
    by_name = config.args_source is pytest.Config.ArgsSource.ARGS
    is_selected = by_name or any(config.getoption(name, default=None) for name in chosen)
    is_postgres = os.environ.get("DATABASE_URL", "").startswith("postgres")
    return not (is_worker or is_selected or is_postgres)


def _what_happened(outcomes: Counter[str]) -> str:
    return (
        ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items()))
        or "not run"
    )
