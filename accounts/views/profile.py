"""What people set for themselves: profile, theme and density, the company they work at."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.forms.profile import PreferencesForm, ProfileForm, SwitchForm
from accounts.rules.permissions import anybody, edits_companies, manages_tokens, takes_leads
from accounts.services.profile import set_preferences, switch_company, update_profile
from accounts.views.pages import FormPage
from leadportal.common.errors import Invalid, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after


class ProfileView(FormPage):
    """Settings of one's own account."""

    permission = staticmethod(anybody)
    template_name = "accounts/profile.html"

    def build(self, data: Any = None) -> ProfileForm:
        """See FormPage."""
        user, actor = self.request.user, self.request.actor
        names = [name for name in ProfileForm.base_fields if name != "shortcuts"]
        initial = {name: getattr(user, name) for name in names}
        return ProfileForm(data, initial={**initial, "shortcuts": actor.has_shortcuts})

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        actor = self.request.actor
        return {
            "may_make_tokens": manages_tokens(actor),
            "may_set_hours": edits_companies(actor),
            "may_be_away": takes_leads(actor),
        }

    def submit(self, form: ProfileForm) -> HttpResponse:
        """See FormPage."""
        update_profile(**form.cleaned_data, actor=self.request.actor)
        messages.success(self.request, _("Your settings are saved."))
        return redirect_after(self.request, reverse("accounts:profile"))


class PreferencesView(PortalView):
    """Theme and density from the account menu; returns to where one was."""

    permission = staticmethod(anybody)

    def post(self, request: PortalRequest) -> HttpResponse:
        """Store what was chosen. Raises Invalid for anything else."""
        form = PreferencesForm(request.POST)
        if not form.is_valid():
            raise Invalid({name: str(errors[0]) for name, errors in form.errors.items()})
        set_preferences(**form.cleaned_data, actor=request.actor)
        return HttpResponseRedirect(_address_before(request))


class SwitchCompanyView(PortalView):
    """The company switcher."""

    permission = staticmethod(anybody)

    def post(self, request: PortalRequest) -> HttpResponse:
        """Work at another company; its first page comes next, since pages differ. 404 for a foreign one."""
        form = SwitchForm(request.POST)
        if not form.is_valid():
            raise NotFound
        switch_company(form.cleaned_data["company"], actor=request.actor)
        return HttpResponseRedirect(reverse("home"))


def _address_before(request: PortalRequest) -> str:
    """Return the page that `next` names, if it is one of ours, else the first page."""
    address = request.POST.get("next", "")
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else reverse("home")
