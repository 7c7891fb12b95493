"""Companies: enter, edit, and the permissions of a reseller company. The list is in the leads app."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.enums import Right
from accounts.forms.companies import CompanyAccessForm, CompanyForm, RightsForm
from accounts.models import Company
from accounts.rules.grants import right_in_words
from accounts.rules.people import may_manage, may_set_access, may_set_rights
from accounts.rules.permissions import creates_companies, edits_companies, sets_rights
from accounts.selectors.companies import company, newest_right_changes, people_of
from accounts.services.companies import create_company, edit_company
from accounts.services.rights import set_rights
from accounts.views.pages import FormPage
from leadportal.common.errors import Forbidden
from leadportal.common.views import redirect_after


class NewCompanyView(FormPage):
    """Enter a company by hand."""

    permission = staticmethod(creates_companies)
    template_name = "accounts/company_new.html"

    def build(self, data: Any = None) -> CompanyAccessForm:
        """See FormPage."""
        return CompanyAccessForm(data)

    def submit(self, form: CompanyAccessForm) -> HttpResponse:
        """See FormPage."""
        made = create_company(profile=form.profile, access=form.access, actor=self.request.actor)
        messages.success(
            self.request,
            _("%(company)s is entered. Invite its first Company Admin.") % {"company": made.name},
        )
        return redirect_after(self.request, f"{reverse('accounts:invite')}?company={made.pk}")


class _OfCompany(FormPage):
    """A page about one company."""

    @cached_property
    def company(self) -> Company:
        """The company. Raises NotFound."""
        return company(self.request.actor, self.kwargs["pk"])


class EditCompanyView(_OfCompany):
    """Edit the profile; the operator of the host also the access rights."""

    permission = staticmethod(edits_companies)
    template_name = "accounts/company_edit.html"

    def build(self, data: Any = None) -> CompanyForm:
        """See FormPage."""
        actor = self.request.actor
        if not may_manage(self.company, actor):
            raise Forbidden(_("Your role does not let you edit this company."))
        form = CompanyAccessForm if may_set_access(self.company, actor) else CompanyForm
        return form(data, initial=form.values_of(self.company))

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"company": self.company}

    def submit(self, form: CompanyForm) -> HttpResponse:
        """See FormPage."""
        edited = edit_company(
            self.company, profile=form.profile, access=form.access, actor=self.request.actor
        )
        messages.success(
            self.request, _("The profile of %(company)s is saved.") % {"company": edited.name}
        )
        return redirect_after(self.request, self.request.path)


class PermissionsView(_OfCompany):
    """*Manage reseller company permissions* (ux.md C4)."""

    permission = staticmethod(sets_rights)
    template_name = "accounts/company_permissions.html"

    def build(self, data: Any = None) -> RightsForm:
        """See FormPage."""
        if not may_set_rights(self.company, self.request.actor):
            raise Forbidden(_("Only reseller companies of your programme have these permissions."))
        rights = self.company.rights
        return RightsForm(
            data, initial={right.value: getattr(rights, right.value) for right in Right}
        )

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        people = people_of(self.request.actor, self.company).filter(is_active=True)
        return {"company": self.company, "people_count": people.count()}

    def show(self, form: Any, *, status: int = 200) -> HttpResponse:
        """Render each right with who set it and when."""
        changes = newest_right_changes(self.company)
        rights = [
            {"field": form[right.value], "change": changes.get(right.value)} for right in Right
        ]
        context = {**self.context(), "form": form, "rights": rights}
        return render(self.request, self.template_name, context, status=status)

    def submit(self, form: RightsForm) -> HttpResponse:
        """Save, and say for each change what people gain or lose."""
        changes = set_rights(self.company, rights=form.rights, actor=self.request.actor)
        if not changes:
            messages.info(self.request, _("Nothing was changed."))
        for change in changes:
            right = Right(change.right)
            words = {
                "company": self.company.name,
                "right": right.label,
                "old": right_in_words(right, self.company.rights),
                "new": right_in_words(right, form.rights),
            }
            messages.success(self.request, _effect(right, form.rights) % words)
        return redirect_after(self.request, self.request.path)


def _effect(right: Right, rights: Any) -> str:
    """Return the sentence that says what the people of a company gain or lose."""
    if right == Right.CREATE_CUSTOMERS:
        return _("People of %(company)s: %(right)s is now “%(new)s”, it was “%(old)s”.")
    if getattr(rights, right.value):
        return _("People of %(company)s gain: %(right)s.")
    return _("People of %(company)s lose: %(right)s.")
