"""What prospects do elsewhere, reported by web sites and mail programs: it counts for scores (domain.md section 8)."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from leadportal.common.errors import Invalid, NotFound
from leads.api.base import ApiView
from leads.api.bodies import Body, check_form, sent
from leads.api.operations import Operation
from leads.forms.behaviour import ReportForm
from leads.models import Lead
from leads.rules.permissions import sees_leads
from leads.rules.scoring.kinds import BehaviourKind
from leads.selectors.detail import find_lead
from leads.selectors.scoring import leads_of_prospect
from leads.services.answers import HEADER, Given
from leads.services.scoring.behaviour import Deed, note_behaviour


class CountedSeen(s.Serializer[Any]):
    """With how many leads a report counts."""

    leads = s.IntegerField()


class BehaviourView(ApiView):
    """Reports of what a prospect did."""

    permission = staticmethod(sees_leads)
    operations = {
        "post": Operation(
            "reportBehaviour",
            "Report that a prospect opened an email, visited a page, downloaded a paper or sent a form again",
            "Scoring",
            {200: CountedSeen},
            Scope.WRITE,
            body=Body(ReportForm),
        )
    }

    def post(self, request: Request) -> Response:
        """Keep it with the open leads of the prospect; the same Idempotency-Key again counts once."""
        return self.once(lambda: self._note(request.data))

    def _note(self, data: Any) -> Given:
        form = ReportForm(typed := sent(data))
        check_form(form, typed)
        found = form.cleaned_data
        key = self.request.headers.get(HEADER, "").strip()
        deed = Deed(
            BehaviourKind(found["kind"]),
            found["about"],
            found["at"],
            key=f"api {self.token.pk} {key}"[:100] if key else "",
            source=self.actor.token,
        )
        count = note_behaviour(self._leads(found), deed, actor=self.actor)
        return Given(200, CountedSeen({"leads": count}).data)

    def _leads(self, found: dict[str, Any]) -> list[Lead]:
        if found["email"]:
            return leads_of_prospect(self.actor, found["email"])
        try:
            sight = find_lead(found["lead"].upper(), self.actor)
        except NotFound:
            sight = None
        if sight is None or sight.is_past:
            raise Invalid({"lead": _("We cannot find that lead. Check the Lead ID.")})
        return [sight.lead]
