"""Every page of every role: no barrier that axe knows, in light and dark, and no sideways scroll at 320 px."""

from collections.abc import Iterator, Sequence

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, expect

from tests.browser.checks import NARROW, WIDE, axe_violations, sideways_scroll
from tests.browser.stage import set_stage
from tests.browser.stops import NOT_PAGES, STOPS, VISITOR, Stop
from tests.browser.visitor import Visitor

PEOPLE = sorted({person for stop in STOPS for person in stop.who.split()})
PAGES = {person: [stop for stop in STOPS if person in stop.who.split()] for person in PEOPLE}
SOME = 20  # pages to a test: a window that has seen hundreds is slow, and a test at the end keeps one processor alone
WAYS = [
    pytest.param(person, stops[start : start + SOME], id=f"{person}-{start}")
    for person, stops in PAGES.items()
    for start in range(0, len(stops), SOME)
]
WITH_DIALOGS = sorted(
    {person for stop in STOPS if stop.name == "leads:action" for person in stop.who.split()}
)

# What stands around the pages of a person is the same on each.
FRAME = (".side", ".topbar", ".masthead")
# The pages that ux.md check 39 names: every rule in dark, too; of the others only what reads colours.
NAMED = {
    *("account_login", "home", "leads:list", "leads:detail", "leads:action", "templates:builder"),
    *("intake:form", "leads:score_draft", "leads:assignment_test", "leads:report"),
    *("leads:import_check", "leads:notices"),
}
STILL = {"reduced_motion": "reduce"}  # else a colour is measured on its way from light to dark


def _problems(page: Page, stop: Stop, without: Sequence[str] = ()) -> Iterator[str]:
    """Look at the page of `stop` in both themes and in a narrow window."""
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        is_seen = theme == "dark" and stop.name not in NAMED
        found = axe_violations(page, only_colours=is_seen, without=without)
        yield from (f"{theme}: {line}" for line in found)
    page.set_viewport_size(NARROW)
    yield from sideways_scroll(page)
    page.set_viewport_size(WIDE)


def _go(visitor: Visitor, stop: Stop, stage: dict) -> Iterator[str]:
    """Go to a page and say what is wrong with the way there."""
    answer = visitor.open(stop.path(stage))
    if answer.status != stop.status:
        yield f"answers {answer.status} instead of {stop.status}"
        return
    if stop.press:
        with visitor.page.expect_navigation():
            visitor.main.get_by_role("button", name=stop.press, exact=True).last.click()
        if not visitor.page.title().startswith("Error:"):
            yield f"the title with errors is {visitor.page.title()}"
    if visitor.page.locator("h1").count() != 1:
        yield "has not one h1"


def _addresses(patterns: list, namespace: str = "") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver) and one.namespace != "admin":
            yield from _addresses(
                one.url_patterns, f"{one.namespace}:" if one.namespace else namespace
            )
        elif isinstance(one, URLPattern):
            yield f"{namespace}{one.name}"


def test_the_named_pages_are_in_the_table():
    assert {stop.name for stop in STOPS} >= NAMED


def test_every_address_is_in_the_table():
    known = {stop.name for stop in STOPS} | NOT_PAGES.keys()
    assert set(_addresses(get_resolver().url_patterns)) == known


@pytest.mark.parametrize(("person", "stops"), WAYS)
def test_pages_have_no_barriers(visit, cast, person, stops):
    stage = set_stage(cast)
    visitor = visit(None if person == VISITOR else getattr(cast, person), **STILL)
    found = []
    seen: Sequence[str] = ()
    for stop in stops:
        problems = [*_go(visitor, stop, stage), *_problems(visitor.page, stop, seen)]
        found += [f"{stop}: {line}" for line in problems]
        seen = FRAME
    assert not found, "\n".join(found)


@pytest.mark.parametrize("person", WITH_DIALOGS)
def test_dialogs_have_no_barriers(visit, cast, person):
    stage = set_stage(cast)
    visitor = visit(getattr(cast, person), **STILL)
    found = []
    for stop in STOPS:
        if stop.name != "leads:action" or stop.status != 200 or person not in stop.who.split():
            continue
        lead, action = stop.args
        visitor.visit("leads:detail", stage[lead])
        link = visitor.main.locator(f"a.js-dialog[data-action={action}]").first
        if link.count() == 0:
            continue  # a page of its own, or a button on this one
        if not link.is_visible():
            visitor.main.locator("summary", has_text="Manage").click()
        link.click()
        expect(visitor.dialog).to_be_visible()
        found += [f"{stop} (dialog): {line}" for line in _problems(visitor.page, stop)]
    assert not found, "\n".join(found)
