"""The lists of deals, quotes and orders, and their files."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from leadportal.common.http import PortalRequest
from leads.filters.sale_kinds import Kind
from leads.filters.sales import AskedSales
from leads.rules.selling import exports_sales
from leads.views.narrowed import NarrowedFileView, NarrowedList, NarrowedView


class SaleListing(NarrowedList):
    """A list of one kind. Its sentences are the view's."""

    def __init__(self, asked: AskedSales, words: "SaleListView") -> None:
        self.asked, self.ways = asked, asked.kind.sorts
        self.one, self.part, self.span = words.one, words.part, words.span
        self.heard = words.heard

    @property
    def found(self) -> str:
        """See `NarrowedList`."""
        return str(self.heard % {"count": self.count.words})


class SaleListView(NarrowedView):
    """A list. A subclass names what is in it, and its sentences."""

    kind: ClassVar[Kind]
    may_export = staticmethod(exports_sales)
    one: Any
    part: Any
    span: Any
    heard: Any

    def listing(self, request: PortalRequest) -> SaleListing:
        """See `NarrowedView`."""
        return SaleListing(AskedSales(self.kind, request.GET, request.actor), self)


class SaleFileView(NarrowedFileView):
    """A list as a file. A subclass names what is in it, the heads, and how a row becomes a line."""

    permission = staticmethod(exports_sales)
    kind: ClassVar[Kind]

    def asked(self, request: PortalRequest) -> AskedSales:
        """See `NarrowedFileView`."""
        return AskedSales(self.kind, request.GET, request.actor)

    def lines(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        """See `NarrowedFileView`."""
        return (self.line_of(row) for row in rows)

    @staticmethod
    def line_of(row: Any, /) -> list[Any]:
        """Return the line of a row."""
        raise NotImplementedError
