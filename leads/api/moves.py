"""Every move of the table as a call: POST /api/v1/leads/<lead-id>/<action>/ (leads/rules/workflow.py)."""

from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from leadportal.common.errors import Invalid, NotFound
from leads.api.base import ApiView
from leads.api.bodies import Body, Sent, check_form, choices_of, filled, sent
from leads.api.errors import BadFields
from leads.api.operations import Operation
from leads.api.seen import lead_now
from leads.api.serializers.catalogue import CompanySeen
from leads.api.serializers.leads import ActionList, LeadSeen
from leads.forms.actions import NextStepForm
from leads.forms.moves import DOINGS
from leads.rules.permissions import sees_leads
from leads.rules.workflow import Action
from leads.selectors.detail import Sight, customer_of, find_lead
from leads.selectors.refusals import check_move
from leads.services.answers import Given
from leads.services.marks import set_next_step
from leads.services.undo import undo

ID: dict[str, Any] = {"type": "integer", "minimum": 1}
# Those with an address of their own: they are about a part of the lead.
ELSEWHERE = frozenset(
    {Action.EDIT, Action.NOTE, Action.PRODUCTS, Action.REMOVE_PRODUCT, Action.MANAGE}
)
_SUMMARIES = {
    Action.SUBMIT: "Submit to partner managers",
    Action.ASSIGN: "Assign to the sales desk or to a company",
    Action.TAKE: "Take charge",
    Action.GIVE: "Put somebody in charge",
    Action.ACCEPT: "Accept",
    Action.DECLINE: "Decline with a reason",
    Action.CONVERT: "Convert to a customer; what is left out is taken from the lead",
    Action.REQUEST: "Ask for the conversion to be approved",
    Action.WITHDRAW: "Withdraw a conversion request",
    Action.APPROVE: "Approve a conversion request",
    Action.DENY: "Deny a conversion request",
    Action.DISQUALIFY: "Disqualify with a reason of the host",
    Action.ASSOCIATE: "Associate with a customer company of a person",
    Action.QUALIFY: "Mark as qualified",
    Action.INVALID: "Mark as invalid",
    Action.SALES_QUALIFIED: "Mark as sales qualified",
    Action.DELETE: "Delete; managers can restore it for 30 days",
    Action.RESTORE: "Restore a deleted lead",
    Action.PROGRESS: "Set the progress",
    Action.OUTCOME: "Mark as won, lost or open",
    Action.DEAL: "Create a deal",
    Action.LINK: "Link a quote or order of the customer",
    Action.UNLINK: "Unlink a quote or order",
}
# What the forms of some moves ask for once they know the lead.
_MORE: dict[Action, dict[str, Any]] = {
    Action.ASSIGN: {"company": ID},
    Action.CONVERT: {"company_id": ID},
    Action.REQUEST: {"company_id": ID},
    Action.ASSOCIATE: {"company": ID},
}
_FILLED = frozenset({Action.CONVERT, Action.REQUEST})


def body_of(action: Action) -> Body:
    """Return what a move asks for."""
    form, more = DOINGS[action].form, _MORE.get(action, {})
    return Body(form, more, is_filled=action in _FILLED)


class MoveView(ApiView):
    """One move. Answers 404, 403 or 409 as the table of moves says, before anything else is judged."""

    permission = staticmethod(sees_leads)
    action: ClassVar[Action]

    def post(self, request: Request, reference: str) -> Response:
        """Make the move; the lead comes back as it is then."""
        return self.once(lambda: self.move(find_lead(reference, self.actor), request.data))

    def move(self, sight: Sight, data: Any) -> Given:
        """Judge what was sent by the form of the move's page, and call its service."""
        check_move(sight, self.action)
        self.match(sight.lead)
        doing, typed = DOINGS[self.action], sent(data)
        whole = filled(doing.form(sight=sight), typed) if self.action in _FILLED else typed
        # *Associate Company* looks a person up first, unless it is told that this was done.
        form = doing.form(Sent({**whole, "found": "yes"}), sight=sight)
        check_form(form, typed)
        try:
            doing.do(form, sight)
        except Invalid as refusal:
            raise with_choices(form, refusal) from None
        return lead_now(sight)


def with_choices(form: Any, refusal: Invalid) -> Invalid:
    """Return a service's refusal with what can be chosen instead in the fields that it names."""
    if type(refusal) is not Invalid:
        return refusal
    found = {
        name: choices
        for name in refusal.errors
        if name in form.fields and (choices := choices_of(form.fields[name]))
    }
    return BadFields({name: [one] for name, one in refusal.errors.items()}, found)


def _view_of(action: Action) -> type[MoveView]:
    name = action.replace("-", " ").title().replace(" ", "")
    operation = Operation(
        f"{name[0].lower()}{name[1:]}Lead",
        _SUMMARIES[action],
        "Moves",
        {200: LeadSeen, 204: None},
        Scope.WRITE,
        body=body_of(action),
        is_matched=True,
    )
    parts = {"action": action, "operations": {"post": operation}}
    return type(f"{name}View", (MoveView,), {**parts, "__module__": __name__})


MOVES = {action: _view_of(action) for action in Action if action not in ELSEWHERE}


def move_paths(lead: str) -> list[URLPattern]:
    """Return an address for each move below that of the lead."""
    return [path(f"{lead}{action}/", view.as_view(), name=action) for action, view in MOVES.items()]


class ManageView(ApiView):
    """*Manage Company*: the customer that a lead was converted into."""

    permission = staticmethod(sees_leads)
    operations = {
        "get": Operation(
            "manageLead",
            "Read the customer company of a converted lead",
            "Moves",
            {200: CompanySeen},
            problems=(409,),
        )
    }

    def get(self, request: Request, reference: str) -> Response:
        """Show the company; 404 when the actor may not see it."""
        sight = find_lead(reference, self.actor)
        check_move(sight, Action.MANAGE)
        company = customer_of(sight.lead, sight.actor).company
        if company is None:
            raise NotFound
        return Response(CompanySeen(company).data)


class ActionsView(ApiView):
    """What the token may do with a lead now, and what can be chosen in each move."""

    permission = staticmethod(sees_leads)
    operations = {
        "get": Operation(
            "listActions", "List the moves that are allowed now", "Moves", {200: ActionList}
        )
    }

    def get(self, request: Request, reference: str) -> Response:
        """Show them in the order of the table."""
        sight = find_lead(reference, self.actor)
        found = [
            {"action": action.value, "asks": _asked(action, sight)}
            for action in Action
            if action in sight.allowed
        ]
        return Response(ActionList({"results": found}).data)


def _asked(action: Action, sight: Sight) -> list[dict[str, Any]]:
    if action is Action.MANAGE:
        return []
    form = DOINGS[action].form(sight=sight)
    return [
        {
            "name": name,
            "label": str(one.label or ""),
            "is_required": one.required,
            "choices": choices_of(one),
        }
        for name, one in form.fields.items()
        if name in body_of(action).properties
    ]


class NextStepView(ApiView):
    """What happens next, and when."""

    permission = staticmethod(sees_leads)
    operations = {
        "put": Operation(
            "setNextStep",
            "Set or clear the next step",
            "Moves",
            {200: LeadSeen},
            Scope.WRITE,
            body=Body(NextStepForm),
            is_matched=True,
        )
    }

    def put(self, request: Request, reference: str) -> Response:
        """Set it; both fields empty clear it."""
        return self.once(lambda: self._set(find_lead(reference, self.actor), request.data))

    def _set(self, sight: Sight, data: Any) -> Given:
        check_move(sight, Action.EDIT)
        self.match(sight.lead)
        typed = sent(data)
        form = NextStepForm(typed, sight=sight)
        check_form(form, typed)
        chosen = form.typed
        step, on = chosen["next_step"], chosen["next_step_on"]
        set_next_step(sight.lead, text=step, on=on, actor=self.actor)
        return lead_now(sight)


class UndoView(ApiView):
    """Take the last change back, within two minutes."""

    permission = staticmethod(sees_leads)
    operations = {
        "post": Operation(
            "undoLead",
            "Take a line of history back: the newest, within two minutes, by who wrote it",
            "Moves",
            {200: LeadSeen, 204: None},
            Scope.WRITE,
            body=Body(
                None, {"number": {**ID, "description": "The number of the line"}}, ("number",)
            ),
            is_matched=True,
        )
    }

    def post(self, request: Request, reference: str) -> Response:
        """Take it back."""
        return self.once(lambda: self._undo(find_lead(reference, self.actor), request.data))

    def _undo(self, sight: Sight, data: Any) -> Given:
        self.match(sight.lead)
        number = data.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or not 0 < number < 2**31:
            raise Invalid({"number": _("Enter the number of a line")})
        undo(sight.lead, number=number, actor=self.actor)
        return lead_now(sight)
