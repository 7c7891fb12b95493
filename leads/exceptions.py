"""What only services of leads refuse."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from leadportal.common.errors import Conflict, Invalid, Refused
from leads.enums import AttentionReason


class Clash(Invalid):
    """Somebody else has changed the same `fields` since the form was opened (ux.md D15)."""

    def __init__(self, fields: Iterable[str]) -> None:
        sentence = _("Somebody else changed the same while you were editing. Choose what to keep.")
        super().__init__({"__all__": sentence})
        self.fields = tuple(fields)


class SentBefore(Invalid):
    """Something else came under the same key before (security.md R14)."""

    def __init__(self) -> None:
        super().__init__(
            {
                "key": _(
                    "This key was used before, for something else. Send it under a key of its own."
                )
            }
        )


class NotALead(Refused):
    """What came in cannot become a lead as it is; it waits under *Needs attention* with the reason.

    The sentence is stored and read by managers: it holds nothing that the sender wrote.
    """

    status_code = 422

    def __init__(self, reason: AttentionReason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class MergedAway(Conflict):
    """The lead is part of another one by now, which the actor sees: `reference` is that one's."""

    def __init__(self, gone: str, reference: str) -> None:
        sentence = _("%(gone)s was merged into %(kept)s. Go on there.")
        super().__init__(sentence % {"gone": gone, "kept": reference})
        self.reference = reference
        self.address = reverse("leads:detail", args=[reference])
