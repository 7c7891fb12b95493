"""Take pictures of the portal with its demo data, in Chromium.

Usage: python -m scripts.screenshots [word ...]    (only pictures whose name has one of the words)

Works on a copy of a demo of its own, so that nothing which is done for a picture is there the next time.
The demo is made once: remove var/screenshots to have it anew. All pictures go to var/screenshots, the few
that the documents show to docs/pictures.
"""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

from scripts.chromium import ARGUMENTS, find_chromium

ROOT = Path(__file__).resolve().parent.parent
SHOTS = ROOT / "var" / "screenshots"
HOME = SHOTS / "portal"  # VAR_DIR of the portal that is shown
DEMO, COPY = HOME / "demo.sqlite3", HOME / "portal.sqlite3"
DOCS = ROOT / "docs" / "pictures"
PASSWORD = "demo-portal"  # noqa: S105  (README.md)
SERVER_ERROR = 500
TALLEST = 2400
PATIENCE = 60  # seconds that the server may take to start, and a page to answer
WIDE = (1440, 900)
SHOWN = (1280, 800)  # in documents: at most 200 KB
LOOKS = {
    "light": ("light", WIDE),
    "dark": ("dark", WIDE),
    "phone": ("light", (390, 844)),
}
Steps = Callable[[Page], None]


def nothing_more(page: Page) -> None:
    """Leave the page as it opened."""


def first_row(page: Page) -> None:
    """Open the first row of a list."""
    page.locator("main tbody a").first.click()
    page.wait_for_load_state()


def admin_row(page: Page) -> None:
    """Open the first row of a list in Django admin."""
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_load_state()


def click(control: Locator) -> None:
    """Click a button or link; the menu that it stands in is opened first."""
    control.wait_for(state="attached")
    if not control.is_visible():
        control.locator("xpath=ancestor::details/summary").click()
    control.click()


def dialog(name: str) -> Steps:
    """Open the first row, and lift an action into its dialog."""

    def _steps(page: Page) -> None:
        first_row(page)
        click(page.locator(f"a[data-action='{name}']").first)
        page.locator("dialog[open]").wait_for()

    return _steps


def press(name: str) -> Steps:
    """Press a button or link of the page."""

    def _steps(page: Page) -> None:
        main = page.locator("main")
        buttons = main.get_by_role("button", name=name, include_hidden=True)
        links = main.get_by_role("link", name=name, include_hidden=True)
        click(buttons.or_(links).first)
        page.wait_for_load_state()

    return _steps


def in_turn(*all_steps: Steps) -> Steps:
    """Do one thing after the other."""

    def _steps(page: Page) -> None:
        for steps in all_steps:
            steps(page)

    return _steps


@dataclass(frozen=True)
class Picture:
    """One page as one demo person sees it; `shown` names the look of which a document shows the upper part."""

    name: str
    who: str
    path: str
    steps: Steps = nothing_more
    shown: str = ""


HELD = "/leads/?status=referred&qualification=qualified&sort=-updated"
OFFERED = (
    "/leads/?layout=list&status=assigned&marketplace=halden-priority&sort=created"
    "&column=company&column=product&column=country&column=status&column=deadline"
)
PICTURES = [
    Picture("sign-in", "", "/sign-in/"),
    Picture("sign-in-error", "", "/sign-in/", press("Sign in")),
    Picture("home-manager", "manager", "/"),
    Picture("home-vendor", "vendor", "/"),
    Picture("home-reseller", "reseller", "/"),
    Picture("home-customer", "customer", "/"),
    Picture("leads", "operator", "/leads/", shown="light"),
    Picture("leads-no-match", "operator", "/leads/?q=nobody+is+called+so"),
    Picture("leads-filters", "operator", "/leads/?status=referred", press("Filters")),
    Picture("leads-filters-closed", "operator", "/leads/?status=referred", press("Hide filters")),
    Picture("leads-reseller", "reseller", "/leads/"),
    Picture("leads-vendor", "vendor", "/leads/"),
    Picture("leads-referral", "referral", "/leads/"),
    Picture("lead-referred", "operator", HELD, first_row, shown="light"),
    Picture("lead-referred-reseller", "reseller", HELD, first_row),
    Picture("lead-submitted", "manager", "/leads/?status=submitted", first_row),
    Picture("lead-assigned-reseller", "reseller", "/leads/?status=assigned", first_row),
    Picture("lead-converted", "manager", "/leads/?status=converted", first_row),
    Picture("lead-disqualified", "manager", "/leads/?status=disqualified", first_row),
    Picture("lead-vendor", "vendor", "/leads/?status=submitted", first_row),
    Picture("lead-history", "operator", HELD, in_turn(first_row, press("Whole history"))),
    Picture("dialog-assign", "manager", "/leads/?status=submitted", dialog("assign")),
    Picture("dialog-disqualify", "manager", "/leads/?status=submitted", dialog("disqualify")),
    Picture("dialog-associate", "manager", "/leads/?status=submitted", dialog("associate")),
    Picture("dialog-convert", "reseller", HELD, dialog("convert")),
    Picture("dialog-request", "reseller2", "/leads/?status=assigned", dialog("request")),
    Picture("dialog-products", "reseller", HELD, dialog("products")),
    Picture("lead-edit", "reseller", HELD, in_turn(first_row, press("Edit"))),
    Picture("lead-new", "manager", "/leads/new/"),
    Picture("lead-new-vendor", "vendor", "/leads/new/"),
    Picture("attention", "manager", "/attention/"),
    Picture("sources", "manager", "/sources/"),
    Picture("source-new", "vendor", "/sources/new/"),
    Picture("imports", "manager", "/imports/"),
    Picture("import-new", "manager", "/imports/new/"),
    Picture("person-data", "operator", "/privacy/"),
    Picture("tokens", "manager", "/settings/tokens/"),
    Picture("token-new", "manager", "/settings/tokens/new/"),
    Picture("api-docs", "", "/api/docs/"),
    Picture("approvals", "manager", "/approvals/"),
    Picture("reports", "manager", "/reports/"),
    Picture("search", "manager", "/search/?q=logistics"),
    Picture("inbox", "manager", "/inbox/"),
    Picture("exports", "manager", "/exports/"),
    Picture("columns", "manager", "/leads/columns/"),
    Picture("views", "manager", "/leads/views/"),
    Picture("companies", "manager", "/companies/"),
    Picture("company", "manager", "/companies/", first_row),
    Picture("company-new", "operator", "/companies/new/"),
    Picture(
        "permissions",
        "manager",
        "/companies/?q=Alderpoint",
        in_turn(first_row, press("Manage reseller company permissions")),
    ),
    Picture("people", "manager", "/people/"),
    Picture("person", "manager", "/people/", first_row),
    Picture("roles", "manager", "/people/roles/"),
    Picture("invite", "operator", "/people/invite/"),
    Picture("settings", "reseller", "/settings/"),
    Picture("offers", "operator", "/offers/"),
    Picture("offers-list", "reseller", OFFERED),
    Picture("offers-masked", "reseller", OFFERED, first_row),
    Picture("offers-cards", "reseller", OFFERED.replace("layout=list", "layout=cards")),
    Picture("assignment", "operator", "/assignment/"),
    Picture("assignment-rule", "operator", "/assignment/", press("Priority requests")),
    Picture("assignment-territories", "operator", "/assignment/territories/"),
    Picture("assignment-absences", "operator", "/assignment/absences/"),
    Picture("assignment-trial", "operator", "/assignment/test/?what=waiting"),
    Picture("assignment-versions", "operator", "/assignment/versions/"),
    Picture("days-away", "reseller", "/settings/absences/"),
    Picture("hours", "reseller", "/settings/", press("Set working hours")),
    Picture("marketplaces", "operator", "/marketplaces/"),
    Picture("marketplace", "operator", "/marketplaces/", first_row),
    Picture("products", "vendor", "/products/"),
    Picture("product", "vendor", "/products/", first_row),
    Picture("templates", "vendor", "/templates/"),
    Picture("template", "vendor", "/templates/", first_row),
    Picture("builder", "vendor", "/templates/", in_turn(first_row, press("draft"))),
    Picture("share", "vendor", "/products/", in_turn(first_row, press("Share form"))),
    Picture(
        "field-new", "vendor", "/templates/", in_turn(first_row, press("draft"), press("Add field"))
    ),
    Picture("attributes", "operator", "/attributes/"),
    Picture("help", "reseller", "/help/"),
    Picture("not-found", "reseller", "/leads/LD-000000000/"),
    Picture("public-storefront", "", "/m/halden-store/"),
    Picture("public-product", "", "/m/halden-store/quillstack-sign/"),
    Picture("public-form", "", "/m/halden-store/quillstack-sign/", press("Contact us")),
    Picture(
        "public-form-errors",
        "",
        "/m/halden-store/quillstack-sign/",
        in_turn(press("Contact us"), press("Check your answers")),
    ),
    Picture("public-reseller", "", "/r/alderpoint-it/"),
    Picture("admin", "staff", "/admin/"),
    Picture("admin-leads", "staff", "/admin/leads/lead/"),
    Picture("admin-lead", "staff", "/admin/leads/lead/", admin_row),
    # Last: the choice of a layout is remembered.
    Picture("leads-cards", "manager", "/leads/?layout=cards"),
    Picture("leads-board", "manager", "/leads/?layout=board"),
]


def prepare(environment: dict[str, str]) -> None:
    """Make the demo once, take a fresh copy of it, and collect the static files."""
    HOME.mkdir(parents=True, exist_ok=True)
    manage("seed_demo", environment | {"DATABASE_URL": f"sqlite:///{DEMO}"})
    with closing(sqlite3.connect(DEMO)) as demo, closing(sqlite3.connect(COPY)) as copy:
        demo.backup(copy)
    manage("collectstatic --no-input -v 0", environment)


def manage(command: str, environment: dict[str, str]) -> None:
    """Run a command of Django; what it says is not for here."""
    subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )


@contextmanager
def server(environment: dict[str, str], port: int) -> Iterator[None]:
    """Run the portal while the pictures are taken."""
    command = ["-m", "gunicorn", "leadportal.wsgi", f"--bind=127.0.0.1:{port}", "--threads=4"]
    process = subprocess.Popen(
        [sys.executable, *command, "--log-level=warning"], cwd=ROOT, env=environment
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The portal did not start.")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def sign_in(page: Page, address: str, who: str) -> None:
    """Sign a demo person in by the form."""
    page.goto(f"{address}/sign-in/")
    page.locator("[name=login]").fill(f"{who}@demo.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def take(browser: Browser, address: str, look: str, pictures: list[Picture]) -> list[str]:
    """Take `pictures` in one look, each person in a window of its own; return what went wrong."""
    scheme, (width, height) = LOOKS[look]
    wrong = []
    for who in dict.fromkeys(picture.who for picture in pictures):
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": height},
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        for picture in pictures:
            if picture.who != who:
                continue
            try:
                if who and "sessionid" not in {one["name"] for one in context.cookies()}:
                    sign_in(page, address, who)
                answer = page.goto(address + picture.path)
                if answer and answer.status >= SERVER_ERROR:
                    raise Error(f"the page answered {answer.status}")
                picture.steps(page)
                shoot(page, picture, look)
            except Error as error:
                wrong.append(f"{picture.name} ({look}): {error.message.splitlines()[0]}")
        context.close()
    return wrong


def shoot(page: Page, picture: Picture, look: str) -> None:
    """Store the page from its top down to TALLEST, a dialog as the window shows it, and a document's picture."""
    if page.locator("dialog[open]").count():
        page.screenshot(path=SHOTS / look / f"{picture.name}.png")
    else:
        width, height = LOOKS[look][1]
        tall = page.evaluate("() => document.documentElement.scrollHeight")
        page.screenshot(
            path=SHOTS / look / f"{picture.name}.png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": width, "height": max(height, min(tall, TALLEST))},
        )
    if picture.shown == look:
        page.set_viewport_size({"width": SHOWN[0], "height": SHOWN[1]})
        page.screenshot(path=DOCS / f"{picture.name}.png")
        page.set_viewport_size({"width": LOOKS[look][1][0], "height": LOOKS[look][1][1]})


def main(words: list[str]) -> int:
    """Take all pictures, or those with a word of `words` in their name."""
    chromium = find_chromium()
    if not chromium:
        print("Chromium is missing: apt-get install chromium, or set CHROMIUM", file=sys.stderr)
        return 1
    pictures = [one for one in PICTURES if not words or any(word in one.name for word in words)]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    kept = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "DEBUG"}
    }
    environment = {**kept, "VAR_DIR": str(HOME), "PORTAL_URL": address}
    prepare(environment)
    DOCS.mkdir(parents=True, exist_ok=True)
    wrong = []
    with server(environment, port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for look in LOOKS:
            wrong += take(browser, address, look, pictures)
        browser.close()
    print(f"{len(pictures)} pages in {len(LOOKS)} looks: {SHOTS.relative_to(ROOT)}/")
    for line in wrong:
        print(f"Not taken: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
