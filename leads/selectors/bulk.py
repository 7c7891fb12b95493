"""What a bulk action would do, before it is done; and what it did."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from accounts.actors import Person
from accounts.models import Company
from leadportal.common.pagination import Order
from leads.enums import BulkState, Status
from leads.models import BulkOutcome, BulkRun, Lead, LeadAccess
from leads.rules.policy import verdict
from leads.rules.workflow import Action, Verdict
from leads.selectors.facts import facts_of
from leads.selectors.rows import LeadRow, read_rows
from leads.selectors.search import Rows
from templates_app.models import Product

PAGE = 100
# What the table of moves looks at, as columns of the access row. No action for many leads has a condition
# (leads/rules/workflow.py), so the columns that conditions read are not among them.
_PROGRAMME = ("host_id", "is_reseller", "is_referral")
_LEAD = ("status", "host_id", "holder_id", "holder_desk", "maker_id", "maker_kinds", "product_id")
_LOOKED_AT = (
    "level",
    *(f"lead__{name}" for name in _LEAD),
    *(f"lead__{part}__{name}" for part in ("holder", "maker") for name in _PROGRAMME),
    "lead__product__vendor_id",
)


@dataclass
class Preview:
    """The chosen leads: how many, how many may be changed, why not the others, and whose hosts they are."""

    total: int = 0
    allowed: int = 0
    closed: Counter[Status] = field(default_factory=Counter)
    denied: int = 0
    hosts: set[int] = field(default_factory=set)


def preview(rows: Rows, action: Action, actor: Person) -> Preview:
    """Ask the table of moves about the leads of `rows`: once for all that stand alike to `actor`, in one query."""
    found = Preview()
    alike = rows.order_by().values_list(*_LOOKED_AT).annotate(number=Count("lead_id"))
    for level, *values, number in alike:
        lead = _standing_so(*values)
        facts = facts_of(lead, actor, LeadAccess(level=level), has_request=False)
        found.total += number
        found.hosts.add(lead.host_id)
        match verdict(action, facts, actor):
            case Verdict.ALLOWED:
                found.allowed += number
            case Verdict.NOT_NOW:
                found.closed[facts.status] += number
            case _:
                found.denied += number
    return found


def _standing_so(*values: Any) -> Lead:
    """Return a lead, made up for the rules, with the columns that `_LOOKED_AT` names."""
    known = dict(zip(_LEAD, values, strict=False))
    holder, maker = (
        dict(zip(_PROGRAMME, values[start : start + len(_PROGRAMME)], strict=True))
        for start in (len(_LEAD), len(_LEAD) + len(_PROGRAMME))
    )
    lead = Lead(**known)
    lead.holder = Company(pk=lead.holder_id, **holder)
    if lead.maker_id:
        lead.maker = Company(pk=lead.maker_id, **maker)
    if lead.product_id:
        lead.product = Product(pk=lead.product_id, vendor_id=values[-1])
    return lead


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
    states = run.outcomes.order_by().values_list("state").annotate(number=Count("pk"))
    return Counter({BulkState(state): number for state, number in states})


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
