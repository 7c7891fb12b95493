"""How django-allauth fits the portal: people come by invitation, and links come from one setting."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class PortalAdapter(DefaultAccountAdapter):
    """Close the sign-up page, speak in our words, and never build a link from the Host header (R29)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "The email address or the password is not right. Check both, or reset your password."
        ),
        "too_many_login_attempts": _(
            "There were too many attempts to sign in. Wait five minutes, then try again."
        ),
        "enter_current_password": _("That is not your present password. Enter it again."),
        "account_inactive": _("This account is switched off. Ask your company administrator."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: accounts are made by invitations."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is: allauth would put the Host header in front."""
        return str(subject)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link that sets a new password."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.PORTAL_URL + path.replace("UID-KEY", key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put a mail into the outbox; its templates may link to the portal by `portal_url`."""
        super().send_mail(template_prefix, email, {**context, "portal_url": settings.PORTAL_URL})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return to the settings, where the link to the form stands."""
        return reverse("accounts:profile")
