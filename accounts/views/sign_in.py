"""Sign-in and passwords: allauth's views with our forms; a form with errors answers 422 like every other."""

from typing import Any

from allauth.account import views as allauth_views
from django.http import HttpResponse

from accounts.forms.sign_in import ChangePasswordForm, NewPasswordForm, ResetForm, SignInForm
from accounts.rules.permissions import anybody
from leadportal.common.views import PortalView


class _Answers422:
    """Show a form with errors again under status 422."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """See Django."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class SignInView(_Answers422, allauth_views.LoginView):
    """Address and password."""

    is_public = True
    form_class = SignInForm


class ResetPasswordView(_Answers422, allauth_views.PasswordResetView):
    """Ask for a link; the answer is the same whether there is such an account or not."""

    is_public = True
    form_class = ResetForm


class NewPasswordView(_Answers422, allauth_views.PasswordResetFromKeyView):
    """Set a new password with the link from the mail."""

    is_public = True
    form_class = NewPasswordForm


class ChangePasswordView(_Answers422, PortalView, allauth_views.PasswordChangeView):
    """Set a new password with the present one."""

    permission = staticmethod(anybody)
    form_class = ChangePasswordForm
