"""What the pages of quotes and orders share: the form with its lines, and what a page shows of one."""

from functools import cached_property
from typing import Any

from django.http import HttpResponse

from accounts.views.pages import FormPage
from leadportal.common.errors import Refused
from leadportal.common.http import PortalRequest
from leads.filters.sales import AskedSales
from leads.rules.money import money, money_list, rounded
from leads.rules.permissions import sees_leads
from leads.rules.selling import buys, sees_papers
from leads.rules.sums import totals
from leads.rules.workflow import Action
from leads.selectors.detail import find_lead, sees_still
from leads.selectors.papers import amounts, lines_of
from leads.selectors.refusals import check_move
from leads.views.pages import refused
from leads.views.sale_lists import SaleListView


class PaperListView(SaleListView):
    """A list of quotes or orders, with what they come to. A subclass says it in its words."""

    permission = staticmethod(sees_papers)
    template_name = "leads/papers.html"
    rows_template = "leads/_papers.html"
    address: str
    icon: str
    title: Any
    search: Any
    counted: Any
    none_found: Any
    show_all: Any
    none_yet: Any
    hint: Any
    hint_for_buyers: Any

    def beside(self, asked: AskedSales) -> dict[str, Any]:
        """See `NarrowedView`."""
        number, sums = amounts(asked.rows)
        return {
            "words": self,
            "number": number,
            "counted": self.counted % {"number": number},
            "sum": money_list(sums),
            "hint": self.hint_for_buyers if buys(asked.actor) else self.hint,
        }


class PaperFormPage(FormPage):
    """The form of a quote or order. The button for more lines shows it again and saves nothing."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """See FormPage."""
        form = self.build(request.POST)
        if form.wants_more:
            return self.show(form)
        return super().post(request, **kwargs)


class LeadPaperPage(PaperFormPage):
    """The form of something new for a converted lead: 403 and 409 as the table of moves says for linking."""

    permission = staticmethod(sees_leads)
    template_name = "leads/paper_form.html"

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:  # type: ignore[override]
        """Show the form, or why there is none."""
        return self._refusal() or super().get(request)

    def post(self, request: PortalRequest, reference: str) -> HttpResponse:  # type: ignore[override]
        """Save, or say what is wrong."""
        return self._refusal() or super().post(request)

    def _refusal(self) -> HttpResponse | None:
        try:
            check_move(self.sight, Action.LINK)
        except Refused as refusal:
            return refused(self.request, refusal, self.sight)
        return None

    @cached_property
    def sight(self) -> Any:
        """The lead as the actor sees it."""
        return find_lead(self.kwargs["reference"], self.request.actor)


def shown(paper: Any, actor: Any) -> dict[str, Any]:
    """Return what a page shows of a quote or order: its lines, its sums, and where its lead is."""
    lines = lines_of(paper)
    currency = paper.currency
    found = totals([line.item for line in lines], currency)
    return {
        "paper": paper,
        "paper_lines": [
            {
                "line": line,
                "quantity": _plain(line.quantity),
                "unit_price": f"{rounded(line.unit_price, currency):,}",
                "discount": _plain(line.discount),
                "tax": _plain(line.tax),
                "net": f"{line.net:,}",
            }
            for line in lines
        ],
        "net": money(found.net, currency),
        "discount": money(found.discount, currency) if found.discount else "",
        "taxes": [(_plain(rate), money(amount, currency)) for rate, amount in found.taxes],
        "total": money(found.total, currency),
        "is_workable": paper.is_workable,
        "sees_lead": paper.lead is not None and sees_still(paper.lead, actor),
        "is_buying": buys(actor),
    }


def papers_shown(rows: list[Any]) -> list[dict[str, Any]]:
    """Return quotes or orders as a section of another page shows them."""
    return [{"paper": row, "total": money(row.total, row.currency)} for row in rows]


def _plain(value: Any) -> str:
    return f"{value.normalize():f}"
