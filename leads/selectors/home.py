"""What waits for somebody, with its age, and what happened last (ux.md 1.3). Nothing here scans or counts far."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q

from accounts.actors import Person
from accounts.enums import Role
from leads.enums import GIVEN_BACK, OPEN, WORKINGS, AccessLevel, RequestState
from leads.models import Event, Lead, LeadAccess
from leads.querysets import AccessQuerySet
from leads.rules.permissions import sees_attention
from leads.selectors.approvals import answered_lately, requests_seen
from leads.selectors.attention import Asked, attention_rows
from leads.selectors.history import Line, newest_lines
from leads.selectors.imports import own_imports
from leads.selectors.masking import hide_masked
from leads.selectors.notices import targets
from leads.selectors.offer_board import unclaimed_offers
from templates_app.selectors.lead_templates import quiet_templates

COUNTED = 1000
RECENT = 10
STEPS = 5

Recipient = tuple[int, int]  # a company and its desk, as access rows name them


@dataclass(frozen=True)
class Waiting:
    """How many wait, up to a bound, and since when the first of them; `at` counts them by recipient."""

    count: int
    oldest: datetime
    at: Mapping[Recipient, int] = field(default_factory=dict)

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.count > COUNTED


def waiting_leads(
    rows: "AccessQuerySet", moment: str = "created_at", order: str = "created_at"
) -> Waiting | None:
    """Return how many of the access `rows` there are and the earliest `moment`; None for none.

    They are walked in the `order` of an index, as a rule the oldest first, and no further than the bound.
    """
    in_order = rows.order_by(order, "lead_id")
    found = list(in_order.values_list(moment, "holder_id", "holder_desk")[: COUNTED + 1])
    waiting = _counted([at for at, _holder, _desk in found])
    return waiting and replace(waiting, at=Counter((holder, desk) for _at, holder, desk in found))


def waiting_requests(actor: Person) -> Waiting | None:
    """Return the conversion requests that `actor` sees and that wait for an answer."""
    rows = requests_seen(actor).filter(state=RequestState.PENDING).order_by("requested_at")
    return _counted(list(rows.values_list("requested_at", flat=True)[: COUNTED + 1]))


def answered_requests(actor: Person) -> Waiting | None:
    """Return the requests of `actor` that were answered in the last seven days."""
    rows = answered_lately(actor).order_by("decided_at").values_list("decided_at", flat=True)
    return _counted([moment for moment in rows[: COUNTED + 1] if moment])


def waiting_submissions(actor: Person) -> Waiting | None:
    """Return what came in and could not become a lead, as far as `actor` looks after it."""
    if not sees_attention(actor):
        return None
    rows = attention_rows(actor, Asked()).order_by("pk").values_list("received_at", flat=True)
    return _counted(list(rows[: COUNTED + 1]))


def leads_offered_in_vain(actor: Person) -> Waiting | None:
    """Return the leads that were offered in vain, for operator and channel."""
    moments = unclaimed_offers(actor).values_list("lead__status_changed_at", flat=True)
    return _counted(list(moments[: COUNTED + 1]))


def failing_ways(actor: Person) -> Waiting | None:
    """Return the Slack channels and webhooks of the actor's company that do not answer as they should."""
    since = targets(actor, only_failing=True)
    return _counted([one.failing_since for one in since if one.failing_since])


def faulty_imports(actor: Person) -> Waiting | None:
    """Return the actor's imports that stopped, or left out rows that can still be corrected."""
    return _counted([one.created_at for one in own_imports(actor, only_faulty=True)])


def quiet_forms(actor: Person) -> Waiting | None:
    """Return the templates whose open forms have brought no lead for 30 days."""
    return _counted(list(quiet_templates(actor).values()))


def _counted(moments: list[datetime]) -> Waiting | None:
    return Waiting(len(moments), min(moments)) if moments else None


def has_leads(actor: Person) -> bool:
    """Say whether there was ever a lead for the actor's desk."""
    rows = LeadAccess.objects.visible_to(actor).order_by("-created_at", "-lead_id")
    return bool(rows.values_list("lead_id")[:1])  # in order: the first of an index, never a scan


def next_steps(actor: Person) -> list[Lead]:
    """Return the actor's own next steps on open leads, the most urgent first."""
    mine = Lead.objects.visible_to(actor).filter(next_step_by=actor.user_id, status__in=OPEN)
    found = list(mine.exclude(next_step="").order_by("next_step_on", "pk")[:STEPS])
    hide_masked(found, actor)
    return found


def recent_activity(actor: Person) -> list[Line]:
    """Return the last lines of history on leads that the actor sees now.

    The newest lines stand on the leads that were changed last, so that only those few are looked at. Scores and rules
    that matched are left to the history of their lead.
    """
    rows = LeadAccess.objects.visible_to(actor).filter(level=AccessLevel.CURRENT)
    changed = list(
        rows.order_by("-updated_at", "-lead_id").values_list("lead_id", flat=True)[:RECENT]
    )
    readable = Event.objects.readable_by(actor, None).exclude(kind__in=WORKINGS)
    events = readable.filter(lead__in=changed)
    if not actor.has(Role.MARKETPLACE_MANAGER, Role.RESELLER_MANAGER):
        of_others = ~Q(data__from_holder=actor.company_id)
        events = events.exclude(of_others, kind__in=GIVEN_BACK)
    return newest_lines(events, actor, RECENT)
