"""Quotes and orders: their own fields, and as many lines as are needed. Works without a script: a button adds lines."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import Amount, BoundedDate, OneOf, PortalForm, TextBlock, TextLine
from leads.forms.actions import ActionForm
from leads.models.papers import PaperLine
from leads.rules.money import DEFAULT, LARGEST, currency_choices
from leads.rules.selling import OrderState
from leads.selectors.detail import Sight
from leads.selectors.papers import linkable_papers, linked_papers
from leads.services.orders import OrderValues
from leads.services.papers import MOST_LINES, LineValues
from leads.services.quotes import QuoteValues
from templates_app.models import Product

# Empty lines that stand ready.
SPARE = 2
MORE = "more"
_PARTS = ("product", "text", "quantity", "unit_price", "discount", "tax")


@dataclass(frozen=True)
class LineFields:
    """The controls of one line, for the page."""

    number: int
    fields: list[Any]


class PaperForm(PortalForm):
    """The subject, the currency, and lines. `products` are those that can be chosen."""

    subject = TextLine(label=_("Subject"), max_length=120, enter=_("Enter a subject"))
    currency = OneOf(label=_("Currency"), choices=currency_choices, initial=DEFAULT)

    def __init__(
        self,
        *args: Any,
        products: Iterable[Product],
        lines: Iterable[PaperLine] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.products = {str(product.pk): product for product in products}
        choices = [(pk, f"{one.name} · {one.vendor.name}") for pk, one in self.products.items()]
        stored = list(lines)
        for line in stored:
            if str(line.product_id) not in self.products:
                self.products[str(line.product_id)] = line.product
                choices.append((str(line.product_id), line.product.name))
        self.head = list(self.fields)
        self.count = self._number_of_lines(len(stored))
        for number in range(1, self.count + 1):
            given = stored[number - 1] if number <= len(stored) else None
            self._add_line(number, choices, given)

    def _number_of_lines(self, stored: int) -> int:
        """Return how many lines the page has: those that were sent, or those that are there and some more."""
        sent = 0
        if self.is_bound:
            names = [name for name in self.data if name.startswith("line-")]
            numbers = [name.split("-")[1] for name in names]
            sent = max(
                (int(n) for n in numbers if n.isascii() and n.isdigit() and len(n) < 4), default=0
            )
            if MORE in self.data:
                sent += SPARE
        return min(MOST_LINES, max(sent, stored if self.is_bound else stored + SPARE, 1))

    def _add_line(self, number: int, choices: list[Any], given: PaperLine | None) -> None:
        for part, field in line_fields(choices).items():
            if given is not None:
                value = given.product_id if part == "product" else getattr(given, part)
                field.initial = _plain(value)
            field.widget.attrs["autocomplete"] = "off"
            self.fields[_name(number, part)] = field

    @property
    def lines(self) -> list[LineFields]:
        """The controls line by line."""
        return [
            LineFields(number, [self[_name(number, part)] for part in _PARTS])
            for number in range(1, self.count + 1)
        ]

    @property
    def head_fields(self) -> list[Any]:
        """The controls before the lines."""
        return [self[name] for name in self.head]

    @property
    def wants_more(self) -> bool:
        """Whether the button for more lines was pressed: nothing is saved, and what was typed stays."""
        return MORE in self.data

    def clean(self) -> dict[str, Any]:
        """Ask each line that is not empty for product, quantity and price."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.line_values: list[LineValues] = []
        for number in range(1, self.count + 1):
            given = {part: cleaned.get(_name(number, part)) for part in _PARTS}
            is_wrong = any(_name(number, part) in self.errors for part in _PARTS)
            if is_wrong or all(value in {None, ""} for value in given.values()):
                continue
            self._read_line(number, given)
        if not self.line_values and not self.errors:
            self.add_error(None, _now("Add at least one line."))
        return cleaned

    def _read_line(self, number: int, given: Mapping[str, Any]) -> None:
        needed = {
            "product": _now("Choose a product"),
            "quantity": _now("Enter a quantity"),
            "unit_price": _now("Enter a unit price"),
        }
        missing = [part for part in needed if given[part] in {None, ""}]
        for part in missing:
            self.add_error(_name(number, part), needed[part])
        if not missing:
            line = {part: given[part] or Decimal(0) for part in ("discount", "tax")}
            self.line_values.append(
                LineValues(
                    product=self.products[given["product"]],
                    quantity=given["quantity"],
                    unit_price=given["unit_price"],
                    text=given["text"],
                    **line,
                )
            )


class QuoteForm(PaperForm):
    """A quote."""

    valid_until = BoundedDate(
        label=_("Valid until"),
        required=False,
        help_text=_("The last day on which the customer can accept it."),
    )
    terms = TextBlock(
        label=_("Terms"),
        max_length=4000,
        required=False,
        help_text=_("Printed below the lines, like the time of delivery or of payment."),
    )

    @property
    def values(self) -> QuoteValues:
        """What a valid form says."""
        data = self.cleaned_data
        return QuoteValues(
            subject=data["subject"],
            currency=data["currency"],
            lines=self.line_values,
            valid_until=data["valid_until"],
            terms=data["terms"],
        )


class OrderForm(PaperForm):
    """An order without a quote."""

    @property
    def values(self) -> OrderValues:
        """What a valid form says."""
        data = self.cleaned_data
        return OrderValues(data["subject"], data["currency"], self.line_values)


class StateForm(PortalForm):
    """Where an order stands."""

    state = OneOf(label=_("State"), choices=OrderState.slug_choices())


class AnswerForm(PortalForm):
    """What the customer says with an answer."""

    comment = TextLine(
        label=_("Comment"),
        max_length=300,
        required=False,
        help_text=_("The seller reads it."),
    )


class _ChoosePaperForm(ActionForm):
    paper = OneOf(label=_("Quote or order"), choices=[], enter=_("Choose a quote or an order"))

    def __init__(self, *args: Any, sight: Sight, **kwargs: Any) -> None:
        super().__init__(*args, sight=sight, **kwargs)
        self.papers = {paper.reference: paper for paper in self.offered(sight)}
        field: Any = self.fields["paper"]
        field.choices = [
            (reference, f"{reference} · {paper.subject}")
            for reference, paper in self.papers.items()
        ]

    def offered(self, sight: Sight) -> list[Any]:
        """Return what can be chosen."""
        raise NotImplementedError

    @property
    def chosen(self) -> Any:
        """The quote or order that was chosen."""
        return self.papers[self.cleaned_data["paper"]]


class LinkForm(_ChoosePaperForm):
    """A quote or order of the customer that no lead has."""

    def offered(self, sight: Sight) -> list[Any]:
        """See `_ChoosePaperForm`."""
        return linkable_papers(sight.lead, sight.actor)


class UnlinkForm(_ChoosePaperForm):
    """A quote or order of the lead."""

    def offered(self, sight: Sight) -> list[Any]:
        """See `_ChoosePaperForm`."""
        return linked_papers(sight.lead, sight.actor)


def line_fields(products: Sequence[Any]) -> dict[str, forms.Field]:
    """Return the fields of a line; `products` are the choices."""
    return {
        "product": OneOf(
            label=_("Product"),
            choices=products,
            empty=_("Choose…"),
            required=False,
            enter=_("Choose a product"),
        ),
        "text": TextLine(label=_("Description"), max_length=200, required=False),
        "quantity": Amount(
            label=_("Quantity"), smallest=Decimal("0.01"), largest=1_000_000, required=False
        ),
        "unit_price": Amount(label=_("Unit price"), smallest=0, largest=LARGEST, required=False),
        "discount": Amount(label=_("Discount (%)"), smallest=0, largest=100, required=False),
        "tax": Amount(label=_("Tax (%)"), smallest=0, largest=100, required=False),
    }


def _name(number: int, part: str) -> str:
    """Return the name of a line's control."""
    return f"line-{number}-{part}"


def _plain(value: Any) -> Any:
    """Return a number without zeros that say nothing."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value
