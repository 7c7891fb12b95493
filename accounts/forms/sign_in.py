"""Passwords: allauth's forms in our words, and the form behind an invitation.

Password managers and paste work: every control carries its autocomplete token (ux.md U4).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from crispy_forms.helper import FormHelper
from django import forms
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import PortalForm, TextLine

PASSWORD_HINT = _("At least 10 characters. Names, addresses and common passwords are refused.")


class _OurWords(forms.Form):
    """Give the fields of an allauth form our labels, hints and sentences; no placeholders."""

    # Field -> label, sentence for an empty one, hint, autocomplete token
    words: ClassVar[Mapping[str, tuple[Any, Any, Any, str]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        for name, (label, sentence, hint, token) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.error_messages["required"] = sentence
            field.error_messages["invalid"] = _(
                "Enter an email address in the format name@example.com"
            )
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["autocomplete"] = token


class SignInForm(_OurWords, allauth_forms.LoginForm):
    """Address and password."""

    words = {
        "login": (_("Email"), _("Enter your email address"), "", "username"),
        "password": (_("Password"), _("Enter your password"), "", "current-password"),
    }


class ResetForm(_OurWords, allauth_forms.ResetPasswordForm):
    """Ask for a link that sets a new password."""

    words = {"email": (_("Email"), _("Enter your email address"), "", "username")}

    @transaction.atomic
    def save(self, request: HttpRequest, **options: Any) -> str:
        """Put a mail into the outbox. One commit, known address or not: time tells nothing (M10, F11)."""
        address: str = super().save(request, **options)
        return address


_NEW = {
    "password1": (_("New password"), _("Enter a new password"), PASSWORD_HINT, "new-password"),
    "password2": (
        _("New password again"),
        _("Enter the new password a second time"),
        "",
        "new-password",
    ),
}


class NewPasswordForm(_OurWords, allauth_forms.ResetPasswordKeyForm):
    """Set a new password with the link from the mail."""

    words = _NEW


class ChangePasswordForm(_OurWords, allauth_forms.ChangePasswordForm):
    """Set a new password with the present one."""

    words = {
        "oldpassword": (
            _("Present password"),
            _("Enter your present password"),
            "",
            "current-password",
        ),
        **_NEW,
    }


class AcceptForm(PortalForm):
    """Names and password of somebody who was invited and has no account yet."""

    autofill = {"first_name": "given-name", "last_name": "family-name"}

    first_name = TextLine(label=_("First name"), max_length=80, enter=_("Enter your first name"))
    last_name = TextLine(label=_("Last name"), max_length=80, enter=_("Enter your last name"))
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=PASSWORD_HINT,
        error_messages={"required": _("Choose a password")},
    )
