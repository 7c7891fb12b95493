"""How somebody is told, and what a company says about it for its people (ux.md 2.10)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common.views import redirect_after
from leads.forms.notices import CompanyNoticesForm, NoticesForm
from leads.rules.permissions import anybody, sets_company_notices
from leads.selectors.notices import (
    company_choices,
    locked_kinds,
    own_choices,
    own_quiet_hours,
    targets,
)
from leads.services.notice_settings import set_company_notices, set_notices


class NoticesView(FormPage):
    """The actor's own table of events and ways."""

    permission = staticmethod(anybody)
    template_name = "leads/notices.html"

    def build(self, data: Any = None) -> NoticesForm:
        """See FormPage."""
        actor = self.request.actor
        quiet = own_quiet_hours(actor) or ("", "")
        hours = [one and f"{one:%H:%M}" for one in quiet]
        return NoticesForm(
            data,
            choices=own_choices(actor),
            locked=locked_kinds(actor),
            initial=dict(zip(("quiet_from", "quiet_until"), hours, strict=True)),
        )

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        user = self.request.user
        may_set = sets_company_notices(self.request.actor)
        return {"may_set_company": may_set, "zone": getattr(user, "time_zone", "")}

    def submit(self, form: NoticesForm) -> HttpResponse:
        """See FormPage."""
        set_notices(form.chosen, quiet=form.quiet, actor=self.request.actor)
        messages.success(self.request, _("Your notifications are saved."))
        return redirect_after(self.request, reverse("leads:notices"))


class CompanyNoticesView(FormPage):
    """The company's defaults and locks, and its Slack channels and webhooks."""

    permission = staticmethod(sets_company_notices)
    template_name = "leads/company_notices.html"

    def build(self, data: Any = None) -> CompanyNoticesForm:
        """See FormPage."""
        actor = self.request.actor
        return CompanyNoticesForm(data, choices=company_choices(actor), locked=locked_kinds(actor))

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        is_failing = self.request.GET.get("only") == "failing"
        found = targets(self.request.actor, only_failing=is_failing)
        return {"targets": found, "is_failing": is_failing}

    def submit(self, form: CompanyNoticesForm) -> HttpResponse:
        """See FormPage."""
        set_company_notices(form.chosen, locked=form.chosen_locks, actor=self.request.actor)
        messages.success(self.request, _("The company's notifications are saved."))
        return redirect_after(self.request, reverse("leads:company_notices"))
