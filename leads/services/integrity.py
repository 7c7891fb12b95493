"""Compare what is stored with what it must be: access rows with the rules, history with itself and its lead."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from accounts.enums import DeskKind
from accounts.models import Desk
from leads.enums import AccessLevel, EventKind, Status
from leads.models import Event, Lead, LeadAccess, PastView
from leads.rules.access import desk_is_masked, desk_sees
from leads.services.carried import HIDDEN, columns_of
from leads.services.history import digest_of

BATCH = 500
# Lines whose "from" and "to" are on another axis than the status.
_OTHER_AXES = frozenset(
    {
        EventKind.QUALIFIED,
        EventKind.PROGRESS_CHANGED,
        EventKind.OUTCOME_CHANGED,
        EventKind.QUOTE_ANSWERED,
    }
)


def access_faults(batch: int = BATCH) -> Iterator[str]:
    """Yield a sentence for every access row that is missing, too many, or says something else than its lead."""
    parts = ("holder", "maker", "product", "template_version")
    for leads in _batches(Lead.objects.select_related(*parts), batch):
        desks = _by(Desk.objects.filter(company_id__in=_around(leads)).order_by(), "company_id")
        rows = _by(LeadAccess.objects.filter(lead__in=leads).order_by(), "lead_id")
        views = set(PastView.objects.filter(lead__in=leads).values_list("lead_id", "desk_id"))
        for lead in leads:
            seeing = {
                desk.pk
                for company_id in lead.parties.companies
                for desk in desks[company_id]
                if desk_sees(lead.parties, company_id, DeskKind(desk.kinds))
            }
            masked = {
                desk.pk
                for company_id in lead.parties.companies
                for desk in desks[company_id]
                if desk_is_masked(lead.parties, company_id, DeskKind(desk.kinds))
            }
            for fault in _row_faults(lead, rows[lead.pk], seeing, views, masked):
                yield f"{lead.reference}: {fault}"


def history_faults(batch: int = BATCH) -> Iterator[str]:
    """Yield a sentence for every line that is not as it was written, and every lead that is not as its lines say.

    Nothing ever happens to a test (leads/services/trials.py): it has no lines.
    """
    for leads in _batches(Lead.objects.filter(is_test=False).only("reference", "status"), batch):
        lines = _by(Event.objects.filter(lead__in=leads).order_by("lead_id", "number"), "lead_id")
        for lead in leads:
            for fault in (*_chain_faults(lines[lead.pk]), *_replay_faults(lead, lines[lead.pk])):
                yield f"{lead.reference}: {fault}"


def _batches(leads: Any, size: int) -> Iterator[list[Lead]]:
    """Yield all leads in lists, in the order of their keys, so that nothing is read twice or passed over."""
    last = 0
    while page := list(leads.filter(pk__gt=last).order_by("pk")[:size]):
        yield page
        last = page[-1].pk


def _around(leads: Iterable[Lead]) -> set[int]:
    return {company_id for lead in leads for company_id in lead.parties.companies}


def _by(rows: Iterable[Any], name: str) -> defaultdict[int, list[Any]]:
    groups = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups


def _row_faults(
    lead: Lead,
    rows: list[LeadAccess],
    seeing: set[int],
    views: set[tuple[int, int]],
    masked: set[int],
) -> Iterator[str]:
    for desk_id in sorted(seeing - {row.desk_id for row in rows}):
        yield f"desk {desk_id} sees it and has no row"
    columns = columns_of(lead)
    for row in rows:
        if row.desk_id not in seeing:
            yield from _past_faults(lead, row, has_view=(lead.pk, row.desk_id) in views)
            continue
        if row.level != AccessLevel.CURRENT or row.lost_at is not None:
            yield f"desk {row.desk_id} sees it and has a past row"
        expected = {**columns, "is_masked": False}
        if row.desk_id in masked:
            expected |= HIDDEN
        for name, value in expected.items():
            if getattr(row, name) != value:
                yield f"desk {row.desk_id} has {name} {getattr(row, name)!r} instead of {value!r}"


def _past_faults(lead: Lead, row: LeadAccess, *, has_view: bool) -> Iterator[str]:
    """A desk that lost the lead keeps what it knew, and learns the status alone (domain.md, *Past*)."""
    if row.level == AccessLevel.CURRENT:
        yield f"desk {row.desk_id} does not see it and has a row"
    elif row.lost_at is None or not has_view:
        yield f"desk {row.desk_id} has a past row without its moment or its contact"
    elif row.status != lead.status:
        yield f"desk {row.desk_id} has status {row.status} instead of {lead.status}"


def _chain_faults(lines: list[Event]) -> Iterator[str]:
    before = ""
    for expected, line in enumerate(lines, start=1):
        if line.number != expected:
            yield f"line {expected} is missing"
            return
        if digest_of(line, before) != line.digest:
            yield f"line {line.number} is not as it was written"
        before = line.digest


def _replay_faults(lead: Lead, lines: list[Event]) -> Iterator[str]:
    """Play the changes of status one after the other: each begins where the one before ended."""
    present = ""
    for line in lines:
        if "to" not in line.data or line.kind in _OTHER_AXES:
            continue
        if line.data.get("from", "") != present:
            yield f"line {line.number} begins at {line.data.get('from')} instead of {present}"
        present = line.data["to"]
    if present != Status(lead.status).slug:
        yield f"its history ends at {present or 'nothing'}, but it is {Status(lead.status).slug}"
