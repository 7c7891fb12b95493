"""The steps of the wizard *Create lead* (domain.md section 6): product, marketplace, form."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, PortalForm
from leads.forms.add import KeyField, new_key
from templates_app.forms.answers import AnswersForm
from templates_app.rules.fields import FieldSpec

PREFIX = "answer-"


class ProductStep(PortalForm):
    """For which of the own products the lead is."""

    product = OneOf(
        label=_("Product"), choices=[], enter=_("Choose a product"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, products: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["product"]
        field.choices = [(str(product.pk), product.name) for product in products]


class MarketplaceStep(PortalForm):
    """In which marketplace."""

    marketplace = OneOf(
        label=_("Marketplace"),
        choices=[],
        enter=_("Choose a marketplace"),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, listings: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["marketplace"]
        field.choices = [(str(one.marketplace_id), one.marketplace.name) for one in listings]


class KeyForm(PortalForm):
    """The one-time key that goes with the answers."""

    key = KeyField()


def answers_step(specs: Sequence[FieldSpec], data: Any = None, typed: Any = None) -> AnswersForm:
    """Return the form of the listing's template; `typed` is what was typed before somebody went back."""
    initial = {}
    for spec in specs if typed else ():
        values = typed.getlist(f"{PREFIX}{spec.key}")
        initial[spec.key] = values if len(values) > 1 else next(iter(values), None)
    return AnswersForm(
        data, specs=specs, is_about_visitor=False, prefix=PREFIX.rstrip("-"), initial=initial
    )


def carried(data: Any) -> list[tuple[str, str]]:
    """Return the answers in `data` as hidden fields, so that going back loses nothing that was typed."""
    return [
        (name, value) for name in data if name.startswith(PREFIX) for value in data.getlist(name)
    ]


__all__ = ["KeyForm", "MarketplaceStep", "ProductStep", "answers_step", "carried", "new_key"]
