"""Territories with overlaps and gaps, and who is away."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.errors import Invalid, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import redirect_after
from leads.forms.territories import AbsenceForm, TerritoryForm
from leads.models import Absence
from leads.rules.routing.book import Territory
from leads.selectors.routing_pages import (
    absences,
    area_in_words,
    companies_to_name,
    people_to_name,
    places,
)
from leads.services.routing.absences import add_absence, remove_absence
from leads.services.routing.drafts import new_key, put_territory, remove_territory
from leads.views.routing.rules import RoutingPage


class TerritoriesView(RoutingPage):
    """All territories, where they overlap, and what none of them covers."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show them."""
        context = {"desk": self.desk, "places": places(self.desk)}
        return render(request, "leads/assignment/territories.html", context)


class TerritoryView(RoutingPage, FormPage):
    """Add a territory ("new"), or change one."""

    template_name = "leads/assignment/territory.html"

    @cached_property
    def stored(self) -> Territory | None:
        """The territory that is changed; None for a new one."""
        if self.kwargs["key"] == "new":
            return None
        if (found := self.desk.book.territory(self.kwargs["key"])) is None:
            raise NotFound
        return found

    def build(self, data: Any = None) -> TerritoryForm:
        """See FormPage."""
        initial: dict[str, Any] = {}
        if self.stored:
            initial = {
                "name": self.stored.name,
                "owner": str(self.stored.owner_id or ""),
                "areas": "\n".join(area_in_words(one) for one in self.stored.areas),
            }
        return TerritoryForm(data, owners=companies_to_name(self.request.actor), initial=initial)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"territory": self.stored}

    def submit(self, form: TerritoryForm) -> HttpResponse:
        """See FormPage."""
        data = form.cleaned_data
        territory = Territory(
            self.stored.key if self.stored else new_key(),
            data["name"],
            data["areas"],
            int(data["owner"]) if data["owner"] else None,
        )
        put_territory(territory, actor=self.request.actor)
        messages.success(
            self.request, _("%(name)s is saved in the draft.") % {"name": territory.name}
        )
        return redirect_after(self.request, reverse("leads:assignment_territories"))


class RemoveTerritoryView(RoutingPage, ConfirmPage):
    """Take a territory out of the draft."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        found = self.desk.book.territory(self.kwargs["key"])
        if found is None:
            raise NotFound
        return {
            "title": _("Remove the territory %(name)s?") % {"name": found.name},
            "sentences": [_("It counts until you publish the draft.")],
            "button": _("Remove territory"),
            "is_danger": True,
            "keep_url": reverse("leads:assignment_territories"),
            "keep_label": _("Keep territory"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage; a territory that a rule names stays, and says so."""
        try:
            remove_territory(self.kwargs["key"], actor=self.request.actor)
        except Invalid as refusal:
            messages.error(self.request, next(iter(refusal.errors.values())))
        else:
            messages.success(self.request, _("The territory is removed from the draft."))
        return redirect_after(self.request, reverse("leads:assignment_territories"))


class AbsencesView(RoutingPage, FormPage):
    """Who is away, and a form to add somebody."""

    template_name = "leads/assignment/absences.html"

    def build(self, data: Any = None) -> AbsenceForm:
        """See FormPage."""
        actor = self.request.actor
        return AbsenceForm(data, options=[*companies_to_name(actor), *people_to_name(actor)])

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"desk": self.desk, "absences": absences(self.request.actor)[:200]}

    def submit(self, form: AbsenceForm) -> HttpResponse:
        """See FormPage."""
        data = form.cleaned_data
        member, actor = data["member"], self.request.actor
        add_absence(
            company_id=member.company_id or actor.company_id,
            user_id=member.user_id or None,
            first_day=data["first_day"],
            last_day=data["last_day"],
            actor=actor,
        )
        messages.success(self.request, _("The absence is saved. Rules skip them on these days."))
        return redirect_after(self.request, reverse("leads:assignment_absences"))


class RemoveAbsenceView(RoutingPage):
    """Take an absence back; adding it again undoes it."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Remove it."""
        found = Absence.objects.visible_to(request.actor).filter(pk=pk).first()
        if found is None:
            raise NotFound
        remove_absence(found, actor=request.actor)
        messages.success(request, _("The absence is removed."))
        return redirect_after(request, reverse("leads:assignment_absences"))
