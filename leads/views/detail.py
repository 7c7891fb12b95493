"""The lead's page, its history, and its next step."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leadportal.common import clock
from leadportal.common.errors import Refused
from leadportal.common.http import PortalRequest
from leadportal.common.tags import status_look
from leadportal.common.text import clean_line
from leadportal.common.views import PortalView, redirect_after
from leads.enums import Outcome, Progress, Qualification, RequestState, Status
from leads.exceptions import Clash, MergedAway
from leads.forms.actions import NextStepForm, OutcomeForm, ProgressForm
from leads.forms.notes import NoteForm
from leads.models import ConversionRequest
from leads.rules.likeness import EMAIL, NAME, PHONE
from leads.rules.masking import MASKED
from leads.rules.permissions import sees_leads
from leads.rules.privacy import may_withdraw_consent
from leads.rules.selling import sells
from leads.rules.workflow import Action
from leads.selectors import detail
from leads.selectors.deals import deals_on
from leads.selectors.detail import Sight, find_lead
from leads.selectors.duplicates import possible_duplicates
from leads.selectors.editing import others_editing
from leads.selectors.history import history
from leads.selectors.merged import merges_into
from leads.selectors.notes import readers_of, thread
from leads.selectors.offers import deadline_of
from leads.selectors.papers import orders_on, quotes_on
from leads.selectors.reading import MANAGERS
from leads.selectors.refusals import check_move
from leads.selectors.standing import ending_of, path_of
from leads.services.access import mark_opened
from leads.services.marks import set_next_step
from leads.services.notes import EDIT_WITHIN
from leads.views.clashes import compare
from leads.views.deals import deals_shown
from leads.views.facts import COMPANY, CONTACT, company_facts, contact_facts, shown_facts
from leads.views.offers import explanations, menu, primary
from leads.views.pages import here, lead_name, lead_url, name_seen, number_from, refused
from leads.views.papers import papers_shown
from leads.views.scoring import score_context
from leads.views.trail import Trail, list_url, way_on

_INLINE = "page_%s"
_ALIKE = {
    EMAIL: gettext_lazy("email address"),
    PHONE: gettext_lazy("telephone number"),
    NAME: gettext_lazy("name and company domain"),
}
_WITH_DEALS = frozenset({Status.REFERRED, Status.CONVERTED})
_WITH_PRODUCTS = frozenset({Status.REFERRED, Status.CONVERTED, Status.DELETED})


class LeadView(PortalView):
    """Everything about one lead that the actor may know: sections and actions by status and relation."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Show the page; 404 for an unknown or foreign Lead ID alike. A merged lead leads to what it is part of."""
        try:
            sight = find_lead(reference, request.actor)
        except MergedAway as merged:
            return redirect("leads:detail", merged.reference)
        mark_opened(sight.access, actor=request.actor)
        context = {
            **_head(sight),
            **(_past(sight) if sight.is_past else _present(sight)),
            **_notes(sight, request),
            **_trail(sight, request),
            "history": history(sight, before=number_from(request.GET.get("history_before"))),
        }
        return render(request, "leads/detail.html", context)


class NextStepView(PortalView):
    """Set or clear what happens next: part of the permission to edit (domain.md section 3)."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Show the form as a page."""
        sight = find_lead(reference, request.actor)
        try:
            check_move(sight, Action.EDIT)
        except Refused as refusal:
            return refused(request, refusal, sight)
        return self.show(sight, NextStepForm(sight=sight))

    def post(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Save it; the button "Clear" empties both fields."""
        sight = find_lead(reference, request.actor)
        is_clearing = "clear" in request.POST
        try:
            check_move(sight, Action.EDIT)
            form = NextStepForm(
                _emptied(request.POST) if is_clearing else request.POST, sight=sight
            )
            if not form.is_valid():
                return self.show(sight, form, status=422)
            data = form.chosen_values
            set_next_step(
                sight.lead,
                text=data["next_step"],
                on=data["next_step_on"],
                seen=form.seen,
                actor=request.actor,
            )
        except Clash as clash:
            return compare(request, form, clash, f"{lead_url(sight.lead)}next-step/")
        except Refused as refusal:
            return refused(request, refusal, sight)
        messages.success(
            request, _("Next step saved.") if data["next_step"] else _("Next step cleared.")
        )
        return redirect_after(request, here(request, sight.lead))

    def show(self, sight: Sight, form: Any, *, status: int = 200) -> HttpResponse:
        """Render the page or dialog."""
        context = {
            "form": form,
            "lead": sight.lead,
            "lead_name": lead_name(sight.lead),
            "lead_url": lead_url(sight.lead),
            "way": way_on(self.request),
        }
        return render(self.request, "leads/next_step.html", context, status=status)


def _emptied(data: QueryDict) -> QueryDict:
    """Return what the button "Clear" sends: no values, and what the form showed."""
    kept = data.copy()
    for name in NextStepForm.compared:
        kept.pop(name, None)
    return kept


def _head(sight: Sight) -> dict[str, Any]:
    lead = sight.lead
    return {
        "sight": sight,
        "lead": lead,
        "lead_url": lead_url(lead),
        "status": Status(lead.status),
        "path": [
            {
                "label": step.label,
                "state": step.state,
                "look": status_look(step.status) if step.status else None,
            }
            for step in path_of(lead)
        ],
        "allowed": {action.value for action in sight.allowed},
    }


def _past(sight: Sight) -> dict[str, Any]:
    """Return contact data as the desk last saw it; everything later is the status alone."""
    contact = detail.past_contact(sight)
    return {
        "contact": contact_facts(contact),
        "company": company_facts(contact),
        "company_name": contact.get("company", ""),
        "lead_name": name_seen(sight),
    }


def _present(sight: Sight) -> dict[str, Any]:
    lead = sight.lead
    first = primary(sight)
    hidden = MASKED if sight.is_masked else ()
    values = {name: getattr(lead, name) for name in (*CONTACT, *COMPANY) if name not in hidden}
    status = Status(lead.status)
    was_asked = bool(lead.marketplace_id or lead.template_version_id or lead.answers)
    links = {lead.holder_id, lead.source_company_id, lead.associated_company_id}
    return {
        "others": others_editing(sight),
        "primary": first,
        "menu": menu(sight, first),
        "explanations": explanations(sight),
        "ending": ending_of(lead),
        "deadline": deadline_of(sight),
        "request_line": _request_line(sight),
        "company_name": lead.company,
        "lead_name": lead_name(lead),
        "contact": contact_facts(values),
        "company": company_facts(values),
        "opportunity": shown_facts(detail.opportunity(lead, is_masked=sight.is_masked))
        if was_asked
        else None,
        "campaign": detail.campaign(lead),
        "attributes": shown_facts(detail.attributes(sight)),
        **_sales(sight),
        "has_products": status in _WITH_PRODUCTS,
        "products": detail.products_on(lead) if status in _WITH_PRODUCTS else [],
        "customer": detail.customer_of(lead, sight.actor) if status == Status.CONVERTED else None,
        "may_withdraw": may_withdraw_consent(sight.facts, sight.actor),
        "duplicates": _duplicates(sight),
        "merges": merges_into(lead, sight.actor) if sight.facts.relations & MANAGERS else [],
        "linked": detail.visible_companies(sight.actor, links),
        "qualification": Qualification(lead.qualification) if lead.qualification else None,
        "progress": Progress(lead.progress),
        "outcome": Outcome(lead.outcome) if lead.outcome else None,
        **_inline_forms(sight),
        **score_context(sight),
    }


def _sales(sight: Sight) -> dict[str, Any]:
    """Return what was sold for the lead, for who works with deals."""
    has_deals = sells(sight.actor) and sight.lead.status in _WITH_DEALS
    is_converted = sight.lead.status == Status.CONVERTED
    return {
        "has_deals": has_deals,
        "deals": deals_shown(deals_on(sight.lead, sight.actor)) if has_deals else [],
        "has_papers": is_converted,
        "quotes": papers_shown(quotes_on(sight.lead, sight.actor)) if is_converted else [],
        "orders": papers_shown(orders_on(sight.lead, sight.actor)) if is_converted else [],
    }


def _duplicates(sight: Sight) -> list[dict[str, Any]]:
    """Return the leads that look like this one: what is alike, and whether the actor could merge them."""
    return [
        {
            "lead": one.lead,
            "name": lead_name(one.lead),
            "reasons": get_text_list([str(_ALIKE[reason]) for reason in one.reasons], _("and")),
            "is_mergeable": one.is_mergeable,
        }
        for one in possible_duplicates(sight)
    ]


def _trail(sight: Sight, request: PortalRequest) -> dict[str, Any]:
    """Return the way on in the list that the reader came from, and what the links of the page carry along."""
    trail = Trail.read(request)
    steps = trail.steps(sight) if trail else None
    way = steps.way if steps else way_on(request)
    return {"steps": steps, "way": way, "list_url": list_url(request)}


def _inline_forms(sight: Sight) -> dict[str, Any]:
    """Return the small forms that stand in their sections; each is also a page of its own."""
    forms: dict[str, Any] = {}
    if Action.PROGRESS in sight.allowed:
        forms["progress_form"] = ProgressForm(sight=sight, auto_id=_INLINE)
    if Action.OUTCOME in sight.allowed:
        forms["outcome_form"] = OutcomeForm(sight=sight, auto_id=_INLINE)
    if Action.EDIT in sight.allowed:
        forms["next_step_form"] = NextStepForm(sight=sight, auto_id=_INLINE)
    return forms


def _request_line(sight: Sight) -> ConversionRequest | None:
    """Return a conversion request that waits, or that was denied while the lead is still open.

    Only those who decide, and the company that asked, read about it here.
    """
    asked = detail.newest_request(sight.lead)
    if asked is None or sight.lead.status not in {Status.ASSIGNED, Status.REFERRED}:
        return None
    if asked.state not in {RequestState.PENDING, RequestState.DENIED}:
        return None
    is_theirs = asked.company_id == sight.actor.company_id
    answers = {Action.APPROVE, Action.DENY, Action.WITHDRAW} & sight.allowed
    return asked if is_theirs or answers or sight.facts.relations & MANAGERS else None


def _notes(sight: Sight, request: PortalRequest) -> dict[str, Any]:
    readers = readers_of(sight.lead)
    words = clean_line(request.GET.get("notes", "")[:400])[:100]
    page = thread(
        sight,
        readers=readers,
        changeable_since=clock.now() - EDIT_WITHIN,
        words=words,
        before=number_from(request.GET.get("notes_before")),
    )
    form = None
    if Action.NOTE in sight.allowed:
        form = NoteForm(sight=sight, readers=readers, auto_id=_INLINE)
    return {"thread": page, "note_words": words, "note_form": form}
