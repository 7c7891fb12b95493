"""What a new API token may do, and for how long."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import Role, Scope
from accounts.rules.permissions import token_roles
from leadportal.common.forms import OneOf, PortalForm, SeveralOf, TextLine

DAYS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("One year"))]


class TokenForm(PortalForm):
    """Name, role, scopes and life of a token; only the actor's own roles can be chosen."""

    name = TextLine(
        label=_("Name"),
        max_length=60,
        enter=_("Enter a name for the token"),
        help_text=_("What uses it, for example “Website sync”. Histories show this name."),
    )
    role = OneOf(
        label=_("Role"),
        choices=[],
        enter=_("Choose a role"),
        help_text=_("The token sees and does what you see and do in this role, never more."),
    )
    scopes = SeveralOf(
        label=_("What it may do"),
        choices=Scope.choices,
        enter=_("Choose what the token may do"),
        initial=[Scope.READ],
    )
    days = OneOf(
        label=_("Valid for"),
        choices=DAYS,
        enter=_("Choose how long the token is valid"),
        widget=forms.RadioSelect,
        initial="90",
    )

    def __init__(self, *args: Any, actor: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = token_roles(actor)
        field: Any = self.fields["role"]
        field.choices = [(role.value, role.label) for role in roles]

    @property
    def chosen(self) -> dict[str, Any]:
        """What a valid form says, as the service takes it."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "role": Role(data["role"]),
            "scopes": [Scope(scope) for scope in data["scopes"]],
            "valid_for": timedelta(days=int(data["days"])),
        }
