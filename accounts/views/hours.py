"""When a company works: its week, its zone, its holidays."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.forms.hours import HolidayForm, HoursForm
from accounts.models import Company, Holiday
from accounts.rules.people import may_manage
from accounts.rules.permissions import edits_companies
from accounts.selectors.companies import company
from accounts.selectors.hours import holidays_of, hours_of
from accounts.services.hours import add_holidays, remove_holiday, set_hours
from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.errors import Forbidden, NotFound
from leadportal.common.views import PortalView, redirect_after

# So many holidays ahead stand on the page.
MOST_SHOWN = 100


class _OfCompany(PortalView):
    """A page about the hours of one company, for who manages the company."""

    permission = staticmethod(edits_companies)

    @cached_property
    def company(self) -> Company:
        """The company. Raises NotFound, Forbidden."""
        found = company(self.request.actor, self.kwargs["pk"])
        if not may_manage(found, self.request.actor):
            raise Forbidden(_("Your role does not let you set when this company works."))
        return found

    @property
    def url(self) -> str:
        """The page of the hours."""
        return reverse("accounts:hours", args=[self.company.pk])


class HoursView(_OfCompany, FormPage):
    """The week and the zone; the holidays stand below."""

    template_name = "accounts/hours.html"

    def build(self, data: Any = None) -> HoursForm:
        """See FormPage."""
        hours = hours_of([self.company])[self.company.pk]
        return HoursForm(data, initial=HoursForm.values_of(hours))

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        is_own = self.company.pk == self.request.actor.company_id
        address = "accounts:profile" if is_own else "leads:company"
        return {
            "company": self.company,
            "is_own": is_own,
            "back_url": reverse(address, args=[] if is_own else [self.company.pk]),
            "holidays": holidays_of(self.company)[:MOST_SHOWN],
        }

    def submit(self, form: HoursForm) -> HttpResponse:
        """See FormPage."""
        set_hours(
            self.company,
            time_zone=form.cleaned_data["time_zone"],
            week=form.week,
            actor=self.request.actor,
        )
        words = {"company": self.company.name}
        messages.success(self.request, _("The working hours of %(company)s are saved.") % words)
        return redirect_after(self.request, self.url)


class NewHolidayView(_OfCompany, FormPage):
    """Enter a holiday of one day or more."""

    template_name = "accounts/holiday_new.html"

    def build(self, data: Any = None) -> HolidayForm:
        """See FormPage."""
        return HolidayForm(data)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"company": self.company, "hours_url": self.url}

    def submit(self, form: HolidayForm) -> HttpResponse:
        """See FormPage."""
        count = add_holidays(self.company, **form.cleaned_data, actor=self.request.actor)
        sentence = ngettext("%(count)s holiday added.", "%(count)s holidays added.", count)
        if count:
            messages.success(self.request, sentence % {"count": count})
        else:
            messages.info(self.request, _("These days are holidays already."))
        return redirect_after(self.request, self.url)


class RemoveHolidayView(_OfCompany, ConfirmPage):
    """Work on that day after all."""

    @cached_property
    def holiday(self) -> Holiday:
        """The holiday. Raises NotFound."""
        found = holidays_of(self.company).filter(pk=self.kwargs["holiday"]).first()
        if found is None:
            raise NotFound
        return found

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Remove the holiday on %(day)s?") % {"day": f"{self.holiday.day:%Y-%m-%d}"},
            "sentences": [_("Clocks that start from now on count the hours of this day.")],
            "button": _("Remove holiday"),
            "is_danger": True,
            "keep_url": self.url,
            "keep_label": _("Keep holiday"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        remove_holiday(self.holiday, actor=self.request.actor)
        messages.success(self.request, _("The holiday is removed."))
        return redirect_after(self.request, self.url)
