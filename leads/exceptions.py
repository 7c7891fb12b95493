"""What only services of leads refuse."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from leadportal.common.errors import Invalid


class Clash(Invalid):
    """Somebody else has changed the same `fields` since the form was opened (ux.md D15)."""

    def __init__(self, fields: Iterable[str]) -> None:
        sentence = _("Somebody else changed the same while you were editing. Choose what to keep.")
        super().__init__({"__all__": sentence})
        self.fields = tuple(fields)
