"""Pages of lists by name: behind a row, not at a number (leadportal/common/pagination.py)."""

from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request

from leadportal.common.errors import Invalid, Refused
from leadportal.common.pagination import BadCursorError, Cursor, Order, Page
from leads.api.operations import TEXT

SIZES = (25, 50, 100)
SIZE: dict[str, Any] = {"type": "integer", "enum": list(SIZES), "default": SIZES[0]}
PLACES = {"size": SIZE, "after": TEXT, "before": TEXT}
BY_NAME = Order(("name", "id"), is_descending=False)


def size_asked(request: Request) -> int:
    """Return how many rows a page has. Raises Refused for any other number."""
    text = request.query_params.get("size", str(SIZES[0]))
    for size in SIZES:
        if text == str(size):
            return size
    raise Refused(_("A page has 25, 50 or 100 rows."))


def check_address(asked: Any) -> None:
    """Raise Invalid for filters of an address that cannot be used, Refused for anything else in it."""
    if errors := asked.filters.form.errors:
        raise Invalid({name: " ".join(map(str, one)) for name, one in errors.items()})
    if asked.notices:
        raise Refused(" ".join(asked.notices))


def lost_place() -> Refused:
    """Return what is said of a cursor that is none."""
    return Refused(_("That place in the list is no longer there. Begin without after and before."))


def page_of(request: Request, rows: "QuerySet[Any]", order: Order = BY_NAME) -> Page:
    """Return the page of `rows` that an address asks for."""
    size, backwards = size_asked(request), "before" in request.query_params
    text = request.query_params.get("before" if backwards else "after", "")
    taken = order.apply(rows, backwards=backwards)
    if text:
        try:
            cursor = Cursor.read(text, order, rows.model)
        except BadCursorError:
            raise lost_place() from None
        taken = order.apply(
            order.beyond(rows, cursor.key, backwards=backwards), backwards=backwards
        )
    found = list(taken[: size + 1])
    has_more, shown = len(found) > size, found[:size]
    if backwards:
        shown.reverse()
    first, last = (_beside(row, order) for row in (shown[0], shown[-1])) if shown else ("", "")
    is_first = not text or (backwards and not has_more)
    return Page(
        rows=shown,
        count=cast(Any, None),
        previous="" if is_first else first,
        next=last if has_more or (backwards and text) else "",
    )


def links(request: Request, page: Page) -> dict[str, str | None]:
    """Return the addresses of the pages before and behind."""
    return {
        "next": address(request, after=page.next) if page.next else None,
        "previous": address(request, before=page.previous) if page.previous else None,
    }


def address(request: Request, **place: str) -> str:
    """Return the address of the same list at another place."""
    kept = [
        (name, value)
        for name, values in request.query_params.lists()
        if name not in {"after", "before", "date"}
        for value in values
    ]
    return f"{request.path}?{urlencode([*kept, *place.items()])}"


def _beside(row: Any, order: Order) -> str:
    return Cursor(tuple(getattr(row, field) for field in order.fields)).write(order)
