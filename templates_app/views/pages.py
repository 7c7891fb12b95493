"""What the pages of this app share: rows that are not there, and lists by name in pages."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from leadportal.common.errors import NotFound
from leadportal.common.text import clean_line

Row = TypeVar("Row", bound=Model)
Thing = TypeVar("Thing")
ROWS = 50


def found(thing: Thing | None) -> Thing:
    """Return `thing`; raise NotFound when it is not there for this actor."""
    if thing is None:
        raise NotFound
    return thing


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a short list. There is no count: the next page is known by one row more."""

    rows: list[Row]
    query: str
    summary: str
    previous_url: str
    next_url: str


def page_of(rows: "QuerySet[Row]", request: HttpRequest) -> "Page[Row]":
    """Return the page that ?page= names, the first one for anything that is no number."""
    number = _page_number(request.GET.get("page", ""))
    start = (number - 1) * ROWS
    batch = list(rows[start : start + ROWS + 1])
    shown = batch[:ROWS]
    return Page(
        rows=shown,
        query=asked_for(request),
        summary=_("Showing %(first)s to %(last)s")
        % {"first": start + 1 if shown else 0, "last": start + len(shown)},
        previous_url=_url(request, number - 1) if number > 1 else "",
        next_url=_url(request, number + 1) if len(batch) > ROWS else "",
    )


def asked_for(request: HttpRequest) -> str:
    """Return what was typed into the search box, clean."""
    return clean_line(request.GET.get("q", "")[:400])[:100]


def _page_number(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < 6
    return max(1, int(text)) if is_number else 1


def _url(request: HttpRequest, number: int) -> str:
    values: Any = request.GET.copy()
    values["page"] = str(number)
    return f"?{values.urlencode()}"
