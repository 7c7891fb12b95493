"""Inviting people, and the page behind the link in the mail."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import View

from accounts.actors import SYSTEM
from accounts.forms.people import InviteForm
from accounts.forms.sign_in import AcceptForm
from accounts.models import Company, Invitation
from accounts.rules.permissions import invites_people
from accounts.selectors.companies import companies_to_invite_to
from accounts.selectors.invitations import account_of, invitation_behind, open_invitations
from accounts.services.invitations import (
    accept_as_member,
    accept_as_new,
    invite_person,
    resend_invitation,
    revoke_invitation,
)
from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid, NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after


@dataclass(frozen=True)
class Result:
    """What became of one address."""

    email: str
    sentence: str
    is_done: bool


class InviteView(FormPage):
    """Invite by one or many addresses. Whoever may invite to several companies chooses one first."""

    permission = staticmethod(invites_people)
    template_name = "accounts/invite.html"

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Ask for the company, or show the form."""
        if self.company is None:
            return render(request, "accounts/invite_company.html", {"companies": self.companies})
        return super().get(request, **kwargs)

    @cached_property
    def companies(self) -> list[Company]:
        """The companies that the actor may invite to."""
        return list(companies_to_invite_to(self.request.actor))

    @cached_property
    def company(self) -> Company | None:
        """The chosen company, or the only one. Raises NotFound for one that is not in the list."""
        chosen = self.request.GET.get("company")
        if not chosen:
            return self.companies[0] if len(self.companies) == 1 else None
        for company in self.companies:
            if str(company.pk) == chosen:
                return company
        raise NotFound

    def build(self, data: Any = None) -> InviteForm:
        """See FormPage."""
        if self.company is None:
            raise NotFound
        return InviteForm(data, company=self.company, actor=self.request.actor)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"company": self.company, "has_choice": len(self.companies) > 1}

    def submit(self, form: InviteForm) -> HttpResponse:
        """Invite each address by itself: what is wrong with one does not stop the others."""
        results = [
            self._invite(email, form.cleaned_data["roles"]) for email in form.cleaned_data["emails"]
        ]
        context = {
            "company": self.company,
            "results": results,
            "count": sum(result.is_done for result in results),
        }
        return render(self.request, "accounts/invite_results.html", context)

    def _invite(self, email: str, roles: Any) -> Result:
        assert self.company is not None  # noqa: S101  (build has refused otherwise)
        try:
            invite_person(self.company, email=email, roles=roles, actor=self.request.actor)
        except Invalid as refusal:
            return Result(email, refusal.sentence, is_done=False)
        return Result(email, _("Invited. A mail with a link is on its way."), is_done=True)


class InvitationsView(PortalView):
    """Invitations that wait for an answer."""

    permission = staticmethod(invites_people)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show them, newest first."""
        context = {
            "invitations": open_invitations(request.actor)[:MOST_SHOWN],
            "most": MOST_SHOWN,
            "moment": clock.now(),
            "may_invite": True,
        }
        return render(request, "accounts/invitations.html", context)


MOST_SHOWN = 200


class _OfInvitation(ConfirmPage):
    """A question about one open invitation."""

    permission = staticmethod(invites_people)

    @cached_property
    def invitation(self) -> Invitation:
        """The invitation. Raises NotFound when it is not the actor's, or no longer open."""
        found = open_invitations(self.request.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound
        return found

    @property
    def words(self) -> dict[str, Any]:
        """What the sentences name."""
        return {"email": self.invitation.email, "company": self.invitation.company.name}

    def back(self, sentence: str) -> HttpResponse:
        """Return to the list with a message."""
        messages.success(self.request, sentence)
        return redirect_after(self.request, reverse("accounts:invitations"))


class ResendView(_OfInvitation):
    """Send the mail again."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Send the invitation to %(email)s again?") % self.words,
            "sentences": [
                _("The new mail has a new link. The link that was sent before stops working.")
            ],
            "button": _("Send again"),
            "keep_url": reverse("accounts:invitations"),
            "keep_label": _("Cancel"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        resend_invitation(self.invitation, actor=self.request.actor)
        return self.back(_("A new invitation is on its way to %(email)s.") % self.words)


class RevokeView(_OfInvitation):
    """End an invitation."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Revoke the invitation of %(email)s?") % self.words,
            "sentences": [_("The link in the mail stops working. You can invite again later.")],
            "button": _("Revoke invitation"),
            "is_danger": True,
            "keep_url": reverse("accounts:invitations"),
            "keep_label": _("Keep invitation"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        revoke_invitation(self.invitation, actor=self.request.actor)
        return self.back(_("The invitation of %(email)s is revoked.") % self.words)


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class AcceptView(View):
    """The page behind an invitation. Open to everybody who has the link: the link is the key.

    It asks the session itself who visits: an account without a company has no other page.
    """

    is_public = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer; search engines and other sites learn nothing of the link."""
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        # Not "no-referrer": browsers would send the form with "Origin: null", which CSRF protection refuses.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the form, or how to go on with the account that is there already."""
        invitation = invitation_behind(token)
        if invitation is None or not invitation.is_valid_at(clock.now()):
            return self._gone(404 if invitation is None else 410)
        if self._needs_account(invitation):
            return self._account_page(invitation)
        names = {"first_name": invitation.first_name, "last_name": invitation.last_name}
        return self._form_page(invitation, AcceptForm(initial=names))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Join: with the account that is signed in, or with a new one."""
        invitation = invitation_behind(token)
        if invitation is None or not invitation.is_valid_at(clock.now()):
            return self._gone(404 if invitation is None else 410)
        try:
            if self._needs_account(invitation):
                return self._join(token, invitation)
            return self._join_as_new(token, invitation)
        except Conflict as conflict:
            return self._gone(410, conflict.sentence)

    def _needs_account(self, invitation: Invitation) -> bool:
        """Say whether this goes on with an account that has a password, or that is signed in."""
        account = account_of(invitation)
        has_password = account is not None and account.has_password
        return has_password or self.request.user.is_authenticated

    def _join(self, token: str, invitation: Invitation) -> HttpResponse:
        user = self.request.user
        if not user.is_authenticated or user.email != invitation.email:
            return self._account_page(invitation)
        try:
            accept_as_member(token, user=user, actor=SYSTEM)
        except Invalid as refusal:
            return self._gone(410, refusal.sentence)
        return self._welcome(invitation)

    def _join_as_new(self, token: str, invitation: Invitation) -> HttpResponse:
        form = AcceptForm(self.request.POST)
        if form.is_valid():
            try:
                user = accept_as_new(token, **form.cleaned_data, actor=SYSTEM)
            except Invalid as refusal:
                form.add_refusal(refusal)
            else:
                get_adapter().login(self.request, user)
                return self._welcome(invitation)
        return self._form_page(invitation, form, status=422)

    def _welcome(self, invitation: Invitation) -> HttpResponse:
        words = {"company": invitation.company.name}
        messages.success(self.request, _("You now work at %(company)s.") % words)
        return HttpResponseRedirect(reverse("home"))

    def _form_page(
        self, invitation: Invitation, form: AcceptForm, *, status: int = 200
    ) -> HttpResponse:
        context = {"invitation": invitation, "form": form}
        return render(self.request, "accounts/invitation.html", context, status=status)

    def _account_page(self, invitation: Invitation) -> HttpResponse:
        context = {"invitation": invitation, "is_theirs": _is_theirs(self.request, invitation)}
        return render(self.request, "accounts/invitation_account.html", context)

    def _gone(self, status: int, sentence: str = "") -> HttpResponse:
        context = {"sentence": sentence}
        return render(self.request, "accounts/invitation_gone.html", context, status=status)


def _is_theirs(request: HttpRequest, invitation: Invitation) -> bool:
    return request.user.is_authenticated and request.user.email == invitation.email
