"""Write down who takes which leads out of the portal."""

from django.db import transaction

from accounts.actors import Person
from leadportal.common.errors import Forbidden
from leads.models import ExportRecord
from leads.rules.permissions import exports_leads

QUERY_LENGTH = 4_000


@transaction.atomic
def record_export(*, query: str, rows: int, actor: Person) -> ExportRecord:
    """Record a download of `rows` leads: the address of the list, not the data.

    Raises Forbidden when the actor's company may not export (right 4).
    """
    if not exports_leads(actor):
        raise Forbidden
    return ExportRecord.objects.create(
        user_id=actor.user_id, company_id=actor.company_id, query=query[:QUERY_LENGTH], rows=rows
    )
