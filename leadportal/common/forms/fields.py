"""Fields that people type into: each is read by a function of `leadportal.common.values`."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from leadportal.common import values

# A form class is read once, for readers of every language.
_enter = lazy(values.enter, str)


class ReadField(forms.Field):
    """A field whose value is read by a function of `values`; its refusal is the field's error."""

    def __init__(self, *, label: Any, enter: Any = None, **options: Any) -> None:
        super().__init__(label=label, **options)
        self.error_messages["required"] = enter or _enter(label)

    def read(self, value: Any) -> Any:
        """Return the clean value, or raise `values.BadValueError`."""
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        """See Django."""
        try:
            return self.read(value)
        except values.BadValueError as bad:
            raise ValidationError(bad.sentence, code="bad") from None


class TextLine(ReadField):
    """One clean line of at most `max_length` characters; "" when empty."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        super().__init__(**options)
        self.max_length = max_length

    def read(self, value: Any) -> str:
        """See `ReadField`."""
        return values.read_line(value, label=self.label, max_length=self.max_length)


class TextBlock(TextLine):
    """A longer text with line breaks; "" when empty."""

    widget = forms.Textarea(attrs={"rows": 4})

    def read(self, value: Any) -> str:
        """See `ReadField`."""
        return values.read_text(value, label=self.label, max_length=self.max_length)


class EmailLine(ReadField):
    """An email address with its domain in lower case; "" when empty."""

    widget = forms.EmailInput

    def __init__(self, *, label: Any = None, enter: Any = None, **options: Any) -> None:
        super().__init__(
            label=label or _("Email"), enter=enter or _("Enter an email address"), **options
        )

    def read(self, value: Any) -> str:
        """See `ReadField`."""
        return values.read_email(value)


class PhoneLine(ReadField):
    """A phone number as dialled from abroad; "" when empty.

    `region` is the ISO code of the country whose numbers need no country code.
    """

    widget = forms.TextInput(attrs={"type": "tel", "inputmode": "tel"})

    def __init__(
        self,
        *,
        label: Any = None,
        enter: Any = None,
        region: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            label=label or _("Phone"), enter=enter or _("Enter a phone number"), **options
        )
        self.region = region

    def read(self, value: Any) -> str:
        """See `ReadField`."""
        return values.read_phone(value, region=self.region)


class WebAddress(ReadField):
    """An http or https address; "" when empty."""

    widget = forms.TextInput(attrs={"type": "url", "inputmode": "url"})

    def __init__(self, *, label: Any = None, enter: Any = None, **options: Any) -> None:
        super().__init__(
            label=label or _("Web site"), enter=enter or _("Enter a web address"), **options
        )

    def read(self, value: Any) -> str:
        """See `ReadField`."""
        return values.read_web_address(value)


class BoundedDate(ReadField):
    """A day between 1900 and 2200, by the browser's own date input; None when empty."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def read(self, value: Any) -> Any:
        """See `ReadField`."""
        return values.read_date(value)


class TimeOfDay(ReadField):
    """A time on the wall clock, by the browser's own time input; None when empty."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def read(self, value: Any) -> Any:
        """See `ReadField`."""
        return values.read_time(value)


class Amount(ReadField):
    """A decimal number within limits; None when empty."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def __init__(
        self,
        *,
        smallest: Decimal | int | None = None,
        largest: Decimal | int | None = None,
        places: int = 2,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.smallest, self.largest, self.places = smallest, largest, places

    def read(self, value: Any) -> Any:
        """See `ReadField`."""
        return values.read_number(
            value,
            label=self.label,
            smallest=self.smallest,
            largest=self.largest,
            places=self.places,
        )


class WholeNumber(Amount):
    """A whole number within limits, as int; None when empty."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def __init__(self, **options: Any) -> None:
        super().__init__(places=0, **options)

    def read(self, value: Any) -> int | None:
        """See `ReadField`."""
        number = super().read(value)
        return None if number is None else int(number)
