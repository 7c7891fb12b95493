"""What a bulk action asks before it is done: the same fields as for one lead."""

import hashlib
import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common.forms import OneRow, PortalForm, TextLine
from leads.forms.actions import DisqualifyFields, ProgressFields
from leads.forms.assign import AssignFields
from leads.selectors.bulk import Preview
from leads.selectors.choices import disqualify_reasons, programme
from leads.selectors.products import products_of_hosts
from templates_app.models import Product


def _hidden() -> TextLine:
    return TextLine(label=_("Form"), max_length=64, required=False, widget=forms.HiddenInput)


class BulkForm(PortalForm):
    """The base: `key` makes a second post harmless, `count` is the number of leads that the page showed."""

    key = _hidden()
    count = _hidden()

    def __init__(self, *args: Any, preview: Preview, actor: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preview, self.actor = preview, actor
        self.fields["key"].initial = secrets.token_urlsafe(16)
        self.fields["count"].initial = preview.total

    @property
    def once(self) -> str:
        """The key as it is stored: its own for each person, whatever somebody else sends."""
        key = self.cleaned_data.get("key") or secrets.token_urlsafe(16)
        return hashlib.sha256(f"{self.actor.user_id} {key}".encode()).hexdigest()[:40]

    @property
    def words(self) -> str:
        """The choice in words, for the page that says what was done."""
        raise NotImplementedError


class BulkAssignForm(AssignFields, BulkForm):
    """Who gets the leads: a reseller of the programme, or the sales desk."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_company(programme(self.actor), self.actor.host_id or 0)

    @property
    def words(self) -> str:
        """The new recipient."""
        if self.chosen:
            return self.chosen.name
        return str(_("the sales support representatives"))


class BulkDisqualifyForm(DisqualifyFields, BulkForm):
    """Why the leads are turned down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(reason=disqualify_reasons(self.preview.hosts))
        if len(self.preview.hosts) > 1:
            reason: Any = self.fields["reason"]
            reason.label_from_instance = lambda row: f"{row.label} ({row.host.name})"

    def clean(self) -> dict[str, Any]:
        """Ask for the explanation here, once, instead of skipping every lead for want of it."""
        data: dict[str, Any] = super().clean() or {}
        if (reason := data.get("reason")) and reason.needs_text and not data.get("text"):
            self.add_error("text", _("Enter an explanation for this reason"))
        return data

    @property
    def words(self) -> str:
        """The reason."""
        return self.chosen().label


class BulkProgressForm(ProgressFields, BulkForm):
    """What the seller reached on all of them."""

    @property
    def words(self) -> str:
        """The progress."""
        return str(self.chosen.label)


class BulkProductForm(BulkForm):
    """One product for all of them."""

    product = OneRow(label=_("Product"), enter=_("Choose a product"), empty_label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(product=products_of_hosts(self.preview.hosts))

    @property
    def chosen(self) -> Product:
        """The product that was chosen."""
        product: Product = self.cleaned_data["product"]
        return product

    @property
    def words(self) -> str:
        """The product."""
        return self.chosen.name
