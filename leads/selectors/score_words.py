"""What history says of scores: numbers and codes in words."""

from django.utils.translation import gettext as _

from leads.enums import EventKind
from leads.models import Event


def score_sentence(event: Event) -> str:
    """Return what happened to the score."""
    if event.kind == EventKind.MARKETING_QUALIFIED:
        words = _(
            "Marketing qualified: the score came to %(score)s, the threshold is %(threshold)s"
        )
        return words % {name: event.data.get(name, "") for name in ("score", "threshold")}
    if below := event.data.get("below"):
        return _("Score fell below %(n)s: no longer marketing qualified") % {"n": below}
    return _("Score changed")


def score_change(event: Event) -> tuple[str, str]:
    """Return the score before and after."""
    return str(event.data.get("score_before", "")), str(event.data.get("score", ""))
