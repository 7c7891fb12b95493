"""Put new leads into the database: the only place where one is inserted."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from leadportal.common import clock
from leads.models import Lead
from leads.services.access import refresh_all
from leads.services.carried import CONTACT, Touched
from leads.services.likeness import add_keys
from leads.services.offers import mask_new, start_offers
from leads.services.references import new_reference
from leads.services.search import search_text

REFERENCE_TRIES = 5
BATCH = 1_000


def store_lead(**values: Any) -> Lead:
    """Insert a lead under a new Lead ID with its search text and access rows."""
    lead = Lead(**values)
    store_leads([lead])
    return lead


def store_leads(leads: Sequence[Lead]) -> None:
    """Insert leads that have everything but Lead ID, moments and search text; the access rows with them."""
    moment = clock.now()
    for lead in leads:
        lead.created_at = lead.updated_at = moment
        lead.status_changed_at = lead.search_changed_at = moment
    mask_new(leads)
    for attempt in range(REFERENCE_TRIES):
        _number(leads)
        try:
            with transaction.atomic():
                Lead.objects.bulk_create(leads, batch_size=BATCH)
            break
        except IntegrityError:
            # A number is taken (one chance in a thousand at a million leads): draw again.
            if attempt == REFERENCE_TRIES - 1 or not _taken(leads):
                raise
            for lead in leads:
                lead.pk = None
    add_keys(leads)
    refresh_all([Touched(lead) for lead in leads])
    start_offers(leads)


def _number(leads: Sequence[Lead]) -> None:
    """Give each of the leads a Lead ID; of many at once, some would meet one that is taken."""
    wanting = list(leads)
    while wanting:
        for lead in wanting:
            lead.reference = new_reference()
        wanting = [] if len(leads) == 1 else _again(leads)
    for lead in leads:
        lead.search = search_text(lead)


def _again(leads: Sequence[Lead]) -> list[Lead]:
    """Return the leads whose Lead ID is taken, by a stored lead or by one before them."""
    seen = _taken(leads)
    found = []
    for lead in leads:
        if lead.reference in seen:
            found.append(lead)
        seen.add(lead.reference)
    return found


def _taken(leads: Sequence[Lead]) -> set[str]:
    rows = Lead.objects.filter(reference__in=[lead.reference for lead in leads]).order_by()
    return set(rows.values_list("reference", flat=True))


def contact_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of contact and company; what `values` do not say is empty."""
    return {field: values.get(field, "") or "" for field in CONTACT}
