"""Whose data somebody asks for."""

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import EmailLine, PortalForm


class PersonForm(PortalForm):
    """The address by which a person is known."""

    email = EmailLine(
        label=_("Email of the person"),
        enter=_("Enter an email address in the format name@company.com"),
        help_text=_("The complete address. Make sure that it is this person who asks."),
    )
