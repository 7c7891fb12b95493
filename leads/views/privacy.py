"""Personal data: consent that is taken back, and everything that is stored about one person."""

import json
from typing import Any

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common import clock
from leadportal.common.errors import Conflict, Forbidden
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.privacy import PersonForm
from leads.rules.permissions import sees_leads
from leads.rules.privacy import exports_persons, may_withdraw_consent
from leads.selectors.detail import Sight, find_lead
from leads.selectors.person import person_data
from leads.services.consent import withdraw_consent
from leads.services.privacy import record_person_export
from leads.views.pages import here, lead_name


class ConsentView(PortalView):
    """Note that the prospect withdrew its consent: asks, then does it."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Say what it means; 403 for who does not work on the lead, 409 without a consent that holds."""
        sight = self._sight(reference)
        keep_url = here(request, sight.lead)
        context = {
            "title": _("Note that %(lead)s withdrew the consent?")
            % {"lead": lead_name(sight.lead)},
            "sentences": [
                sight.lead.consent_text,
                _(
                    "The lead and everything that was merged into it say from now on that the consent was"
                    " withdrawn. This cannot be undone: only a new form gives a new consent."
                ),
            ],
            "button": _("Note withdrawal"),
            "keep_url": keep_url,
            "keep_label": _("Cancel"),
            "is_danger": True,
        }
        return render(request, "accounts/confirm.html", context)

    def post(self, request: PortalRequest, reference: str) -> HttpResponse:
        """Do it."""
        sight = self._sight(reference)
        withdraw_consent(sight.lead, actor=request.actor)
        messages.success(request, _("The withdrawal is noted."))
        return redirect_after(request, here(request, sight.lead))

    def _sight(self, reference: str) -> Sight:
        sight = find_lead(reference, self.request.actor)
        if not may_withdraw_consent(sight.facts, sight.actor):
            raise Forbidden(_("Your role does not allow this for this lead."))
        if sight.lead.consent_at is None or sight.lead.consent_withdrawn_at is not None:
            raise Conflict(_("No consent that holds is stored with this lead."))
        return sight


class PersonDataView(FormPage):
    """Everything about one person at the host, by e-mail address, as one file."""

    permission = staticmethod(exports_persons)
    template_name = "leads/person_data.html"

    def build(self, data: Any = None) -> PersonForm:
        """See FormPage."""
        return PersonForm(data)

    def submit(self, form: PersonForm) -> HttpResponse:
        """Write down who takes the data, then answer with the file; a sentence when there is nothing."""
        email = form.cleaned_data["email"]
        found = person_data(email, self.request.actor)
        if found.is_empty:
            form.add_error("email", _("Nothing is stored about %(email)s.") % {"email": email})
            return self.show(form, status=422)
        record_person_export(found.leads, actor=self.request.actor)
        text = json.dumps(found.data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        answer = HttpResponse(text, content_type="application/json; charset=utf-8")
        day = timezone.localdate(clock.now())
        answer["Content-Disposition"] = f'attachment; filename="person_{day:%Y-%m-%d}.json"'
        answer["Cache-Control"] = "no-store"
        return answer
