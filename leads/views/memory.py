"""The view that somebody used last: the menu leads back to it (ux.md L21); an address always wins.

And whether the filter panel of lists stood open. Kept in cookies: looking at a list writes nothing to the database.
"""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.actors import Person
from leads.filters.views import EVERYTHING

YEAR = 365 * 24 * 60 * 60
PANEL = "lp_filters"
_WORD = re.compile(r"[a-z0-9_-]{1,80}", re.ASCII)


def keep_view(response: HttpResponse, request: HttpRequest, word: str, actor: Person) -> None:
    """Let the menu lead to the view called `word` from now on."""
    if last_view(request, actor) != word:
        response.set_cookie(_name(actor), word, max_age=YEAR, samesite="Lax", httponly=True)


def last_view(request: HttpRequest, actor: Person) -> str:
    """Return the word of the view that the actor used last in its present company; All at first."""
    word = request.COOKIES.get(_name(actor), "")
    return word if _WORD.fullmatch(word) else EVERYTHING.word


def menu_url(request: HttpRequest, actor: Person) -> str:
    """Return where the menu's line "Leads" leads."""
    word, address = last_view(request, actor), reverse("leads:list")
    return address if word == EVERYTHING.word else f"{address}?view={word}"


def _name(actor: Person) -> str:
    return f"lp_view_{actor.user_id}_{actor.company_id}"


def is_panel_open(request: HttpRequest) -> bool:
    """Say whether the filters are shown: as the address says, or as they stood last (ux.md L10)."""
    return request.GET.get("filters", request.COOKIES.get(PANEL, "")) == "open"


def keep_panel(response: HttpResponse, request: HttpRequest) -> None:
    """Keep what the address says of the filters for the next list."""
    if "filters" in request.GET:
        word = "open" if is_panel_open(request) else "closed"
        response.set_cookie(PANEL, word, max_age=YEAR, samesite="Lax")
