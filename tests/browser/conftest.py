"""A real browser on a real server: Debian's Chromium, one for each process, and windows of their own."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, expect

from accounts.actors import Person
from accounts.models import User
from scripts.chromium import ARGUMENTS, find_chromium
from tests.browser.checks import WIDE, listen
from tests.browser.f1 import F1, make_f1
from tests.browser.sites import Site
from tests.browser.visitor import Visitor
from tests.photograph import Photograph

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


def _enter(visitor: Visitor, who: Person) -> None:
    """Give a window the session of somebody who signed in. The form itself: test_from_form_to_customer.py."""
    client = Client()
    account = User.objects.get(pk=who.user_id)
    client.force_login(account, backend="accounts.backends.PortalBackend")
    name = django_settings.SESSION_COOKIE_NAME
    session = client.cookies[name].value
    visitor.page.context.add_cookies([{"name": name, "value": session, "url": visitor.address}])


@pytest.fixture
def visit(browser: Browser, live_server, cast, settings) -> Iterator[Callable[..., Visitor]]:
    """Return a function that opens a window of its own for a person of the cast, who has signed in.

    At the end of the test, whatever a window complained about in its console fails it, but for what the
    test provokes: the words that `forgives` names.
    """
    settings.PORTAL_URL = live_server.url
    cache.clear()  # counts sign-ins, of all tests from one address
    contexts: list[BrowserContext] = []
    complaints: list[tuple[list[str], str]] = []

    def _visit(who: Person | None = None, forgives: str = "", **options) -> Visitor:
        context = browser.new_context(**{"viewport": WIDE, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        complaints.append((listen(context), forgives))
        visitor = Visitor(context.new_page(), live_server.url, who)
        if who is not None:
            _enter(visitor, who)
        return visitor

    yield _visit
    for context in contexts:
        context.close()
    found = [
        line
        for lines, forgiven in complaints
        for line in lines
        if not forgiven or forgiven not in line
    ]
    assert not found, "\n".join(found)


_F1 = Photograph(make_f1)


@pytest.fixture
def f1(live_server, cast) -> F1:
    """Put the 2,160 leads of the acceptance checks on the stage."""
    return _F1.show(cast)


@pytest.fixture
def sites() -> Iterator[tuple[Site, Site]]:
    """Two web sites of somebody else."""
    both = Site(), Site()
    yield both
    for site in both:
        site.server.shutdown()
        site.server.server_close()
