"""Put a new lead into the database, whoever makes it."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from leadportal.common import clock
from leads.models import Lead
from leads.services.access import CONTACT, refresh_access
from leads.services.likeness import add_keys
from leads.services.references import new_reference
from leads.services.search import search_text

REFERENCE_TRIES = 5


def store_lead(**values: Any) -> Lead:
    """Insert a lead under a new Lead ID with its search text and access rows."""
    moment = clock.now()
    lead = Lead(
        **values,
        created_at=moment,
        updated_at=moment,
        status_changed_at=moment,
        search_changed_at=moment,
    )
    for attempt in range(REFERENCE_TRIES):
        lead.reference = new_reference()
        lead.search = search_text(lead)
        try:
            with transaction.atomic():
                lead.save(force_insert=True)
            break
        except IntegrityError:
            # The number is taken (one chance in a thousand at a million leads): draw again.
            if (
                attempt == REFERENCE_TRIES - 1
                or not Lead.objects.filter(reference=lead.reference).exists()
            ):
                raise
    add_keys([lead])
    refresh_access(lead)
    return lead


def contact_of(values: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of contact and company; what `values` do not say is empty."""
    return {field: values.get(field, "") or "" for field in CONTACT}
