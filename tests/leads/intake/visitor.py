"""A visitor without a browser: opens a form page, types, sends, reads what comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from leadportal.common import clock
from templates_app.enums import FieldKind, MapsTo, VersionState
from templates_app.models import LeadTemplate, TemplateField, TemplateVersion

ANSWERS = {
    "first_name": "Ana",
    "last_name": "Sousa",
    "email": "ana@northwind.example",
    "company": "Northwind",
    "budget": "12000",
}


class _Inputs(HTMLParser):
    """Collects what a browser would send back."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden: dict[str, list[str]] = {}
        self.shown: dict[str, str] = {}
        self.title = self.heading = ""
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in {"title", "h1"}:
            self._inside = tag
        name, value = values.get("name"), values.get("value") or ""
        if tag == "input" and name:
            if values.get("type") == "hidden":
                self.hidden.setdefault(name, []).append(value)
            elif values.get("type") not in {"checkbox", "radio"} or "checked" in values:
                self.shown[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data
        if self._inside == "h1":
            self.heading += data


def read(response: Any) -> _Inputs:
    """Return the inputs, title and heading of a page."""
    page = _Inputs()
    page.feed(response.content.decode())
    page.title, page.heading = page.title.strip(), page.heading.strip()
    return page


@contextmanager
def later(**span: float) -> Iterator[None]:
    """Let time pass: by default long enough for a person to type."""
    with clock.at(clock.now() + timedelta(**(span or {"seconds": 20}))):
        yield


def typed(answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers under the names that the page gives them."""
    return {f"answer-{key}": value for key, value in answers.items()}


def open_form(client: Any, path: str) -> str:
    """Open a form page and return its token."""
    return read(client.get(path)).hidden["form.token"][0]


def send(client: Any, path: str, answers: dict[str, Any], token: str, **more: Any) -> Any:
    """Send answers at human speed."""
    with later():
        return client.post(path, {"form.token": token, **typed(answers), **more})


def fill_in(client: Any, path: str, answers: dict[str, Any] = ANSWERS) -> Any:
    """Open a form, answer it, send it; return the answer to the post."""
    return send(client, path, answers, open_form(client, path))


def press(client: Any, path: str, page: Any, step: str = "") -> Any:
    """Press a button of a page that holds everything in hidden fields."""
    hidden = dict(read(page).hidden)
    with later(minutes=1):
        return client.post(path, {**hidden, **({"form.step": step} if step else {})})


def make_form(owner: Any, *questions: dict[str, Any], **template: Any) -> TemplateVersion:
    """Store a published version with these questions (fields of TemplateField; key from the label)."""
    template.setdefault("name", f"Form {LeadTemplate.objects.count()}")
    version = TemplateVersion.objects.create(
        template=LeadTemplate.objects.create(owner=owner, **template), number=1
    )
    for position, question in enumerate(questions, start=1):
        values = {"key": f"q{position}", "label": f"Question {position}", **question}
        TemplateField.objects.create(version=version, position=position, **values)
    version.state, version.published_at = VersionState.PUBLISHED, clock.now()
    version.save(update_fields=["state", "published_at"])
    return version


# One question of every kind that is asked, and an answer to each.
EVERY_KIND: list[dict[str, Any]] = [
    {"key": "first_name", "label": "First name", "kind": FieldKind.SHORT_TEXT, "maps_to": MapsTo.FIRST_NAME},
    {"key": "email", "label": "Work email", "kind": FieldKind.EMAIL, "maps_to": MapsTo.EMAIL, "is_required": True},
    {"key": "phone", "label": "Phone", "kind": FieldKind.PHONE, "maps_to": MapsTo.PHONE},
    {"key": "site", "label": "Web site", "kind": FieldKind.SHORT_TEXT, "maps_to": MapsTo.WEBSITE},
    {"key": "country", "label": "Country", "kind": FieldKind.COUNTRY, "maps_to": MapsTo.COUNTRY},
    {"key": "story", "label": "Story", "kind": FieldKind.LONG_TEXT},
    {"key": "seats", "label": "Seats", "kind": FieldKind.NUMBER},
    {"key": "budget", "label": "Budget", "kind": FieldKind.MONEY, "currency": "EUR"},
    {"key": "start", "label": "Start", "kind": FieldKind.DATE},
    {"key": "plan", "label": "Plan", "kind": FieldKind.CHOICE, "options": ["Basic", "Pro & more"]},
    {"key": "needs", "label": "Needs", "kind": FieldKind.CHOICES, "options": ["Backup", "Mail"]},
    {"key": "trial", "label": "Trial", "kind": FieldKind.YES_NO},
    {"key": "news", "label": "Send me news <b>weekly</b>", "kind": FieldKind.CONSENT},
    {"key": "campaign", "label": "Campaign", "kind": FieldKind.HIDDEN},
]  # fmt: skip
EVERY_ANSWER: dict[str, Any] = {
    "first_name": "Ana",
    "email": "ana@northwind.example",
    "phone": "+351 912 345 678",
    "site": "northwind.example",
    "country": "PT",
    "story": "One\nTwo",
    "seats": "25",
    "budget": "12,000.50",
    "start": "2025-11-21",
    "plan": "Pro & more",
    "needs": ["Backup", "Mail"],
    "trial": "yes",
    "news": "on",
    "campaign": "spring",
}
