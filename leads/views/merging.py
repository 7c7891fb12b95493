"""Merge two customer companies, or two leads: choose the fields, see what moves, confirm (ux.md C3)."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.rules.permissions import creates_companies
from accounts.selectors.companies import company
from accounts.services.merging import check_mergeable
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.exceptions import MergedAway
from leads.forms.merging import CompanyMergeForm, LeadMergeForm, MergeForm
from leads.models import LeadMerge
from leads.rules.merging import MANAGERS, can_undo, merges_leads
from leads.rules.workflow import Action
from leads.selectors import detail
from leads.selectors.detail import Sight, find_lead
from leads.selectors.history import history
from leads.selectors.merged import merges_into
from leads.selectors.merging import moving, moving_lead
from leads.selectors.refusals import check_move
from leads.services.merging import merge_companies
from leads.services.merging_leads import merge_leads, undo_merge
from leads.views.facts import COMPANY, CONTACT, company_facts, contact_facts, shown_facts
from leads.views.pages import lead_name, lead_url
from templates_app.rules.attributes import editable
from templates_app.selectors.attributes import attribute_specs


class Merging(PortalView):
    """The one of the address stays, the other one goes into it. Nothing is written before the post.

    A subclass finds the pair, builds the form, says what stands around it, and merges.
    """

    template_name: ClassVar[str]

    def get(self, request: PortalRequest, **address: Any) -> HttpResponse:
        """Ask for the fields; with ?check= and a choice for each, show what happens and ask for the last time."""
        kept, gone = self.pair(**address)
        if self.is_merged(kept, gone):
            return redirect_after(request, self.url(kept))
        if "check" not in request.GET:
            return self.show(self.build(None, kept, gone), kept, gone)
        form = self.build(request.GET, kept, gone)
        if not form.is_valid():
            return self.show(form, kept, gone, status=422)
        return self.show(form, kept, gone, is_last=True)

    def post(self, request: PortalRequest, **address: Any) -> HttpResponse:
        """Merge, once however often it is sent; 422 with the form when a field was not chosen."""
        kept, gone = self.pair(**address)
        if not self.is_merged(kept, gone):
            form = self.build(request.POST, kept, gone)
            if not form.is_valid():
                return self.show(form, kept, gone, status=422)
            self.merge(kept, gone, form)
        said = _("%(gone)s is merged into %(kept)s.")
        messages.success(request, said % {"gone": self.name(gone), "kept": self.name(kept)})
        return redirect_after(request, self.url(kept))

    def pair(self, **address: Any) -> tuple[Any, Any]:
        """Return both; 404 for one that the actor does not see, 403 and 409 as the service says it."""
        raise NotImplementedError

    def build(self, data: Any, kept: Any, gone: Any) -> Any:
        """Return the form."""
        raise NotImplementedError

    def merge(self, kept: Any, gone: Any, form: Any) -> None:
        """Call the service with a valid form."""
        raise NotImplementedError

    def is_merged(self, kept: Any, gone: Any) -> bool:
        """Say whether just this has been done already."""
        raise NotImplementedError

    def beside(self, kept: Any, gone: Any) -> dict[str, Any]:
        """Return what the page says beside the form."""
        raise NotImplementedError

    def name(self, one: Any) -> str:
        """Return what one of the two is called."""
        raise NotImplementedError

    def url(self, one: Any) -> str:
        """Return the page of one of the two."""
        raise NotImplementedError

    def show(
        self, form: MergeForm, kept: Any, gone: Any, *, is_last: bool = False, status: int = 200
    ) -> HttpResponse:
        """Render the page."""
        context: dict[str, Any] = {
            "form": form,
            "kept_name": self.name(kept),
            "gone_name": self.name(gone),
            "kept_url": self.url(kept),
            "address": self.request.path,
            "is_last": is_last,
            **self.beside(kept, gone),
        }
        return render(self.request, self.template_name, context, status=status)


class CompanyMergeView(Merging):
    """Two customer companies."""

    permission = staticmethod(creates_companies)
    template_name = "leads/company_merge.html"

    def pair(self, **address: Any) -> tuple[Company, Company]:
        """See `Merging`."""
        actor = self.request.actor
        kept, gone = company(actor, address["pk"]), company(actor, address["other"])
        check_mergeable(kept, gone, actor)
        if kept.merged_into_id or gone.merged_into_id not in {None, kept.pk}:
            raise Conflict(_("One of these companies has been merged already."))
        return kept, gone

    def build(self, data: Any, kept: Company, gone: Company) -> CompanyMergeForm:
        """See `Merging`."""
        return CompanyMergeForm(data, kept=kept, gone=gone)

    def merge(self, kept: Company, gone: Company, form: CompanyMergeForm) -> None:
        """See `Merging`."""
        merge_companies(kept, gone, take=form.take, actor=self.request.actor)

    def is_merged(self, kept: Company, gone: Company) -> bool:
        """See `Merging`."""
        return gone.merged_into_id == kept.pk

    def beside(self, kept: Company, gone: Company) -> dict[str, Any]:
        """See `Merging`."""
        return {"kept": kept, "gone": gone, "moving": moving(gone, self.request.actor)}

    def name(self, one: Company) -> str:
        """See `Merging`."""
        return one.name

    def url(self, one: Company) -> str:
        """See `Merging`."""
        return reverse("leads:company", args=[one.pk])


class LeadMergeView(Merging):
    """Two leads of one prospect."""

    permission = staticmethod(merges_leads)
    template_name = "leads/lead_merge.html"

    def pair(self, **address: Any) -> tuple[Sight, Sight]:
        """See `Merging`."""
        kept = find_lead(address["reference"], self.request.actor)
        try:
            gone = find_lead(address["other"], self.request.actor)
        except MergedAway as merged:
            if merged.reference != kept.lead.reference:
                raise
            return kept, kept
        for sight in (kept, gone):
            if not sight.facts.relations & MANAGERS:
                raise Forbidden(_("Your role does not let you merge these leads."))
            check_move(sight, Action.EDIT)
        if kept.lead == gone.lead:
            raise Conflict(_("A lead cannot be merged with itself."))
        return kept, gone

    def build(self, data: Any, kept: Sight, gone: Sight) -> LeadMergeForm:
        """See `Merging`."""
        specs = editable(attribute_specs(kept.actor, kept.lead.host_id), kept.actor)
        return LeadMergeForm(data, kept=kept.lead, gone=gone.lead, specs=specs)

    def merge(self, kept: Sight, gone: Sight, form: LeadMergeForm) -> None:
        """See `Merging`."""
        actor = self.request.actor
        merge_leads(kept.lead, gone.lead, take=form.take, versions=form.seen, actor=actor)

    def is_merged(self, kept: Sight, gone: Sight) -> bool:
        """See `Merging`: `pair` has found the one in the other."""
        return kept is gone

    def beside(self, kept: Sight, gone: Sight) -> dict[str, Any]:
        """See `Merging`."""
        return {"kept": kept.lead, "gone": gone.lead, "moving": moving_lead(kept, gone)}

    def name(self, one: Sight) -> str:
        """See `Merging`."""
        called = lead_name(one.lead)
        if called == one.lead.reference:
            return called
        return f"{called} ({one.lead.reference})"

    def url(self, one: Sight) -> str:
        """See `Merging`."""
        return lead_url(one.lead)


class MergedView(PortalView):
    """What a lead was that is part of another one by now: to be read, and to be taken out again."""

    permission = staticmethod(merges_leads)

    def get(self, request: PortalRequest, reference: str, other: str) -> HttpResponse:
        """Show it with its answers and history; 404 when it was not merged into this one."""
        sight = find_lead(reference, request.actor)
        merge = _merge(sight, other)
        gone = Sight(merge.gone, sight.access, sight.facts, sight.actor)
        values = {name: getattr(merge.gone, name) for name in (*CONTACT, *COMPANY)}
        context = {
            "lead": sight.lead,
            "lead_name": lead_name(sight.lead),
            "lead_url": lead_url(sight.lead),
            "merge": merge,
            "gone_name": lead_name(merge.gone),
            "can_undo": bool(merge.before) and can_undo(merge.merged_at, clock.now()),
            "contact": contact_facts(values),
            "company": company_facts(values),
            "opportunity": shown_facts(detail.opportunity(merge.gone)),
            "attributes": shown_facts(detail.attributes(gone)),
            "history": history(gone),
        }
        return render(request, "leads/merged.html", context)

    def post(self, request: PortalRequest, reference: str, other: str) -> HttpResponse:
        """Undo the merge."""
        sight = find_lead(reference, request.actor)
        gone = undo_merge(_merge(sight, other), actor=request.actor)
        messages.success(
            request, _("%(lead)s is a lead of its own again.") % {"lead": gone.reference}
        )
        return redirect(lead_url(gone))


def _merge(sight: Sight, reference: str) -> LeadMerge:
    merges = merges_into(sight.lead, sight.actor)
    merge = next((one for one in merges if one.gone.reference == reference), None)
    if merge is None:
        raise NotFound
    return merge
