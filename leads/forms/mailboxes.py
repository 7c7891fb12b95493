"""Mailboxes: what they are called, what their leads are for, and how their mails are fetched."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, TextLine, Tick, WholeNumber
from leads.forms.sources import WayInForm
from leads.models import Source
from leads.models.sources import Connection
from leads.selectors.sources import Feed
from leads.services.mailboxes import MailboxSettings

_HOST = re.compile(r"[a-z0-9]([a-z0-9.:-]{0,198}[a-z0-9])?", re.IGNORECASE | re.ASCII)


class MailboxForm(WayInForm):
    """Beside that where the mails of a mailbox are fetched."""

    unshown = "password"
    host = TextLine(
        label=_("Mail server"),
        max_length=200,
        required=False,
        enter=_("Enter the mail server"),
        help_text=_(
            "The IMAP server that mails are fetched from, like imap.fabrikam.example. Give the portal a mailbox or a"
            " folder of its own: it takes whatever is unread there."
        ),
    )
    connection = OneOf(
        label=_("Connection"), choices=Connection.choices, widget=forms.RadioSelect, required=False
    )
    port = WholeNumber(label=_("Port"), smallest=1, largest=65_535, required=False)
    user = TextLine(
        label=_("User name"), max_length=200, required=False, enter=_("Enter the user name")
    )
    password = TextLine(
        label=_("Password"),
        max_length=200,
        required=False,
        enter=_("Enter the password of this mailbox"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Better one for this portal alone, where the mail service offers that."),
    )
    folder = TextLine(label=_("Folder"), max_length=100, required=False)
    moves_to = TextLine(
        label=_("Move read mails to"),
        max_length=100,
        required=False,
        help_text=_("A folder, like Leads. When it is empty, mails are marked as read and stay."),
    )
    takes_programs = Tick(
        label=_("Mails of programs become leads, too"),
        help_text=_(
            "For a web site that mails what people typed into its form. Automatic replies never become leads."
        ),
    )
    mails_per_hour = WholeNumber(
        label=_("Most mails in an hour"),
        smallest=1,
        largest=100_000,
        help_text=_("More stay on the mail server until the hour is over."),
    )

    def __init__(
        self,
        *args: Any,
        offered: Sequence[Feed] | None = None,
        has_address: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, offered=offered, **kwargs)
        self.fields["name"].help_text = _(
            "Shown as the source of its leads, like “sales@fabrikam.example”."
        )
        if not has_address:
            # Nothing would ever come in without a server.
            for name in ("host", "user", *(["password"] if offered is not None else [])):
                self.fields[name].required = True
        else:
            self.fields["host"].label = _("Mail server, if mails are to be fetched")
            self.fields["host"].help_text = _(
                "Leave it empty when people write, or mails are forwarded, to the address that the mailbox gets here."
                " Else the IMAP server, like imap.fabrikam.example: whatever is unread there is taken."
            )

    def clean_host(self) -> str:
        """Only a name, or an address in numbers: nothing around it."""
        host = str(self.cleaned_data["host"])
        if host and not _HOST.fullmatch(host):
            sentence = _("Enter the name of a mail server, like imap.fabrikam.example")
            raise ValidationError(sentence, code="host")
        return host.lower()

    def clean(self) -> dict[str, Any]:
        """A mailbox that is fetched needs a user."""
        super().clean()
        data = self.cleaned_data
        if data.get("host") and data.get("user") == "":
            self.add_error("user", ValidationError(_("Enter the user name"), code="required"))
        return data

    @property
    def settings(self) -> MailboxSettings:
        """What a valid form says."""
        data = self.cleaned_data
        connection = Connection(data["connection"] or Connection.TLS)
        return MailboxSettings(
            name=data["name"],
            mails_per_hour=data["mails_per_hour"],
            takes_programs=data["takes_programs"],
            host=data["host"],
            port=data["port"] or (993 if connection == Connection.TLS else 143),
            connection=connection,
            user=data["user"],
            password=data["password"],
            folder=data["folder"],
            moves_to=data["moves_to"],
        )


NEW = {
    "connection": Connection.TLS,
    "port": 993,
    "folder": "INBOX",
    "mails_per_hour": 600,
}


def initial_of(source: Source) -> dict[str, Any]:
    """Return the stored settings as the first values of `MailboxForm`; never the password."""
    row = source.mailbox
    names = ("port", "connection", "user", "folder", "moves_to", "takes_programs")
    return {
        **{name: getattr(row, name) for name in names},
        "name": source.name,
        "host": row.imap_host,
        "mails_per_hour": source.posts_per_hour,
    }
