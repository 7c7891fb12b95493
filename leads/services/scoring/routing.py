"""Assign what came to the threshold and still is submitted, by the assignment rules (domain.md section 2)."""

from django.db import transaction

from accounts.services.jobs import Work
from leads.enums import Status
from leads.models import Cause, Lead
from leads.services.routing import route_leads
from leads.services.writing import PARTS


def route_at_threshold(work: Work) -> None:
    """Give the leads of the job that are submitted and marketing qualified still to whom the rules say, once."""
    with transaction.atomic():
        rows = Lead.objects.filter(
            pk__in=work.job.about["leads"], status=Status.SUBMITTED, mql_at__isnull=False
        )
        held = rows.select_related(*PARTS, "host").order_by("pk").select_for_update(of=("self",))
        route_leads(list(held), cause=Cause.THRESHOLD)
