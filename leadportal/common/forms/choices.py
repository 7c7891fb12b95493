"""Fields that people choose in. The sentence is the same for nothing and for something else."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from leadportal.common import values
from leadportal.common.countries import COUNTRIES

# A form class is read once, for readers of every language.
_choose = lazy(values.choose, str)


class OneOf(forms.ChoiceField):
    """One of a few choices. The error is the same for nothing and for something else."""

    def __init__(
        self, *, label: Any, choices: Any, enter: Any = None, empty: Any = None, **options: Any
    ) -> None:
        super().__init__(label=label, choices=_with_empty(choices, empty), **options)
        sentence = enter or _choose(label)
        self.error_messages.update(required=sentence, invalid_choice=sentence)

    def to_python(self, value: Any) -> str:
        """See Django; a value of the wrong type is no choice."""
        if not _can_be_chosen(value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return str(super().to_python(value))


class SeveralOf(forms.MultipleChoiceField):
    """Any of a few choices, as check boxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, label: Any, choices: Any, enter: Any = None, **options: Any) -> None:
        super().__init__(label=label, choices=choices, **options)
        sentence = enter or _choose(label)
        self.error_messages.update(
            required=sentence, invalid_choice=sentence, invalid_list=sentence
        )

    def to_python(self, value: Any) -> list[str]:
        """See Django; a value of the wrong type is no choice."""
        chosen = value or []
        if not isinstance(chosen, list | tuple) or not all(map(_can_be_chosen, chosen)):
            raise ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        return [str(one) for one in chosen]


class CountryChoice(OneOf):
    """A country by its ISO code; "" when empty."""

    def __init__(self, *, label: Any = None, enter: Any = None, **options: Any) -> None:
        super().__init__(
            label=label or _("Country"),
            choices=COUNTRIES,
            enter=enter or _("Choose a country"),
            empty="",
            **options,
        )


class OneRow(forms.ModelChoiceField):
    """One row of a query that the form narrows to what the actor may see (architecture.md, traps).

    The form gives the rows in its __init__: `self.offer(product=products)`.
    """

    def __init__(
        self,
        *,
        label: Any,
        queryset: "QuerySet[Any] | None" = None,
        enter: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(queryset=queryset, label=label, **options)
        sentence = enter or _choose(label)
        self.error_messages.update(required=sentence, invalid_choice=sentence)

    def to_python(self, value: Any) -> Any:
        """See Django; a value of the wrong type is no choice."""
        if not _can_be_chosen(value):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class Tick(forms.BooleanField):
    """A check box; optional unless `enter` says what ticking it means."""

    def __init__(self, *, label: Any, enter: Any = None, **options: Any) -> None:
        super().__init__(label=label, required=enter is not None, **options)
        self.error_messages["required"] = enter or ""


def _can_be_chosen(value: Any) -> bool:
    """Say whether a value could be one of some choices: a text or a number of everyday size, or nothing."""
    if isinstance(value, str):
        return "\x00" not in value  # Django would say so in words of its own
    return value is None or (isinstance(value, int) and abs(value) < 2**53)


def _with_empty(
    choices: Iterable[Any] | Callable[[], Iterable[Any]], empty: Any
) -> Iterable[Any] | Callable[[], Iterable[Any]]:
    """Put an empty choice first when `empty` names one ("" for a blank line)."""
    if empty is None:
        return choices
    return [("", empty), *(choices() if callable(choices) else choices)]
