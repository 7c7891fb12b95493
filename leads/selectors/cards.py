"""What a card says of a lead beside its row, and what its reader may do there: in bulk (ux.md L36, L38)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from accounts.actors import Person
from leadportal.common.pagination import Order
from leads.enums import AccessLevel, Progress
from leads.models import LeadAccess, Note, PastView
from leads.selectors.detail import Sight
from leads.selectors.facts import facts_of_all
from leads.selectors.masking import as_seen
from leads.selectors.offers import row_deadline
from leads.selectors.rows import LeadRow, read_rows

# What the table of moves and the card look at; a lead's long texts stay where they are.
_READ = (
    "level", "lost_at", "progress", "desk_id", "is_masked",
    *(f"lead__{name}" for name in (
        "reference", "status", "status_changed_at", "status_before_delete", "progress", "qualification", "sql_at",
        "host", "holder_desk", "maker_kinds", "email", "phone", "is_test", "merged_into", "is_masked",
    )),
    *(f"lead__{name}__{field}" for name in ("holder", "maker") for field in ("host", "is_reseller", "is_referral")),
    "lead__product__vendor",
)  # fmt: skip
_BY_LEAD = Order(("lead_id",), is_descending=False)


@dataclass(frozen=True, slots=True)
class LastNote:
    """How many notes of a lead the reader has, and who wrote the newest, when."""

    count: int
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A row of the list with what its card adds. A desk that lost the lead reads all of it as it was then."""

    row: LeadRow
    sight: Sight
    progress: Progress
    email: str
    phone: str
    notes: LastNote | None
    deadline: datetime | None


def cards_of(rows: Sequence[LeadRow], actor: Person) -> list[Card]:
    """Return the cards of `rows` in their order: three queries, and one more where leads were lost."""
    sights = _sights(rows, actor)
    notes = _last_notes(list(sights), actor)
    lost = _contacts_of_lost(sights, actor)
    return [
        _card(row, sights[row.lead_id], lost, notes.get(row.lead_id))
        for row in rows
        if row.lead_id in sights
    ]


def card_of(sight: Sight) -> Card:
    """Return the card of one lead as it is now."""
    rows = LeadAccess.objects.visible_to(sight.actor).filter(lead=sight.lead)
    return cards_of(read_rows(rows, _BY_LEAD), sight.actor)[0]


def _sights(rows: Sequence[LeadRow], actor: Person) -> dict[int, Sight]:
    joined = ("lead__holder", "lead__maker", "lead__product")
    access = LeadAccess.objects.visible_to(actor).select_related("lead", *joined).only(*_READ)
    access = access.annotate(deadline=row_deadline(actor))
    found = list(access.filter(lead__in=[row.lead_id for row in rows]).order_by())
    facts = facts_of_all(found, actor)
    for one in found:
        as_seen(one)
    return {one.lead_id: Sight(one.lead, one, facts[one.lead_id], actor) for one in found}


def _last_notes(leads: list[int], actor: Person) -> dict[int, LastNote]:
    of_lead: dict[str, Any] = {"partition_by": F("lead_id")}
    newest_first = [F("created_at").desc(), F("pk").desc()]
    rows = Note.objects.readable_in_list(actor).filter(lead__in=leads).order_by()
    counted = rows.annotate(
        count=Window(Count("pk"), **of_lead),
        place=Window(RowNumber(), order_by=newest_first, **of_lead),
    )
    return {
        lead: LastNote(count, f"{first or ''} {last or ''}".strip(), at)
        for lead, count, at, first, last in counted.filter(place=1).values_list(
            "lead_id", "count", "created_at", "author__first_name", "author__last_name"
        )
    }


def _contacts_of_lost(sights: Mapping[int, Sight], actor: Person) -> dict[int, Mapping[str, str]]:
    lost = [lead for lead, sight in sights.items() if sight.access.level == AccessLevel.PAST]
    if not lost:
        return {}
    views = PastView.objects.filter(desk=actor.desk_id, lead__in=lost)
    return {lead: {} for lead in lost} | dict(views.values_list("lead_id", "contact"))


def _card(
    row: LeadRow, sight: Sight, lost: Mapping[int, Mapping[str, str]], notes: LastNote | None
) -> Card:
    lead = sight.lead
    contact = lost.get(row.lead_id, {"email": lead.email, "phone": lead.phone})
    return Card(
        row,
        sight,
        Progress(sight.access.progress),
        contact.get("email", ""),
        contact.get("phone", ""),
        notes,
        sight.access.deadline,  # type: ignore[attr-defined]
    )
