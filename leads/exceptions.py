"""What only services of leads refuse."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from leadportal.common.errors import Conflict, Invalid


class Clash(Invalid):
    """Somebody else has changed the same `fields` since the form was opened (ux.md D15)."""

    def __init__(self, fields: Iterable[str]) -> None:
        sentence = _("Somebody else changed the same while you were editing. Choose what to keep.")
        super().__init__({"__all__": sentence})
        self.fields = tuple(fields)


class MergedAway(Conflict):
    """The lead is part of another one by now, which the actor sees: `reference` is that one's."""

    def __init__(self, gone: str, reference: str) -> None:
        sentence = _("%(gone)s was merged into %(kept)s. Go on there.")
        super().__init__(sentence % {"gone": gone, "kept": reference})
        self.reference = reference
        self.address = reverse("leads:detail", args=[reference])
