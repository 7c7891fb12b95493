"""The leads beside a place in a list, for people who work through it (ux.md D4)."""

from leadportal.common.pagination import Key
from leads.selectors.leads import LeadList


def neighbour(wanted: LeadList, key: Key, lead_id: int, *, backwards: bool = False) -> str:
    """Return the Lead ID of the first row beyond the place `key`, or "" at the end of the list.

    The place need not be a row any more: what has left the list, or moved inside it, is still followed by
    what stood behind it. The lead itself is never its own neighbour. One query along an index; where none
    suits the list's filters, and for a search, the list is found first as its page finds it.
    """
    if wanted.suits_index and not wanted.sought:
        rows = wanted.order.beyond(wanted.rows, key, backwards=backwards).exclude(lead=lead_id)
        found = wanted.order.apply(rows, backwards=backwards)[:1]
        return next(iter(found.values_list("lead__reference", flat=True)), "")
    taken = wanted.found.take(key, 2, backwards=backwards)
    others = [row.reference for row in taken if row.lead_id != lead_id]
    return (others[-1] if backwards else others[0]) if others else ""
