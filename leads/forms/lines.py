"""Fields for several short texts, one on each line."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from leadportal.common.forms import TextBlock
from leadportal.common.text import clean_line, fold
from leadportal.common.values import BadValueError


class Lines(TextBlock):
    """Short texts, one on each line; a tuple of them."""

    def __init__(self, *, most: int, length: int, **options: Any) -> None:
        super().__init__(max_length=(length + 2) * (most + 20), **options)
        self.most, self.length = most, length

    def read(self, value: Any) -> Any:
        """See `ReadField`."""
        lines = tuple(line for line in map(clean_line, super().read(value).split("\n")) if line)
        if len(lines) > self.most:
            raise BadValueError(_("Enter at most %(n)s lines") % {"n": self.most})
        if any(len(line) > self.length for line in lines):
            raise BadValueError(
                _("Each line must be %(n)s characters or fewer") % {"n": self.length}
            )
        return lines

    def prepare_value(self, value: Any) -> Any:
        """Show stored texts as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value


class Named(Lines):
    """What is meant by names, or by their codes, one on each line; a tuple of codes. For more than one can tick."""

    def __init__(self, *, choices: Iterable[tuple[str, Any]], **options: Any) -> None:
        super().__init__(**options)
        self.names = {code: str(name) for code, name in choices}

    def read(self, value: Any) -> Any:
        """See `ReadField`."""
        codes = {fold(name): code for code, name in self.names.items()}
        codes |= {fold(code): code for code in self.names}
        lines = super().read(value)
        for line in lines:
            if fold(line) not in codes:
                sentence = _("Nothing here is called “%(name)s”. Check how it is spelled.")
                raise BadValueError(sentence % {"name": line})
        return tuple(dict.fromkeys(codes[fold(line)] for line in lines))

    def prepare_value(self, value: Any) -> Any:
        """Show stored codes as names."""
        names = value
        if isinstance(value, list | tuple):
            names = [self.names.get(one, one) for one in value]
        return super().prepare_value(names)
