"""The list of companies (ux.md C1), and the same companies as a file."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from accounts.rules.permissions import creates_companies
from accounts.selectors.duplicates import have_duplicates
from leadportal.common.http import PortalRequest
from leads.exports.companies import HEADS, lines
from leads.filters.companies import AskedCompanies
from leads.rules.permissions import exports_companies, sees_companies
from leads.selectors.counts import COUNTED
from leads.tables import COMPANY_SORTS
from leads.views.narrowed import NarrowedFileView, NarrowedList, NarrowedView


class CompanyListing(NarrowedList):
    """The list with everything around it, for one request."""

    asked: AskedCompanies
    ways = COMPANY_SORTS
    one = gettext_lazy("Showing 1 company")
    part = gettext_lazy("Showing %(shown)s of %(count)s companies")
    span = gettext_lazy("Showing %(first)s to %(last)s of %(count)s companies")

    def __init__(self, asked: AskedCompanies) -> None:
        self.asked = asked

    @cached_property
    def alike(self) -> set[int]:
        """Which of the companies have a possible duplicate."""
        return have_duplicates(self.page.rows, self.asked.actor)

    @property
    def found(self) -> str:
        """See `NarrowedList`."""
        words = {"count": self.count.words}
        sentence = ngettext(
            "%(count)s company found", "%(count)s companies found", self.count.number
        )
        return sentence % words


class CompaniesView(NarrowedView):
    """The companies that the actor sees."""

    permission = staticmethod(sees_companies)
    may_export = staticmethod(exports_companies)
    template_name = "leads/companies.html"
    rows_template = "leads/_companies.html"

    def listing(self, request: PortalRequest) -> CompanyListing:
        """See `NarrowedView`."""
        return CompanyListing(AskedCompanies(request.GET, request.actor))

    def beside(self, asked: AskedCompanies) -> dict[str, Any]:
        """See `NarrowedView`."""
        return {"counted": COUNTED, "may_add": creates_companies(asked.actor)}


class CompaniesFileView(NarrowedFileView):
    """The list as a CSV file, with leads counted to the end."""

    permission = staticmethod(exports_companies)
    heads = HEADS

    def asked(self, request: PortalRequest) -> AskedCompanies:
        """See `NarrowedFileView`."""
        return AskedCompanies(request.GET, request.actor, is_exact=True)

    def lines(self, rows: Iterable[Any]) -> Iterator[list[Any]]:
        """See `NarrowedFileView`."""
        return lines(rows)
