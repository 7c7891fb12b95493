"""One view for every action of a lead: GET shows its page or dialog, POST does it through the service."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from leadportal.common.errors import Invalid, NotFound, Refused
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.enums import HolderDesk
from leads.exceptions import Clash
from leads.forms.moves import DOINGS
from leads.models import Lead
from leads.rules.permissions import sees_leads
from leads.rules.workflow import Action
from leads.selectors.cards import card_of
from leads.selectors.customers import matches
from leads.selectors.detail import (
    Sight,
    customer_of,
    find_lead,
    newest_request,
    own_conversion,
)
from leads.selectors.editing import others_editing
from leads.selectors.refusals import check_move
from leads.selectors.routing_trial import suggestion_for
from leads.services.editing import say_editing
from leads.views.clashes import compare
from leads.views.layouts import ShownCard
from leads.views.moves import PAGES, Move
from leads.views.pages import here, lead_name, lead_url, refused, way_back, where_now
from leads.views.trail import way_on
from leads.views.undo import undo_tag


class ActionView(PortalView):
    """One action of one lead, named by the last part of the address (leads/rules/workflow.py, `Action`).

    GET and POST answer 404, 403 or 409 as the table of moves says; POST also what the service answers on
    the locked row. A form that is refused comes back with 422 and everything that was typed.
    """

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest, reference: str, action: str) -> HttpResponse:
        """Show the page, or the dialog when htmx asks."""
        known = _action(action)
        sight = find_lead(reference, request.actor)
        try:
            check_move(sight, known)
        except Refused as refusal:
            return refused(request, refusal, sight)
        if known is Action.MANAGE:
            return _manage(sight)
        if known is Action.EDIT:
            say_editing(sight.lead, actor=request.actor)
        chosen = _from_address(request, known)
        return self.show(sight, known, DOINGS[known].form(sight=sight, **chosen))

    def post(self, request: PortalRequest, reference: str, action: str) -> HttpResponse:
        """Do it, or say what is wrong."""
        known = _action(action)
        sight = find_lead(reference, request.actor)
        try:
            check_move(sight, known)
        except Refused as refusal:
            return self.refuse(sight, known, refusal)
        if known is Action.MANAGE:
            return _manage(sight)
        move, doing = PAGES[known], DOINGS[known]
        form: Any = doing.form(request.POST, sight=sight)
        if not form.is_valid():
            return self.show(sight, known, form, status=422)
        if not form.is_complete:
            return self.show(sight, known, form)
        try:
            result = doing.do(form, sight)
        except Invalid as refusal:
            return self.show_refusal(sight, known, form, refusal)
        except Refused as refusal:
            return self.refuse(find_lead(reference, request.actor), known, refusal)
        if known is Action.ASSOCIATE and form.goes_on:
            return self.done(
                sight, move, result, f"{lead_url(sight.lead)}{Action.CONVERT}/{way_on(request)}"
            )
        return self.done(sight, move, result)

    def show(self, sight: Sight, action: Action, form: Any, *, status: int = 200) -> HttpResponse:
        """Render the page or dialog of an action."""
        move, back = PAGES[action], way_back(self.request)
        context = {
            "action": action,
            "back": back.partition("?")[2],
            "button": form.button or move.button,
            "form": form,
            "is_danger": move.is_danger,
            "is_final": move.is_final,
            "keep": move.keep,
            "lead": sight.lead,
            "lead_name": lead_name(sight.lead),
            "lead_url": lead_url(sight.lead),
            "keep_url": back or here(self.request, sight.lead),
            "sight": sight,
            "way": way_on(self.request),
            "title": form.title or move.title % {"lead": lead_name(sight.lead)},
            **_beside(sight, action, form),
        }
        templates = [f"leads/actions/{action}.html", "leads/action.html"]
        return render(self.request, templates, context, status=status)

    def refuse(self, sight: Sight, action: Action, refusal: Refused) -> HttpResponse:
        """Answer a refusal. The same dialog of a conversion, sent twice, gets the conversion that was made."""
        if action is Action.CONVERT and (made := own_conversion(sight.lead, sight.actor)):
            return self.done(sight, PAGES[action], made)
        return refused(self.request, refusal, sight)

    def show_refusal(
        self, sight: Sight, action: Action, form: Any, refusal: Invalid
    ) -> HttpResponse:
        """Show a form again that the service did not take; what two people changed is compared."""
        if isinstance(refusal, Clash):
            if self.is_card(sight):
                return self.show_changed(sight, form, refusal)
            address = f"{lead_url(sight.lead)}{action}/"
            return compare(self.request, form, refusal, address)
        form.add_refusal(refusal)
        return self.show(sight, action, form, status=422)

    def done(self, sight: Sight, move: Move, result: Any, url: str = "") -> HttpResponse:
        """Say the new state, and go on: to the page one came from, else to the lead, or the list without it.

        A card that htmx sent for is shown alone, as it is now.
        """
        said = move.tell(result, sight) if move.tell else move.said % _words(result, sight)
        messages.success(self.request, said, extra_tags=undo_tag(self.request, sight))
        if self.is_card(sight):
            return self.show_card(sight, said)
        return redirect_after(
            self.request, url or way_back(self.request) or where_now(self.request, sight)
        )

    def is_card(self, sight: Sight) -> bool:
        """Say whether it is a card of the list that htmx sent."""
        return self.request.headers.get("HX-Target") == sight.lead.reference

    def show_card(self, sight: Sight, said: str) -> HttpResponse:
        """Show the lead's card alone, as it is now, with the message `said`."""
        card = ShownCard(card_of(sight))
        back = self.request.POST.get("back", "")
        context = {"card": card, "back": back, "said": said, "way": way_on(self.request)}
        return render(self.request, "leads/_card_alone.html", context)

    def show_changed(self, sight: Sight, form: Any, clash: Clash) -> HttpResponse:
        """Say on a card who changed meanwhile what it showed: nothing is saved, and the next press counts."""
        fresh = find_lead(sight.lead.reference, sight.actor)
        form.ask(clash.fields, fresh.lead)
        changed = " ".join(question.sentence for question in form.questions)
        said = _("%(changed)s Your choice was not saved; the card shows theirs.")
        said %= {"changed": changed}
        messages.warning(self.request, said)
        return self.show_card(fresh, said)


def _action(word: str) -> Action:
    """Return the action of an address; an unknown word is an unknown address."""
    try:
        return Action(word)
    except ValueError:
        raise Http404 from None


def _manage(sight: Sight) -> HttpResponse:
    """Go to the customer's page. Raises NotFound when the actor may not see that company."""
    company = customer_of(sight.lead, sight.actor).company
    if company is None:
        raise NotFound
    return redirect("leads:company", company.pk)


def _from_address(request: PortalRequest, action: Action) -> dict[str, Any]:
    """Return what the address chooses: the product of a trash can, the paper to unlink, a suggested company."""
    if action is Action.ASSIGN and "target" in request.GET:
        return {"initial": {name: request.GET.get(name, "") for name in ("target", "company")}}
    if action is Action.UNLINK:
        return {"initial": {"paper": request.GET.get("paper", "")}}
    if action is not Action.REMOVE_PRODUCT:
        return {}
    return {"initial": {"product": request.GET.get("product", "")}}


def _beside(sight: Sight, action: Action, form: Any) -> dict[str, Any]:
    """Return what a page says beside its form."""
    lead = sight.lead
    if action in {Action.CONVERT, Action.REQUEST}:
        looks_alike = [] if form.account or lead.associated_company else matches(lead, sight.actor)
        return {
            "matches": looks_alike,
            "reseller": _reseller_name(sight),
            "first_user": _first_user(form),
            "may_associate": Action.ASSOCIATE in sight.allowed,
        }
    if action in {Action.APPROVE, Action.DENY, Action.WITHDRAW}:
        return {"conversion_request": newest_request(lead)}
    if action is Action.ASSIGN:
        return {
            "is_company": lead.holder_desk == HolderDesk.COMPANY,
            "suggestion": suggestion_for(lead),
        }
    if action is Action.EDIT:
        return {"others": others_editing(sight)}
    return {}


def _first_user(form: Any) -> str:
    """Return the name that stands in the Convert dialog."""
    if "first_name" not in form.fields:
        return ""
    return f"{form['first_name'].value() or ''} {form['last_name'].value() or ''}".strip()


def _reseller_name(sight: Sight) -> str:
    """Return the reseller that a new customer is linked to: the holder, else the converting person's company."""
    holder = sight.lead.holder
    if sight.lead.holder_desk == HolderDesk.COMPANY and holder.is_reseller:
        return holder.name
    return ""


def _words(result: Any, sight: Sight) -> dict[str, str]:
    lead = result if isinstance(result, Lead) else sight.lead
    return {
        "lead": lead_name(lead),
        "holder": lead.recipient_label,
        "person": lead.in_charge.full_name if lead.in_charge else "",
        "company": lead.associated_company.name if lead.associated_company else "",
    }
