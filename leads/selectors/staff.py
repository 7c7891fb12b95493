"""What Django admin reads of leads, for staff, who see those of every host (ux.md 2.12)."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from accounts.actors import Person
from leads.models import DisqualifyReason, Event, Lead, LeadAccess
from leads.selectors.search import Term, in_index

FOUND_MOST = 1000
LINES = 50


def found_leads(text: str) -> list[int] | None:
    """Return the keys of at most FOUND_MOST leads that `text` finds, from the index; None for an empty box.

    A complete Lead ID finds that lead alone.
    """
    term = Term.read(text)
    if term is None:
        return None
    condition = [Q(reference=term.reference)] if term.reference else in_index(term)
    # Cut before it is sorted: a common word must not make the database sort half the table.
    return list(
        Lead.objects.filter(*condition).order_by().values_list("pk", flat=True)[:FOUND_MOST]
    )


def marked_for(leads: "QuerySet[Lead]", actor: Person | None) -> "QuerySet[Lead]":
    """Say of each lead whether the portal shows it to `actor`, as `is_on_portal`."""
    if actor is None:
        return leads.annotate(is_on_portal=Value(False))
    rows = LeadAccess.objects.visible_to(actor).filter(lead=OuterRef("pk"))
    return leads.annotate(is_on_portal=Exists(rows))


def reason_labels(leads: Sequence[Lead]) -> list[str]:
    """Return what the active reasons of the leads' hosts are called, each once, in the order of the first host."""
    reasons = DisqualifyReason.objects.filter(
        host__in={lead.host_id for lead in leads}, is_active=True
    )
    return list(dict.fromkeys(reasons.order_by("position", "pk").values_list("label", flat=True)))


def reason_called(lead: Lead, label: str) -> DisqualifyReason | None:
    """Return the active reason of the lead's host that is called `label`."""
    return DisqualifyReason.objects.filter(host=lead.host_id, label=label, is_active=True).first()


def newest_events(lead: Lead) -> list[Event]:
    """Return the newest lines of a lead's history, without the old and new values."""
    lines = Event.objects.filter(lead=lead).select_related("actor_user", "actor_company")
    return list(lines.order_by("-number")[:LINES])


def desks_seeing(lead: Lead) -> list[LeadAccess]:
    """Return the access rows of a lead: which desks see it, and which did."""
    rows = LeadAccess.objects.filter(lead=lead).select_related("desk__company")
    return list(rows.order_by("-level", "desk__company__name", "desk_id"))
