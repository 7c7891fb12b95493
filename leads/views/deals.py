"""Deals: the list and its board, the file, one deal, and what can be done with it."""

from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.enums import Outcome
from leads.exports.deals import HEADS, line_of
from leads.filters.sale_kinds import DEALS
from leads.filters.sales import BOARD, AskedSales
from leads.forms.deals import DealForm, LostForm, StageMoveForm
from leads.models import Deal
from leads.rules.money import money, money_list
from leads.rules.selling import exports_sales, sees_pipelines, sells
from leads.rules.sums import weighted
from leads.selectors.deals import check_change, figures_by_stage, find_deal, summed
from leads.selectors.detail import sees_still
from leads.selectors.papers import papers_of_deal
from leads.services.deals import edit_deal, lose_deal, move_deal, reopen_deal, win_deal
from leads.views.deal_board import DealBoard
from leads.views.papers import papers_shown
from leads.views.sale_lists import SaleFileView, SaleListView


class DealsView(SaleListView):
    """The deals that the actor sees, as a list or as the board of a pipeline."""

    permission = staticmethod(sells)
    kind = DEALS
    template_name = "leads/deals.html"
    rows_template = "leads/_deals.html"
    one = gettext_lazy("Showing 1 deal")
    part = gettext_lazy("Showing %(shown)s of %(count)s deals")
    span = gettext_lazy("Showing %(first)s to %(last)s of %(count)s deals")
    heard = gettext_lazy("Deals found: %(count)s")

    def beside(self, asked: AskedSales) -> dict[str, Any]:
        """Return what the deals come to, and the board."""
        board = DealBoard(asked) if asked.layout == BOARD else None
        rows = board.rows if board else asked.rows
        total = summed(figures_by_stage(rows).values()) if not board else board.total
        return {
            "board": board,
            "total": total,
            "total_value": money_list(total.value),
            "total_weighted": money_list(total.weighted),
            "layouts": [
                (word, label, icon, asked.address(layout=word), asked.layout == word)
                for word, label, icon in (
                    ("", gettext_lazy("List"), "layout-list"),
                    (BOARD, gettext_lazy("Board"), "layout-kanban"),
                )
            ],
            "may_see_pipelines": sees_pipelines(self.request.actor),
        }


class DealsFileView(SaleFileView):
    """The deals of the list as CSV."""

    permission = staticmethod(exports_sales)
    kind = DEALS
    heads = HEADS
    line_of = staticmethod(line_of)


class DealPage(PortalView):
    """A page about the deal that the address names; 404 for one that the actor does not see."""

    permission = staticmethod(sells)

    @cached_property
    def deal(self) -> Any:
        """The deal."""
        return find_deal(self.kwargs["reference"], self.request.actor)


class DealView(DealPage):
    """One deal: where it stands, what it is about, and what can be done."""

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Show the page."""
        deal = self.deal
        is_workable = deal.is_workable
        chance = deal.stage.probability
        quotes, orders = papers_of_deal(deal, request.actor)
        context = {
            "deal": deal,
            "outcome": Outcome(deal.outcome),
            "path": _path(deal),
            "value": "" if deal.value is None else money(deal.value, deal.currency),
            "weighted": ""
            if deal.value is None
            else money(weighted(deal.value, chance, deal.currency), deal.currency),
            "is_workable": is_workable,
            "stage_form": _stage_form(deal) if is_workable and deal.is_open else None,
            "sees_lead": sees_still(deal.lead, request.actor),
            "menu": _menu(deal) if is_workable else [],
            "quotes": papers_shown(quotes),
            "orders": papers_shown(orders),
        }
        return render(request, "leads/deal.html", context)


class ChangeDealPage(DealPage):
    """A page that changes an open deal: 403 for who may only read it, 409 when it is over."""

    @cached_property
    def deal(self) -> Any:
        """The deal."""
        found = super().deal
        check_change(found)
        return found


class EditDealView(ChangeDealPage, FormPage):
    """Change a deal."""

    template_name = "leads/deal_edit.html"

    def build(self, data: Any = None) -> DealForm:
        """See FormPage."""
        return DealForm(data, deal=self.deal)

    def context(self) -> dict[str, Any]:
        """See FormPage. `seen` is the version that the form showed."""
        return {"deal": self.deal, "seen": seen_version(self.request) or self.deal.version}

    def submit(self, form: DealForm) -> HttpResponse:
        """See FormPage."""
        seen = seen_version(self.request)
        edited = edit_deal(self.deal, form.values, seen=seen, actor=self.request.actor)
        messages.success(self.request, _("%(deal)s is saved.") % {"deal": edited})
        return redirect_after(self.request, deal_url(edited))


class MoveDealView(ChangeDealPage, FormPage):
    """Move a deal to another stage, and ask for what it needs there."""

    template_name = "leads/deal_stage.html"

    def build(self, data: Any = None) -> StageMoveForm:
        """See FormPage. What the chosen stage asks for is known when it is chosen."""
        first = {"stage": self.deal.stage_id}
        if data is None:
            return StageMoveForm(deal=self.deal, initial=first)
        return StageMoveForm.asking(data, deal=self.deal, initial=first)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"deal": self.deal, "back": _back(self.request), "keep_url": self.keep_url}

    @property
    def keep_url(self) -> str:
        """Where one came from."""
        back = _back(self.request)
        return f"{reverse('leads:deals')}?{back}" if back else deal_url(self.deal)

    def submit(self, form: StageMoveForm) -> HttpResponse:
        """See FormPage."""
        stage = form.cleaned_data["stage"]
        moved = move_deal(self.deal, stage=stage, actor=self.request.actor, **form.given)
        said = _("%(deal)s is in %(stage)s now.") % {"deal": moved.subject, "stage": stage.name}
        messages.success(self.request, said)
        return redirect_after(self.request, self.keep_url)


class WinDealView(ChangeDealPage, ConfirmPage):
    """Mark a deal as won."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Mark %(deal)s as won?") % {"deal": self.deal.subject},
            "sentences": [_("Its lead is marked as won, too.")],
            "button": _("Mark as won"),
            "is_danger": False,
            "keep_url": deal_url(self.deal),
            "keep_label": _("Decide later"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        won = win_deal(self.deal, actor=self.request.actor)
        messages.success(self.request, _("The deal is won. So is its lead."))
        return redirect_after(self.request, deal_url(won))


class LoseDealView(ChangeDealPage, FormPage):
    """Mark a deal as lost, and say why."""

    template_name = "leads/deal_lost.html"

    def build(self, data: Any = None) -> LostForm:
        """See FormPage."""
        return LostForm(data)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"deal": self.deal}

    def submit(self, form: LostForm) -> HttpResponse:
        """See FormPage."""
        reason = form.cleaned_data["reason"]
        lost = lose_deal(self.deal, reason=reason, actor=self.request.actor)
        messages.success(self.request, _("The deal is lost. You can reopen it."))
        return redirect_after(self.request, deal_url(lost))


class ReopenDealView(DealPage):
    """Work on a deal again: a post without a question, because it can be closed again."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Reopen it."""
        opened = reopen_deal(self.deal, actor=request.actor)
        messages.success(request, _("The deal is open again."))
        return redirect_after(request, deal_url(opened))


def deal_url(deal: Deal) -> str:
    """Return the address of a deal's page."""
    return reverse("leads:deal", args=[deal.reference])


def deals_shown(rows: list[Deal]) -> list[dict[str, Any]]:
    """Return deals as a section of another page shows them."""
    return [
        {
            "deal": deal,
            "value": "" if deal.value is None else money(deal.value, deal.currency),
            "outcome": Outcome(deal.outcome),
        }
        for deal in rows
    ]


def _path(deal: Deal) -> list[dict[str, Any]]:
    """Return the stages of the deal's pipeline: those behind it, where it is, and those before it."""
    stages = list(deal.stage.pipeline.stages.all())
    place = next(number for number, stage in enumerate(stages) if stage.pk == deal.stage_id)
    words = {True: "done", False: "next"}
    return [
        {"label": stage.name, "state": "now" if number == place else words[number < place]}
        for number, stage in enumerate(stages)
    ]


def _stage_form(deal: Deal) -> StageMoveForm:
    return StageMoveForm(deal=deal, initial={"stage": deal.stage_id}, auto_id="page_%s")


def _menu(deal: Deal) -> list[dict[str, Any]]:
    if not deal.is_open:
        return []
    items: list[tuple[Any, str, str, bool]] = [
        (_("Edit deal"), "deal_edit", "pencil", False),
        (_("Mark as lost"), "deal_lost", "ban", True),
    ]
    return [
        {
            "label": label,
            "url": reverse(f"leads:{name}", args=[deal.reference]),
            "icon": icon,
            "dialog": is_danger,
            "danger": is_danger,
        }
        for label, name, icon, is_danger in items
    ]


def seen_version(request: Any) -> int | None:
    """Return the version that a form showed; None for a form that says none."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _back(request: Any) -> str:
    """Return what the board was asked for, as its cards say it."""
    query = request.POST.get("back") or request.GET.get("back", "")
    kept = parse_qsl(query[:2000], keep_blank_values=True)
    return urlencode(kept, errors="replace")
