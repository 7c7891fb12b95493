"""Somebody without a mouse: reaches things with Tab, and presses, ticks and types there."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator

from tests.browser.visitor import Visitor

STOPS_MOST = 150  # more than any page has; one that the focus never reaches is a fault


@dataclass(frozen=True)
class Keyboard:
    """The keys of a visitor's window."""

    visitor: Visitor

    @property
    def page(self) -> Any:
        """What they act on."""
        return self.visitor.page

    def reach(self, control: Locator) -> None:
        """Press Tab until `control` has the focus."""
        control.wait_for()
        for _stop in range(STOPS_MOST):
            if control.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {control}")

    def follow(self, name: str) -> None:
        """Reach the link that is called so, and press Enter."""
        self.reach(self.page.get_by_role("link", name=name, exact=True))
        self.page.keyboard.press("Enter")

    def press(self, name: str) -> None:
        """Reach the button that is called so, and press Enter."""
        self.reach(self.page.get_by_role("button", name=name, exact=True))
        self.page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        """Reach the field with this label, and type; in a list that chooses what begins so."""
        self.reach(self.visitor.field(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        """Reach the box with this label, and press Space."""
        self.reach(self.visitor.field(label))
        self.page.keyboard.press("Space")
