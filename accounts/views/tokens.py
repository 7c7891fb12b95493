"""API tokens: made, shown once, listed, revoked."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.forms.tokens import TokenForm
from accounts.models import ApiToken
from accounts.rules.permissions import manages_tokens
from accounts.selectors.tokens import tokens
from accounts.services.tokens import make_token, revoke_token
from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common import clock
from leadportal.common.errors import NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after

MOST_SHOWN = 200


class TokensView(PortalView):
    """The tokens that the actor sees, with what each may do and when it was used last."""

    permission = staticmethod(manages_tokens)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show them, newest first."""
        lines = [(token, Role(token.role)) for token in tokens(request.actor)[:MOST_SHOWN]]
        context = {"lines": lines, "moment": clock.now(), "most": MOST_SHOWN}
        return render(request, "accounts/tokens.html", context)


class NewTokenView(FormPage):
    """Make a token. Its key stands on the page that answers, and nowhere else."""

    permission = staticmethod(manages_tokens)
    template_name = "accounts/token_new.html"

    def build(self, data: Any = None) -> TokenForm:
        """See FormPage."""
        return TokenForm(data, actor=self.request.actor)

    def submit(self, form: TokenForm) -> HttpResponse:
        """Make it and show the key."""
        token, text = make_token(**form.chosen, actor=self.request.actor)
        context = {"token": token, "text": text}
        response = render(self.request, "accounts/token_made.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response


class RevokeTokenView(ConfirmPage):
    """End a token."""

    permission = staticmethod(manages_tokens)

    @cached_property
    def token(self) -> ApiToken:
        """The token. Raises NotFound when the actor does not see it, or it was revoked before."""
        found = tokens(self.request.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound
        return found

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Revoke the token %(name)s?") % {"name": self.token.name},
            "sentences": [_("Whatever uses it can no longer sign in. This cannot be taken back.")],
            "button": _("Revoke token"),
            "is_danger": True,
            "keep_url": reverse("accounts:tokens"),
            "keep_label": _("Keep token"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        revoke_token(self.token, actor=self.request.actor)
        messages.success(
            self.request, _("The token %(name)s is revoked.") % {"name": self.token.name}
        )
        return redirect_after(self.request, reverse("accounts:tokens"))
