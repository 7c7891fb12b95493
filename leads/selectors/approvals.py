"""Conversion requests: what waits for an answer, and what was answered (reseller right 2)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from accounts.actors import Person
from accounts.enums import Role
from leadportal.common import clock
from leads.enums import Qualification, RequestState, Status
from leads.models import ConversionRequest, Lead
from leads.rules.access import relations
from leads.rules.policy import allowed_actions
from leads.rules.workflow import Action, Facts

WAITING = 100
ANSWERED = timedelta(days=7)
_ANSWERS = frozenset({Action.APPROVE, Action.DENY, Action.WITHDRAW})


@dataclass(frozen=True)
class RequestLine:
    """One request, with what the actor may answer to it."""

    request: ConversionRequest
    answers: frozenset[Action]


def requests_seen(actor: Person) -> "QuerySet[ConversionRequest]":
    """Return the requests about leads that `actor` sees: all for managers, their own company's for resellers."""
    rows = ConversionRequest.objects.filter(lead__in=Lead.objects.visible_to(actor))
    if not actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER):
        rows = rows.filter(company=actor.company_id)
    return rows.select_related(
        "lead__host",
        "lead__holder",
        "lead__maker",
        "lead__product",
        "company",
        "requested_by",
        "decided_by",
    )


def waiting_requests(actor: Person) -> list[RequestLine]:
    """Return the requests that wait, the oldest first, with what the actor may answer; one query."""
    rows = requests_seen(actor).filter(state=RequestState.PENDING).order_by("requested_at", "pk")
    return [RequestLine(row, _answers(row, actor)) for row in rows[:WAITING]]


def decided_requests(actor: Person) -> "QuerySet[ConversionRequest]":
    """Return the requests that were answered or withdrawn, the newest answer first."""
    decided = requests_seen(actor).exclude(state=RequestState.PENDING)
    return decided.order_by("-decided_at", "-pk")


def answered_lately(actor: Person) -> "QuerySet[ConversionRequest]":
    """Return the requests of `actor` itself that were answered in the last seven days, the newest answer first."""
    answered = (RequestState.APPROVED, RequestState.DENIED)
    return decided_requests(actor).filter(
        state__in=answered,
        decided_at__gt=clock.now() - ANSWERED,
        requested_by=actor.user_id,
    )


def _answers(row: ConversionRequest, actor: Person) -> frozenset[Action]:
    lead = row.lead
    facts = Facts(
        status=Status(lead.status),
        relations=relations(lead.parties, actor, is_past=True),
        qualification=Qualification(lead.qualification),
        has_request=True,
    )
    return allowed_actions(facts, actor) & _ANSWERS
