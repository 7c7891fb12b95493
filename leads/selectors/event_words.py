"""What history says of scores and merges: numbers and codes in words."""

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


def merge_sentence(event: Event) -> str:
    """Return which lead was merged into which, or that it was undone."""
    other = {"lead": event.data.get("reference", "")}
    is_kept = event.data.get("side") == "kept"
    if event.kind == EventKind.MERGED:
        return (
            _("%(lead)s merged into this lead") if is_kept else _("Lead merged into %(lead)s")
        ) % other
    if is_kept:
        return _("Merge of %(lead)s into this lead undone") % other
    return _("Merge into %(lead)s undone") % other
