"""The columns of the lead list, chosen and put in order (ux.md L23). Nothing is stored before Apply."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from accounts.services.profile import remember
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.filters import Asked
from leads.rules.permissions import sees_leads
from leads.tables import ALWAYS, LeadColumn, every_column


class ColumnsView(PortalView):
    """A check box for each column, with buttons that move it. The address is that of the list."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the columns of the list, then the others."""
        asked = Asked(request.GET, request.actor)
        columns = every_column(request.actor)
        words = asked.values["column"]
        return self._show(asked, sorted(columns, key=lambda one: _place(words, one.word)))

    def post(self, request: PortalRequest) -> HttpResponse:
        """Move a column, or go back to the list as it was, with the columns that are ticked."""
        asked = Asked(request.POST, request.actor)
        for by, name in ((-1, "up"), (1, "down")):
            if name in request.POST:
                words = request.POST.getlist("order")
                columns = sorted(
                    every_column(request.actor), key=lambda one: _place(words, one.word)
                )
                return self._show(asked, _moved(columns, request.POST[name], by), name)
        words = [] if "reset" in request.POST else asked.values["column"]
        if asked.view.saved:
            address = asked.address(column=words or asked.view.saved.columns, **asked.place_named)
        else:
            remember(columns=words, actor=request.actor)
            address = asked.address(column=None, **asked.place_named)
        return redirect_after(request, address)

    def _show(self, asked: Asked, columns: list[LeadColumn], pressed: str = "") -> HttpResponse:
        context: dict[str, Any] = {
            "columns": columns,
            "chosen": asked.values["column"],
            "always": ALWAYS,
            "kept": [*asked.hidden("column"), *asked.place_named.items()],
            "list_url": asked.address(**asked.place_named),
            "pressed": pressed,
            "moved": asked.query.get(pressed, ""),
        }
        return render(self.request, "leads/columns.html", context)


def _place(words: list[str], word: str) -> int:
    """Return where a column stands; unnamed ones come last, in their usual order."""
    return words.index(word) if word in words else len(words)


def _moved(columns: list[LeadColumn], word: str, by: int) -> list[LeadColumn]:
    """Return the columns with one of them a place further; at the ends it stays."""
    here = next((place for place, one in enumerate(columns) if one.word == word), None)
    if here is not None and 0 <= here + by < len(columns):
        columns[here], columns[here + by] = columns[here + by], columns[here]
    return columns
