"""What lists with a panel of a few filters have in common: the page, a search while typing, and the file.

Companies, deals, quotes and orders are such lists.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, ClassVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.csv import csv_pieces
from leadportal.common.http import PortalRequest
from leadportal.common.pagination import Page, every_row, page_at
from leadportal.common.views import PortalView, wants_fragment
from leads.filters.tags import Tag
from leads.services.exports import record_export
from leads.views.memory import is_panel_open, keep_panel
from leads.views.paging import Pages


class NarrowedList(Pages):
    """A list with everything around it, for one request. What is asked for says its own word and narrowings."""

    asked: Any

    @cached_property
    def page(self) -> Page:
        """See `Pages`."""
        cursor, backwards = self.asked.place
        return page_at(self.asked.found, size=self.asked.size, cursor=cursor, backwards=backwards)

    @cached_property
    def notices(self) -> list[str]:
        """What in the address could not be used; the page has been read by then."""
        found: list[str] = self.asked.notices if self.page else []
        return found

    @cached_property
    def tags(self) -> list[Tag]:
        """The filters in force."""
        found: list[Tag] = self.asked.tags
        return found

    @property
    def fields(self) -> list[Any]:
        """The filters of the panel."""
        return [self.asked.filters.form[name] for name in self.asked.narrowings]

    @property
    def clear_url(self) -> str:
        """The list without filters; what is searched for stays."""
        nothing: dict[str, Any] = dict.fromkeys(self.asked.narrowings)
        return str(self.asked.address(**nothing))

    @property
    def kept_by_panel(self) -> list[tuple[str, str]]:
        """What the filters carry along."""
        return list(self.asked.hidden(*self.asked.narrowings))

    @property
    def export_url(self) -> str:
        """Where the same rows can be downloaded."""
        return str(self.asked.address(f"leads:{self.asked.word}_csv", layout=""))

    @property
    def found(self) -> str:
        """How many there are, for ears."""
        raise NotImplementedError


class NarrowedView(PortalView):
    """A page of such a list. A subclass names its templates, and what stands beside the rows."""

    template_name: ClassVar[str]
    rows_template: ClassVar[str]

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page, or for a search while typing its results alone."""
        listing = self.listing(request)
        form = listing.asked.filters.form
        context: dict[str, Any] = {
            "list": listing,
            "form": form,
            "may_export": self.may_export(request.actor),
            **self.beside(listing.asked),
        }
        if wants_fragment(request):
            context["is_fragment"] = True
            return render(request, self.rows_template, context)
        context["panel_open"] = is_panel_open(request) or bool(form.errors)
        response = render(request, self.template_name, context)
        keep_panel(response, request)
        return response

    def listing(self, request: PortalRequest) -> NarrowedList:
        """Return the list that the address asks for."""
        raise NotImplementedError

    @staticmethod
    def may_export(actor: Person, /) -> bool:
        """Say whether the actor may take the rows out of the portal."""
        raise NotImplementedError

    def beside(self, asked: Any) -> dict[str, Any]:
        """Return what a page says beside its rows."""
        return {}


class NarrowedFileView(PortalView):
    """Such a list as a CSV file: every row of it, in its order."""

    heads: ClassVar[Iterable[Any]]

    def get(self, request: PortalRequest) -> HttpResponseBase:
        """Write down who takes what, then answer with the file."""
        asked = self.asked(request)
        record_export(query=asked.address(), rows=asked.rows.count(), actor=request.actor)
        zone = timezone.get_current_timezone()  # of the reader; the stream outlives the request
        heads = [str(head) for head in self.heads]
        pieces = csv_pieces(heads, self.lines(every_row(asked.found)), zone)
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        name = f"{asked.word}_{timezone.localtime(clock.now()):%Y-%m-%d_%H%M}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer

    def asked(self, request: PortalRequest) -> Any:
        """Return what the address asks for."""
        raise NotImplementedError

    def lines(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        """Return the line of each row."""
        raise NotImplementedError
