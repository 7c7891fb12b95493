"""What a bulk action would do, before it is done; and what it did."""

from collections import Counter
from dataclasses import dataclass, field

from accounts.actors import Person
from leadportal.common.pagination import Order
from leads.enums import BulkState, Status
from leads.models import BulkOutcome, BulkRun, Lead, LeadAccess
from leads.rules.policy import verdict
from leads.rules.workflow import Action, Verdict
from leads.selectors.facts import facts_of
from leads.selectors.rows import LeadRow, read_rows
from leads.selectors.search import Rows

PAGE = 100
_PARTS = ("holder", "maker", "product")
_HEAVY = ("answers", "attributes", "search")


@dataclass
class Preview:
    """The chosen leads: how many, how many may be changed, why not the others, and whose hosts they are."""

    total: int = 0
    allowed: int = 0
    closed: Counter[Status] = field(default_factory=Counter)
    denied: int = 0
    hosts: set[int] = field(default_factory=set)


def preview(rows: Rows, action: Action, actor: Person) -> Preview:
    """Ask the table of moves about each lead of `rows`, in one query.

    No action for many leads asks for a pending conversion request, so that is not looked up.
    """
    found = Preview()
    loaded = rows.order_by().select_related("lead", *(f"lead__{part}" for part in _PARTS))
    for access in loaded.defer(*(f"lead__{name}" for name in _HEAVY)).iterator(chunk_size=1000):
        facts = facts_of(access.lead, actor, access, has_request=False)
        found.total += 1
        found.hosts.add(access.lead.host_id)
        match verdict(action, facts, actor):
            case Verdict.ALLOWED:
                found.allowed += 1
            case Verdict.NOT_NOW:
                found.closed[facts.status] += 1
            case _:
                found.denied += 1
    return found


@dataclass(frozen=True)
class Result:
    """One line of a run: its outcome, and the lead as the actor sees it, or only its Lead ID."""

    outcome: BulkOutcome
    row: LeadRow | None

    @property
    def lead(self) -> Lead:
        """The lead itself."""
        return self.outcome.lead


def outcome_counts(run: BulkRun) -> Counter[BulkState]:
    """Return how many leads of a run were done, skipped and so on."""
    states = run.outcomes.order_by().values_list("state", flat=True)
    return Counter(BulkState(state) for state in states)


def results(
    run: BulkRun, actor: Person, *, state: BulkState | None = None, after: int = 0
) -> tuple[list[Result], int | None]:
    """Return a page of the outcomes behind `after`, and where the next page begins."""
    outcomes = run.outcomes.filter(pk__gt=after).select_related("lead").defer("lead__search")
    if state is not None:
        outcomes = outcomes.filter(state=state)
    shown = list(outcomes.order_by("pk")[: PAGE + 1])
    page = shown[:PAGE]
    order = Order(("lead_id",), is_descending=False)
    seen = LeadAccess.objects.visible_to(actor).filter(lead__in=[one.lead_id for one in page])
    rows = {row.lead_id: row for row in read_rows(seen.order_by(), order)}
    return (
        [Result(one, rows.get(one.lead_id)) for one in page],
        page[-1].pk if len(shown) > PAGE else None,
    )
