"""Tell people of their own next steps when the day has come (domain.md section 10)."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Max

from accounts.services.jobs import Work
from leadportal.common import clock
from leads.enums import OPEN, EventKind, InboxKind
from leads.models import Event, InboxItem, Lead
from leads.rules.access import relations
from leads.selectors.audience import people_at
from leads.services.writing import PARTS

# The kind of the daily job.
TELL = "tell_next_steps"
# What a worker that was away for longer did not tell is on people's first page all the same.
LATEST = timedelta(days=7)
BATCH = 500
# The lines of history that set a next step: one item for each, so that the job can be done twice.
_SET_BY = (EventKind.NEXT_STEP_SET, EventKind.MERGED)


def tell_next_steps(work: Work) -> None:
    """Tell who has a next step on an open lead that is due today, or was in the last days, once."""
    today = clock.now().date()
    due = Lead.objects.filter(
        status__in=OPEN,
        merged_into__isnull=True,
        next_step_by__isnull=False,
        next_step_on__range=(today - LATEST, today),
    )
    last = 0
    rows = due.order_by("pk").select_related(*PARTS)
    while leads := list(rows.filter(pk__gt=last)[:BATCH]):
        last = leads[-1].pk
        _tell(leads)
        work.report(last, 0)


def _tell(leads: Sequence[Lead]) -> None:
    """Tell the person of each lead, at the company where the lead is something to that person."""
    around: set[int] = set().union(*(lead.parties.companies for lead in leads))
    colleagues = people_at(around)
    events = Event.objects.filter(lead__in=leads, kind__in=_SET_BY).order_by()
    lines = dict(events.values_list("lead").annotate(Max("number")))
    now = clock.now()
    items = [
        InboxItem(
            user_id=person.user_id,
            company_id=person.company_id,
            kind=InboxKind.NEXT_STEP,
            lead=lead,
            line=lines[lead.pk],
            created_at=now,
            mail_due_at=now,
        )
        for lead in leads
        if lead.pk in lines
        for person in colleagues
        if person.user_id == lead.next_step_by_id and relations(lead.parties, person, is_past=False)
    ]
    InboxItem.objects.bulk_create(items, batch_size=BATCH, ignore_conflicts=True)
