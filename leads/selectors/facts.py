"""Read what the table of moves looks at: the state of one lead for one actor."""

from collections.abc import Iterable
from datetime import timedelta

from accounts.actors import Actor
from leadportal.common import clock
from leads.enums import AccessLevel, Qualification, RequestState, Status
from leads.models import ConversionRequest, Lead, LeadAccess
from leads.rules.access import relations
from leads.rules.workflow import Facts

RESTORE_WITHIN = timedelta(days=30)
# Every move out of these ends a pending conversion request.
_CAN_WAIT = frozenset({Status.ASSIGNED, Status.REFERRED})


def facts_of(
    lead: Lead, actor: Actor, access: LeadAccess | None, *, has_request: bool | None = None
) -> Facts:
    """Return the facts about `lead` for `actor`, who sees it through `access` (None for staff and system).

    Costs one query at most, for the pending conversion request where `has_request` is not known; expects
    holder, maker and product to be loaded.
    """
    if has_request is None:
        has_request = lead.pk in requested([lead])
    is_past = access is not None and access.level == AccessLevel.PAST
    return Facts(
        status=Status(lead.status),
        relations=relations(lead.parties, actor, is_past=is_past),
        qualification=Qualification(lead.qualification),
        is_sql=lead.sql_at is not None,
        has_request=has_request,
        is_masked=access is not None and access.is_masked,
        is_restorable=clock.now() - lead.status_changed_at <= RESTORE_WITHIN,
    )


def facts_of_all(rows: Iterable[LeadAccess], actor: Actor) -> dict[int, Facts]:
    """Return the facts about the leads of `rows` for `actor`, by lead: a query at most, however many there are."""
    rows = list(rows)
    waiting = requested(row.lead for row in rows)
    return {
        row.lead_id: facts_of(row.lead, actor, row, has_request=row.lead_id in waiting)
        for row in rows
    }


def requested(leads: Iterable[Lead]) -> set[int]:
    """Return those of `leads` whose conversion request is pending: a query at most."""
    able = [lead.pk for lead in leads if lead.status in _CAN_WAIT]
    if not able:
        return set()
    pending = ConversionRequest.objects.filter(lead__in=able, state=RequestState.PENDING)
    return set(pending.values_list("lead_id", flat=True))
