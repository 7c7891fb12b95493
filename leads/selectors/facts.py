"""Read what the table of moves looks at: the state of one lead for one actor."""

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
    is_past = access is not None and access.level == AccessLevel.PAST
    if has_request is None:
        waiting = ConversionRequest.objects.filter(lead=lead, state=RequestState.PENDING)
        has_request = lead.status in _CAN_WAIT and waiting.exists()
    return Facts(
        status=Status(lead.status),
        relations=relations(lead.parties, actor, is_past=is_past),
        qualification=Qualification(lead.qualification),
        is_sql=lead.sql_at is not None,
        has_request=has_request,
        is_restorable=clock.now() - lead.status_changed_at <= RESTORE_WITHIN,
    )
