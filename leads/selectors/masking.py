"""The one place that hides whom a lead is about from a desk that has not accepted it (domain.md section 9).

Lists need no condition: the access row itself has no names (leads/services/access.py). What is read from the lead
beside the row passes here: pages, cards, files, the API, the inbox and mails.
"""

from collections.abc import Collection, Iterable

from accounts.actors import Person
from leads.models import Lead, LeadAccess
from leads.rules.masking import MASKED, open_answers, open_keys
from templates_app.selectors.lead_templates import specs_of


def hide_contact(lead: Lead) -> None:
    """Empty what a desk does not know yet, on a lead that was read for a page; nothing is ever written from it."""
    for name in MASKED:
        setattr(lead, name, "")


def as_seen(access: LeadAccess) -> Lead:
    """Return the lead of an access row as its desk knows it."""
    if access.is_masked:
        hide_contact(access.lead)
    return access.lead


def as_seen_alone(access: LeadAccess) -> Lead:
    """Return the lead of an access row for its own page: with the answers that its desk may read."""
    lead = as_seen(access)
    if access.is_masked:
        lead.answers = open_answers(lead.answers, open_keys(specs_of(lead.template_version)))
    return lead


def masked_of(leads: Collection[int], actor: Person) -> frozenset[int]:
    """Return those of `leads` whose contact `actor` does not know."""
    rows = LeadAccess.objects.visible_to(actor).filter(lead__in=leads, is_masked=True)
    return frozenset(rows.order_by().values_list("lead", flat=True))


def hide_masked(leads: Iterable[Lead], actor: Person) -> None:
    """Hide the contact of those of `leads` whose contact `actor` does not know: one query."""
    by_key: dict[int, list[Lead]] = {}
    for lead in leads:
        by_key.setdefault(lead.pk, []).append(lead)
    for pk in masked_of(by_key, actor) if by_key else ():
        for lead in by_key[pk]:
            hide_contact(lead)
