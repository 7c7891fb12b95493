"""A next step that is due is told to its person, once, while the lead is something to that person."""

from datetime import timedelta

import pytest

from accounts.services.jobs import do_due_jobs, enqueue_job
from leadportal.common import clock
from leads.enums import InboxKind
from leads.models import InboxItem
from leads.selectors.inbox import groups_of
from leads.services.lifecycle import assign_lead
from leads.services.marks import set_next_step
from leads.services.next_steps import TELL
from tests.leads.services.house import accepted, at_alpha


def told() -> list[int]:
    """Who was told of a next step, after the job was done twice."""
    for _ in range(2):
        enqueue_job(TELL)
        do_due_jobs()
    rows = InboxItem.objects.filter(kind=InboxKind.NEXT_STEP)
    return list(rows.values_list("user", flat=True))


@pytest.mark.parametrize(("days", "is_told"), [(1, False), (0, True), (-7, True), (-8, False)])
def test_its_person_is_told_once_on_the_day(cast, days, is_told):
    lead = accepted(cast)
    on = clock.now().date() + timedelta(days=days)
    set_next_step(lead, text="Call Ana", on=on, actor=cast.ann)
    assert told() == ([cast.ann.user_id] if is_told else [])
    if is_told:
        [group] = groups_of(list(InboxItem.objects.filter(kind=InboxKind.NEXT_STEP)), cast.ann)
        assert group.told[0].text == "Next step due: Call Ana"


def test_who_lost_the_lead_is_not_told(cast):
    lead = at_alpha(cast)
    set_next_step(lead, text="Call Ana", on=clock.now().date(), actor=cast.ann)
    assign_lead(lead, to=cast.beta, actor=cast.rita)
    assert told() == []
