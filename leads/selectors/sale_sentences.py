"""What a lead's history says about its deals, quotes and orders: numbers, never amounts (sentences.py)."""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from leads.enums import EventKind
from leads.models import Event

_WORDS: dict[str, Any] = {
    EventKind.DEAL_CREATED: _("Deal %(deal)s created"),
    EventKind.DEAL_MOVED: _("Deal %(deal)s moved to another stage"),
    EventKind.QUOTE_LINKED: _("Lead linked to quote %(quote)s"),
    EventKind.QUOTE_UNLINKED: _("Lead unlinked from quote %(quote)s"),
    EventKind.QUOTE_SENT: _("Quote %(quote)s sent to the customer"),
    EventKind.ORDER_LINKED: _("Lead linked to order %(order)s"),
    EventKind.ORDER_UNLINKED: _("Lead unlinked from order %(order)s"),
}
_ANSWERS: dict[str, Any] = {
    "accepted": _("Quote %(quote)s accepted by the customer"),
    "rejected": _("Quote %(quote)s rejected by the customer"),
    "expired": _("Quote %(quote)s expired"),
}


def sale_sentence(event: Event) -> str:
    """Return what happened, or nothing for a line about something else."""
    if event.kind == EventKind.QUOTE_ANSWERED:
        words = _ANSWERS[event.data["to"]]
    elif event.kind in _WORDS:
        words = _WORDS[event.kind]
    else:
        return ""
    return str(words % defaultdict(str, event.data))
