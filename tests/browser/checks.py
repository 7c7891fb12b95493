"""What a page must hold beside its words: no barrier that axe knows, no sideways scroll, a quiet console."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
NARROW: ViewportSize = {"width": 320, "height": 800}
WIDE: ViewportSize = {"width": 1440, "height": 900}

# Answers that a page may give on purpose; Chromium reports each as an error.
_ANSWERS = ("403", "404", "409", "410", "422", "429")
# What htmx says when somebody leaves a page while a part of it, like the numbers of the list, is on its way.
_LEFT = ("htmx:afterRequest, ", "htmx:sendAbort, ")


def axe_violations(
    page: Page, *, only_colours: bool = False, without: Sequence[str] = ()
) -> list[str]:
    """Return what axe finds wrong on the page, one line for each place, by WCAG 2.2 AA.

    `only_colours` is for the other theme of a page that was looked at: no other rule reads colours.
    `without` are parts of the page that were looked at, too, and are the same here.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate("scrollTo(0, 0)")  # axe takes what has scrolled below the bar for too close to it
    chosen = (
        {"type": "rule", "values": COLOURS} if only_colours else {"type": "tag", "values": TAGS}
    )
    found = page.evaluate(
        """async ([without, options]) => {
            const context = without.length ? {exclude: without.map(one => [one])} : document;
            const found = await axe.run(context, {...options, resultTypes: ["violations"]});
            const rules = [found.passes, found.violations, found.inapplicable, found.incomplete];
            return [found.violations, rules.flat().map(rule => rule.id)];
        }""",
        [list(without), {"runOnly": chosen}],
    )
    violations, rules = found
    assert only_colours or "target-size" in rules  # axe leaves it out unless asked (ux.md 0.10)
    return [
        f"{rule['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for rule in violations
        for node in rule["nodes"]
    ]


def sideways_scroll(page: Page) -> list[str]:
    """Say by how many pixels the page is wider than its window, and which elements stick out furthest."""
    width, culprits = page.evaluate(
        """() => {
            const root = document.documentElement, right = one => one.getBoundingClientRect().right;
            const clips = one => getComputedStyle(one).overflowX !== "visible";
            const isFree = one => one === document.body || (!clips(one) && isFree(one.parentElement));
            const out = [...document.body.querySelectorAll("*")]
                .filter(one => right(one) > innerWidth + 0.5 && isFree(one.parentElement));
            const first = out.sort((a, b) => right(b) - right(a)).slice(0, 3);
            return [root.scrollWidth - innerWidth, first.map(one => one.outerHTML.slice(0, 120))];
        }"""
    )
    return [f"{width} px too wide: {culprits}"] if width > 0 else []


def listen(context: BrowserContext) -> list[str]:
    """Collect what the browser complains about: script errors, refusals of the CSP, missing files."""
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda message: complaints.extend(_complaint(message)))
    return complaints


def _complaint(message: ConsoleMessage) -> list[str]:
    if message.type not in {"error", "warning"}:
        return []
    path = urlsplit(message.location["url"]).path
    if message.text.startswith(_LEFT):
        return []
    is_answer = any(f"status of {code} " in message.text for code in _ANSWERS)
    if is_answer and not path.startswith("/static/"):
        return []
    return [f"{message.type} at {path}: {message.text}"]
