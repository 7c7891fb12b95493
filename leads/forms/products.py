"""*Add Products to Lead* and the trash can (AppDirect; ux.md D8)."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import OneOf, SeveralOf, TextLine
from leads.forms.actions import ActionForm
from leads.selectors.choices import offer, products_by_id
from leads.selectors.detail import products_on
from templates_app.models import Product

LARGEST_ID = 2**63 - 1


class LockedCheckboxes(forms.CheckboxSelectMultiple):
    """Check boxes of which those in `locked` are ticked and cannot be changed."""

    locked: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """See Django."""
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.locked:
            option["attrs"] |= {"checked": True, "disabled": True}
        return option


class ProductsForm(ActionForm):
    """Any of the products that the lead's marketplace lists. `find` only searches; what is ticked stays."""

    q = TextLine(label=_("Search products"), max_length=100, required=False)
    products = SeveralOf(
        label=_("Products"),
        choices=[],
        enter=_("Choose at least one product"),
        widget=LockedCheckboxes,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = self.fields["q"].clean(str(self["q"].value() or "")[:100])
        data: Any = self.data
        chosen = data.getlist("products") if self.is_bound else []
        self.listed = offer(self.sight.lead, words=words, chosen=_ids(chosen))
        field: Any = self.fields["products"]
        field.choices = self.listed.shown
        field.widget.locked = self.listed.present

    @property
    def is_complete(self) -> bool:  # type: ignore[override]
        """Whether the products are to be added; a search only shows others."""
        return "find" not in self.data

    def clean(self) -> dict[str, Any]:
        """A search needs no choice."""
        data: dict[str, Any] = super().clean() or {}
        if not self.is_complete:
            self.errors.clear()
        return data

    @property
    def chosen(self) -> list[Product]:
        """The products that were chosen."""
        return products_by_id(self.sight.lead, _ids(self.cleaned_data["products"]))


class RemoveProductForm(ActionForm):
    """Which product goes: named in the address by the trash can, else chosen."""

    product = OneOf(label=_("Product"), choices=[], enter=_("Choose a product of this lead"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.product_id): row.product for row in products_on(self.sight.lead)}
        field: Any = self.fields["product"]
        field.choices = [(pk, product.name) for pk, product in self.rows.items()]
        self.named = self.rows.get(str(self["product"].value() or ""))
        if self.named:
            field.widget = forms.HiddenInput()
            self.title = gettext("Remove %(product)s from this lead?") % {
                "product": self.named.name
            }

    @property
    def chosen(self) -> Product:
        """The product that was chosen."""
        return self.rows[self.cleaned_data["product"]]


def _ids(raw: list[str]) -> list[int]:
    """Return those of `raw` that can be ids of rows."""
    numbers = (
        int(one)
        for one in raw
        if isinstance(one, str) and one.isascii() and one.isdigit() and len(one) < 20
    )
    return [number for number in numbers if number <= LARGEST_ID]
