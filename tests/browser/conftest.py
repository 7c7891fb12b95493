"""A real browser on a real server: Debian's Chromium, one for each process, and windows of their own."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, expect

from accounts.actors import Person
from scripts.chromium import ARGUMENTS, find_chromium
from tests.browser.checks import WIDE, listen
from tests.browser.visitor import Visitor

PATIENCE = 20_000  # milliseconds; a busy machine is no failure

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here, so that a run without a browser can leave it out by name."""
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Start the machine's own Chromium."""
    path = find_chromium()
    if path is None:
        pytest.skip("Chromium is missing: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture
def visit(browser: Browser, live_server, cast, settings) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a window of its own for a person of the cast, signed in by the form.

    At the end of the test, whatever a window complained about in its console fails it.
    """
    settings.PORTAL_URL = live_server.url
    cache.clear()  # counts sign-ins, of all tests from one address
    contexts: list[BrowserContext] = []
    complaints: list[list[str]] = []

    def _visit(who: Person | None = None, **options) -> Visitor:
        context = browser.new_context(**{"viewport": WIDE, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        complaints.append(listen(context))
        visitor = Visitor(context.new_page(), live_server.url, who)
        if who is not None:
            visitor.sign_in(who.email)
        return visitor

    yield _visit
    for context in contexts:
        context.close()
    found = [line for lines in complaints for line in lines]
    assert not found, "\n".join(found)
