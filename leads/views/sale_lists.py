"""What the lists of deals, quotes and orders have in common: the page, a search while typing, and the file."""

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
from leads.filters.sale_kinds import Kind
from leads.filters.sales import AskedSales
from leads.filters.tags import Tag
from leads.rules.selling import exports_sales
from leads.services.exports import record_export
from leads.views.memory import is_panel_open, keep_panel
from leads.views.paging import Pages


class SaleListing(Pages):
    """A list with everything around it, for one request. Its sentences are the view's."""

    asked: AskedSales

    def __init__(self, asked: AskedSales, words: "SaleListView") -> None:
        self.asked, self.ways = asked, asked.kind.sorts
        self.one, self.part, self.span = words.one, words.part, words.span
        self.heard = words.heard

    @cached_property
    def page(self) -> Page:
        """See `Pages`."""
        cursor, backwards = self.asked.place
        found = self.asked.found
        return page_at(found, size=self.asked.size, cursor=cursor, backwards=backwards)

    @cached_property
    def notices(self) -> list[str]:
        """What in the address could not be used; the page has been read by then."""
        return self.asked.notices if self.page else []

    @cached_property
    def tags(self) -> list[Tag]:
        """The filters in force."""
        return self.asked.tags

    @property
    def clear_url(self) -> str:
        """The list without filters; what is searched for stays."""
        nothing: dict[str, Any] = dict.fromkeys(self.asked.kind.narrowings)
        return self.asked.address(**nothing)

    @property
    def kept_by_panel(self) -> list[tuple[str, str]]:
        """What the filters carry along."""
        return self.asked.hidden(*self.asked.kind.narrowings)

    @property
    def export_url(self) -> str:
        """Where the same rows can be downloaded."""
        return self.asked.address(f"leads:{self.asked.kind.word}_csv", layout="")

    @property
    def found(self) -> str:
        """How many there are, for ears."""
        return str(self.heard % {"count": self.count.words})


class SaleListView(PortalView):
    """A list. A subclass names what is in it, its sentences, its templates and what stands beside the rows."""

    kind: ClassVar[Kind]
    template_name: ClassVar[str]
    rows_template: ClassVar[str]
    one: Any
    part: Any
    span: Any
    heard: Any

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page, or for a search while typing its results alone."""
        asked = AskedSales(self.kind, request.GET, request.actor)
        listing = SaleListing(asked, self)
        context: dict[str, Any] = {
            "list": listing,
            "form": asked.filters.form,
            "fields": [asked.filters.form[name] for name in self.kind.narrowings],
            "may_export": self.may_export(request.actor),
            **self.beside(asked),
        }
        asked.filters.form.full_clean()
        if wants_fragment(request):
            context["is_fragment"] = True
            return render(request, self.rows_template, context)
        context["panel_open"] = is_panel_open(request) or bool(asked.filters.form.errors)
        response = render(request, self.template_name, context)
        keep_panel(response, request)
        return response

    @staticmethod
    def may_export(actor: Person) -> bool:
        """Say whether the actor may take the rows out of the portal."""
        return exports_sales(actor)

    def beside(self, asked: AskedSales) -> dict[str, Any]:
        """Return what a page says beside its rows."""
        return {}


class SaleFileView(PortalView):
    """A list as a CSV file: every row of it, in its order."""

    kind: ClassVar[Kind]
    heads: ClassVar[tuple[Any, ...]]

    def get(self, request: PortalRequest) -> HttpResponseBase:
        """Write down who takes what, then answer with the file."""
        asked = AskedSales(self.kind, request.GET, request.actor)
        record_export(query=asked.address(), rows=asked.rows.count(), actor=request.actor)
        zone = timezone.get_current_timezone()  # of the reader; the stream outlives the request
        lines = (self.line_of(row) for row in every_row(asked.found))
        pieces = csv_pieces([str(head) for head in self.heads], lines, zone)
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        name = f"{self.kind.word}_{timezone.localtime(clock.now()):%Y-%m-%d_%H%M}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer

    @staticmethod
    def line_of(row: Any) -> list[Any]:
        """Return the line of a row."""
        raise NotImplementedError
