"""Write by what leads of the same prospect are found; called by every service that writes contact data."""

from collections.abc import Iterable

from leads.models import Lead, LeadKey

BATCH = 1_000


def add_keys(leads: Iterable[Lead]) -> None:
    """Store the keys of new leads."""
    rows = [LeadKey(lead=lead, key=key) for lead in leads for key in sorted(lead.likeness)]
    LeadKey.objects.bulk_create(rows, batch_size=BATCH)


def write_keys(leads: Iterable[Lead]) -> None:
    """Store the keys of locked leads anew."""
    leads = list(leads)
    LeadKey.objects.filter(lead__in=leads).delete()
    add_keys(leads)
