"""Deals for programs: the list, one, a new one of a lead, and every move of a deal's page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Person
from accounts.enums import Scope
from leadportal.common.errors import Invalid
from leads.api.base import ApiView, answer
from leads.api.bodies import Body, check_form, filled, schema_of, sent
from leads.api.moves import with_choices
from leads.api.operations import TEXT, Operation
from leads.api.sales import given_sale, in_digits, list_of, named, parameters_of
from leads.api.serializers.sales import DealPage, DealSeen
from leads.enums import Status
from leads.filters.sale_kinds import DEALS
from leads.forms.deals import DealFields, DealForm, LostForm, NewDealForm, StageMoveForm
from leads.rules.selling import sells
from leads.rules.workflow import Action
from leads.selectors.deals import (
    check_change,
    figures_by_stage,
    find_deal,
    summed,
)
from leads.selectors.detail import find_lead
from leads.selectors.papers import papers_of_deal
from leads.selectors.refusals import check_move
from leads.services.answers import Given
from leads.services.deals import (
    create_deal,
    edit_deal,
    lose_deal,
    move_deal,
    reopen_deal,
    win_deal,
)

NEW = Body(NewDealForm, {"lead": TEXT}, ("lead",), is_filled=True)
EDIT = Body(DealForm, is_filled=True)
_NEEDED = {name: schema_of(DealFields.base_fields[name]) for name in ("value", "close_on", "owner")}
MOVE = Body(StageMoveForm, _NEEDED)


class DealsView(ApiView):
    """The list of deals, and new ones."""

    permission = staticmethod(sells)
    operations = {
        "get": Operation(
            "listDeals",
            "List deals: the filters, search and sort of their page, with what they come to",
            "Deals",
            {200: DealPage},
            query=parameters_of(DEALS),
            problems=(422,),
        ),
        "post": Operation(
            "createDeal",
            "Create a deal for a lead; what is left out is taken from the lead",
            "Deals",
            {201: DealSeen},
            Scope.WRITE,
            body=NEW,
        ),
    }

    def get(self, request: Request) -> Response:
        """Show a page of the list."""
        return list_of(self, request, DEALS, DealPage, _totals)

    def post(self, request: Request) -> Response:
        """Create one."""
        return self.once(lambda: self._create(dict(request.data)))

    def _create(self, data: dict[str, Any]) -> Given:
        sentence = _("Send the Lead ID of a lead that this token sees.")
        sight = named(data, "lead", sentence, lambda text: find_lead(text, self.actor))
        check_move(sight, Action.DEAL)
        typed = sent({name: value for name, value in data.items() if name != "lead"})
        form = NewDealForm(filled(NewDealForm(sight=sight), typed), sight=sight)
        check_form(form, typed)
        try:
            deal = create_deal(sight.lead, form.values, actor=self.actor)
        except Invalid as refusal:
            raise with_choices(form, refusal) from None
        place = reverse("api:one_deal", args=[deal.reference])
        return deal_now(deal.reference, self.actor, status=201, Location=place)


class DealView(ApiView):
    """One deal."""

    permission = staticmethod(sells)
    operations = {
        "get": Operation("readDeal", "Read a deal", "Deals", {200: DealSeen}),
        "patch": Operation(
            "editDeal",
            "Change an open deal: only the fields that are sent",
            "Deals",
            {200: DealSeen},
            Scope.WRITE,
            body=EDIT,
            problems=(428,),
            is_matched=True,
        ),
    }

    def get(self, request: Request, reference: str) -> Response:
        """Show what the deal's page shows."""
        return answer(deal_now(reference, self.actor))

    def patch(self, request: Request, reference: str) -> Response:
        """Change what was sent; If-Match says which version the caller has seen."""
        return self.once(lambda: self._edit(reference, request.data))

    def _edit(self, reference: str, data: Any) -> Given:
        deal = find_deal(reference, self.actor)
        check_change(deal)
        self.match_sale(deal, is_needed=True)
        typed = sent(data)
        form = DealForm(filled(DealForm(deal=deal), typed), deal=deal)
        check_form(form, typed)
        try:
            edit_deal(deal, form.values, actor=self.actor)
        except Invalid as refusal:
            raise with_choices(form, refusal) from None
        return deal_now(reference, self.actor)


class DealMove(ApiView):
    """A move of a deal: `form` judges what was sent, `do` calls the service."""

    permission = staticmethod(sells)

    def post(self, request: Request, reference: str) -> Response:
        """Make the move; the deal comes back as it is then."""
        return self.once(lambda: self._move(reference, request.data))

    def _move(self, reference: str, data: Any) -> Given:
        deal = find_deal(reference, self.actor)
        self.match_sale(deal)
        self.do(deal, sent(data))
        return deal_now(reference, self.actor)

    def do(self, deal: Any, typed: Any) -> None:
        """Judge what was sent and do it."""
        raise NotImplementedError


def _operation(name: str, summary: str, body: Body) -> dict[str, Operation]:
    one = Operation(
        name, summary, "Deals", {200: DealSeen}, Scope.WRITE, body=body, is_matched=True
    )
    return {"post": one}


class StageView(DealMove):
    """Move an open deal to another stage."""

    operations = _operation("moveDeal", "Move an open deal to another stage", MOVE)

    def do(self, deal: Any, typed: Any) -> None:
        """See `DealMove`."""
        check_change(deal)
        form = StageMoveForm.asking(typed, deal=deal)
        check_form(form, typed)
        move_deal(deal, stage=form.cleaned_data["stage"], actor=self.actor, **form.given)


class WonView(DealMove):
    """Mark a deal as won."""

    operations = _operation("winDeal", "Mark a deal as won; so is its lead", Body())

    def do(self, deal: Any, typed: Any) -> None:
        """See `DealMove`."""
        win_deal(deal, actor=self.actor)


class LostView(DealMove):
    """Mark a deal as lost, and say why."""

    operations = _operation("loseDeal", "Mark a deal as lost, and say why", Body(LostForm))

    def do(self, deal: Any, typed: Any) -> None:
        """See `DealMove`."""
        check_change(deal)
        form = LostForm(typed)
        check_form(form, typed)
        lose_deal(deal, reason=form.cleaned_data["reason"], actor=self.actor)


class ReopenView(DealMove):
    """Work on a deal again."""

    operations = _operation("reopenDeal", "Reopen a deal that is won or lost", Body())

    def do(self, deal: Any, typed: Any) -> None:
        """See `DealMove`."""
        reopen_deal(deal, actor=self.actor)


def deal_now(reference: str, actor: Person, *, status: int = 200, **headers: str) -> Given:
    """Return the deal as the actor sees it. Raises NotFound."""
    deal: Any = find_deal(reference, actor)
    quotes, orders = papers_of_deal(deal, actor)
    deal.actions = _actions(deal)
    deal.quote_numbers = [one.reference for one in quotes]
    deal.order_numbers = [one.reference for one in orders]
    return given_sale(DealSeen(deal), status, headers)


def _actions(deal: Any) -> list[str]:
    if not deal.is_workable:
        return []
    if not deal.is_open:
        return ["reopen"]
    is_customer = deal.lead.status == Status.CONVERTED
    return ["edit", "stage", "quote", *(["won"] if is_customer else []), "lost"]


def _totals(rows: Any) -> dict[str, Any]:
    figures = summed(figures_by_stage(rows).values())
    return {
        "number": figures.number,
        "value": in_digits(figures.value),
        "weighted": in_digits(figures.weighted),
    }
