"""The list of companies (ux.md C1), and the same companies as a file."""

from functools import cached_property
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from accounts.rules.permissions import creates_companies
from accounts.selectors.duplicates import have_duplicates
from leadportal.common import clock
from leadportal.common.csv import csv_pieces
from leadportal.common.http import PortalRequest
from leadportal.common.pagination import Page, every_row, page_at
from leadportal.common.views import PortalView, wants_fragment
from leads.exports.companies import heads, lines
from leads.filters.companies import FILTERS, AskedCompanies
from leads.filters.tags import Tag
from leads.rules.permissions import exports_companies, sees_companies
from leads.selectors.counts import COUNTED
from leads.services.exports import record_export
from leads.tables import COMPANY_SORTS
from leads.views.memory import is_panel_open, keep_panel
from leads.views.paging import Pages


class CompanyListing(Pages):
    """The list with everything around it, for one request."""

    asked: AskedCompanies
    ways = COMPANY_SORTS
    one = gettext_lazy("Showing 1 company")
    part = gettext_lazy("Showing %(shown)s of %(count)s companies")
    span = gettext_lazy("Showing %(first)s to %(last)s of %(count)s companies")

    def __init__(self, asked: AskedCompanies) -> None:
        self.asked = asked

    @cached_property
    def page(self) -> Page:
        """See `Pages`."""
        cursor, backwards = self.asked.place
        found = self.asked.companies.found
        return page_at(found, size=self.asked.size, cursor=cursor, backwards=backwards)

    @cached_property
    def notices(self) -> list[str]:
        """What in the address could not be used; the page has been read by then."""
        return self.asked.notices if self.page else []

    @cached_property
    def tags(self) -> list[Tag]:
        """The filters in force."""
        return self.asked.tags

    @cached_property
    def alike(self) -> set[int]:
        """Which of the companies have a possible duplicate."""
        return have_duplicates(self.page.rows, self.asked.actor)

    @property
    def clear_url(self) -> str:
        """The list without filters; what is searched for stays."""
        nothing: dict[str, Any] = dict.fromkeys(FILTERS)
        return self.asked.address(**nothing)

    @property
    def kept_by_panel(self) -> list[tuple[str, str]]:
        """What the filters carry along."""
        return self.asked.hidden(*FILTERS)

    @property
    def export_url(self) -> str:
        """Where the same companies can be downloaded."""
        return self.asked.address("leads:companies_csv")

    @property
    def found(self) -> str:
        """How many there are, for ears."""
        words = {"count": self.count.words}
        sentence = ngettext(
            "%(count)s company found", "%(count)s companies found", self.count.number
        )
        return sentence % words


class CompaniesView(PortalView):
    """The companies that the actor sees."""

    permission = staticmethod(sees_companies)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page, or for a search while typing its results alone."""
        asked = AskedCompanies(request.GET, request.actor)
        form = asked.filters.form
        context: dict[str, Any] = {
            "counted": COUNTED,
            "list": CompanyListing(asked),
            "form": form,
            "may_add": creates_companies(request.actor),
            "may_export": exports_companies(request.actor),
        }
        if wants_fragment(request):
            context["is_fragment"] = True
            return render(request, "leads/_companies.html", context)
        context["panel_open"] = is_panel_open(request) or bool(form.errors)
        response = render(request, "leads/companies.html", context)
        keep_panel(response, request)
        return response


class CompaniesFileView(PortalView):
    """The list as a CSV file: every company of it, in its order, with leads counted to the end."""

    permission = staticmethod(exports_companies)

    def get(self, request: PortalRequest) -> HttpResponseBase:
        """Write down who takes what, then answer with the file."""
        asked = AskedCompanies(request.GET, request.actor, is_exact=True)
        found = asked.companies.found
        rows = asked.companies.rows.count()
        record_export(query=asked.address(), rows=rows, actor=request.actor)
        zone = timezone.get_current_timezone()  # of the reader; the stream outlives the request
        pieces = csv_pieces(heads(), lines(every_row(found)), zone)
        answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
        name = f"companies_{timezone.localtime(clock.now()):%Y-%m-%d_%H%M}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer
