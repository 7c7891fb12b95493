"""Somebody at a browser window, who finds things by the words that stand on the page."""

import re
from dataclasses import dataclass

from django.urls import reverse
from playwright.sync_api import Locator, Page, Response, expect

from accounts.actors import Person
from tests.factories import PASSWORD


@dataclass
class Visitor:
    """A window of its own; `who` is None for a prospect."""

    page: Page
    address: str
    who: Person | None = None

    # --- Where to ---------------------------------------------------------------------------------

    def open(self, path: str) -> Response | None:
        """Go to a path of the portal."""
        return self.page.goto(self.address + path)

    def visit(self, name: str, *args: object) -> Response | None:
        """Go to a page by the name of its address."""
        return self.open(reverse(name, args=args))

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Click the link that is called so."""
        self._one("link", name).click()

    def press(self, name: str | re.Pattern[str]) -> None:
        """Click the button that is called so."""
        self._one("button", name).click()

    def manage(self, name: str) -> None:
        """Choose from the menu "Manage"."""
        self.page.locator("summary", has_text="Manage").click()
        self.follow(name)

    def go_to(self, name: str) -> None:
        """Use the side navigation; of the start page, where nothing is open yet."""
        if self.page.url == "about:blank":
            self.open("/")
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()

    # --- Forms ------------------------------------------------------------------------------------

    def fill(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.field(label).fill(text)

    def choose(self, label: str, option: str | re.Pattern[str] | None = None) -> None:
        """Choose in the list with this label; without `option`, tick the box or radio button."""
        if option is None:
            self.field(label).check()
        elif isinstance(option, str):
            self.field(label).select_option(label=option)
        else:
            field = self.field(label)
            field.select_option(label=field.locator("option", has_text=option).inner_text())

    def field(self, label: str) -> Locator:
        """Return the control with this label; "(optional)" is no part of it."""
        controls = self.page.locator("input, select, textarea, fieldset")
        name = re.compile(rf"^{re.escape(label)}(\s*\(optional\))?$")
        return self.page.get_by_label(name).and_(controls)

    # --- What is there ------------------------------------------------------------------------------

    @property
    def main(self) -> Locator:
        """What the page is about."""
        return self.page.locator("main")

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.get_by_role("dialog")

    def reads(self, *texts: str | re.Pattern[str]) -> None:
        """Make sure that the page's own part says all this."""
        for text in texts:
            expect(self.main).to_contain_text(text)

    def does_not_read(self, *texts: str) -> None:
        """Make sure that the page's own part says nothing of this."""
        for text in texts:
            expect(self.main).not_to_contain_text(text)

    def is_told(self, text: str) -> None:
        """Make sure that the message after a change says so."""
        expect(self.page.get_by_role("region", name="Messages")).to_contain_text(text)

    def is_at(self, heading: str | re.Pattern[str]) -> None:
        """Make sure that the page has this one heading, and that its scripts hear keys."""
        expect(self.page.locator("h1")).to_have_text(heading)
        self.page.wait_for_load_state()

    def has_status(self, label: str) -> None:
        """Make sure that the lead's chip says so."""
        expect(self.main.locator(".chip").first).to_have_text(label)

    def history(self) -> list[str]:
        """Return what happened to the lead on this page, oldest first."""
        lines = self.page.get_by_role("region", name="History").locator(".line-text")
        return lines.all_inner_texts()[::-1]

    def actions(self) -> set[str]:
        """Return the names of the lead's actions on this page, as the table of moves calls them."""
        found = self.main.locator("[data-action]").evaluate_all(
            "all => all.map(one => one.dataset.action)"
        )
        return set(found)

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        """Fill the sign-in form and wait for the page behind it."""
        self.open("/sign-in/")
        self.fill("Email", email)
        self.fill("Password", password)
        self.press("Sign in")
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)

    def sign_out(self) -> None:
        """Use the account menu."""
        self.page.locator("summary", has_text="Account menu").click()
        self.press("Sign out")
        self.page.wait_for_url("**/sign-in/**")

    def _one(self, role, name: str | re.Pattern[str]) -> Locator:
        if isinstance(name, str):
            name = re.compile(rf"^{re.escape(name)}$")
        return self.page.get_by_role(role, name=name)
