"""Merge two customer companies: choose the fields, see what moves, confirm (ux.md C3)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Company
from accounts.rules.people import may_merge
from accounts.rules.permissions import creates_companies
from accounts.selectors.companies import company
from leadportal.common.errors import Conflict, Forbidden
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.merging import MergeForm
from leads.selectors.merging import moving
from leads.services.merging import merge_companies


class MergeView(PortalView):
    """The company of the address stays, the other one goes into it. Nothing is written before the post."""

    permission = staticmethod(creates_companies)

    def get(self, request: PortalRequest, pk: int, other: int) -> HttpResponse:
        """Ask for the fields; with ?check= and a choice for each, show what happens and ask for the last time."""
        kept, gone = self._pair(pk, other)
        if gone.merged_into_id == kept.pk:
            return redirect_after(request, _url(kept))
        if "check" not in request.GET:
            return self._show(MergeForm(None, kept=kept, gone=gone), kept, gone)
        form = MergeForm(request.GET, kept=kept, gone=gone)
        if not form.is_valid():
            return self._show(form, kept, gone, status=422)
        return self._show(form, kept, gone, is_last=True)

    def post(self, request: PortalRequest, pk: int, other: int) -> HttpResponse:
        """Merge, once however often it is sent; 422 with the form when a field was not chosen."""
        kept, gone = self._pair(pk, other)
        if gone.merged_into_id != kept.pk:
            form = MergeForm(request.POST, kept=kept, gone=gone)
            if not form.is_valid():
                return self._show(form, kept, gone, status=422)
            merge_companies(kept, gone, take=form.take, actor=request.actor)
        said = _("%(gone)s is merged into %(kept)s.")
        messages.success(request, said % {"gone": gone.name, "kept": kept.name})
        return redirect_after(request, _url(kept))

    def _pair(self, pk: int, other: int) -> tuple[Company, Company]:
        """Return both; 404 for one that the actor does not see, 403 and 409 as the service says it."""
        kept, gone = company(self.request.actor, pk), company(self.request.actor, other)
        if not may_merge(kept, gone, self.request.actor):
            raise Forbidden(_("Your role does not let you merge these companies."))
        if not (kept.is_customer and gone.is_customer):
            raise Conflict(
                _(
                    "Only customer companies can be merged: the others hold leads, rights and people at work."
                )
            )
        if kept.merged_into_id or gone.merged_into_id not in {None, kept.pk}:
            raise Conflict(_("One of these companies has been merged already."))
        return kept, gone

    def _show(
        self,
        form: MergeForm,
        kept: Company,
        gone: Company,
        *,
        is_last: bool = False,
        status: int = 200,
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "kept": kept,
            "gone": gone,
            "moving": moving(gone, self.request.actor),
            "is_last": is_last,
        }
        return render(self.request, "leads/company_merge.html", context, status=status)


def _url(kept: Company) -> str:
    return reverse("leads:company", args=[kept.pk])
