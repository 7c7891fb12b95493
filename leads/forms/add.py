"""*Add lead*: by managers, sales support, resellers with right 1 and referral partners."""

import secrets
from typing import Any

from crispy_forms.layout import Fieldset
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.enums import Role
from leadportal.common.forms import OneOf, OneRow, TextLine
from leads.enums import Channel
from leads.forms.assign import COMPANY, SALES, RecipientForm
from leads.forms.details import DetailsForm
from leads.rules.permissions import creating_role
from leads.selectors.choices import marketplaces_to_add_to, programme
from templates_app.models import Marketplace

_MANAGERS = frozenset({Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER})


class KeyField(TextLine):
    """The one-time key of a form page: a second post of the same page changes nothing more."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(
            label=_("Form"), max_length=40, enter=_("Open this form again"), initial=new_key
        )


def new_key() -> str:
    """Return a key for one showing of a form."""
    return secrets.token_urlsafe(16)


class AddForm(RecipientForm, DetailsForm):
    """A new lead. The marketplace is chosen where the host has several; managers may assign at once."""

    named_in = "recipient"

    marketplace = OneRow(
        label=_("Marketplace"),
        enter=_("Choose a marketplace"),
        required=False,
        empty_label=_("None"),
    )
    key = KeyField()

    def __init__(self, *args: Any, actor: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("channel", Channel.PHONE.slug)
        self._ask_marketplace(actor)
        if creating_role(actor) in _MANAGERS and actor.host_id:
            self._ask_recipient(actor, actor.host_id)
        self.helper.layout.append("key")
        self.ask_attributes(actor, actor.host_id)

    def _ask_marketplace(self, actor: Person) -> None:
        places = list(marketplaces_to_add_to(actor)[:2])
        self.offer(marketplace=marketplaces_to_add_to(actor))
        if not places:
            del self.fields["marketplace"]
            return
        if len(places) == 1:
            self.initial.setdefault("marketplace", places[0].pk)
        self.helper.layout.append("marketplace")

    def _ask_recipient(self, actor: Person, host_id: int) -> None:
        self.fields["target"] = OneOf(
            label=_("Assign to"),
            choices=[
                ("", gettext("Nobody yet: the lead waits to be assigned")),
                (SALES, _("Assign lead to all the sales support representatives")),
                (COMPANY, _("Assign lead to a company")),
            ],
            required=False,
            enter=_("Choose who gets this lead"),
            widget=forms.RadioSelect,
            initial="",
        )
        self.ask_company(programme(actor), host_id)
        self.helper.layout.append(Fieldset(_("Recipient"), "target", "recipient"))

    @property
    def place(self) -> Marketplace | None:
        """The marketplace, if one was chosen."""
        return self.cleaned_data.get("marketplace")

    @property
    def is_for_sales(self) -> bool:
        """Whether the sales desk gets the lead."""
        return self.cleaned_data.get("target") == SALES
