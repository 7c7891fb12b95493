"""What somebody was told, as far as it may still be read: the number beside the bell, and the page (ux.md N4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common.errors import NotFound
from leadportal.common.pagination import Count, Cursor, Order, bounded_count
from leads.enums import AccessLevel, InboxKind
from leads.models import Event, InboxItem, Lead, LeadAccess, PastView
from leads.selectors.history import Line, lines_at
from leads.selectors.masking import as_seen
from leads.selectors.offers import answers_due

# What says that a lead comes to somebody.
_GIVES = frozenset({InboxKind.GIVEN, InboxKind.CREATED})
PAGE = 25
MOST_SHOWN = 99
# The unread first, of each the newest first: one index, read backwards.
ORDER = Order(("is_unread", "id"), is_descending=True)


@dataclass(frozen=True)
class Told:
    """One item, put into words; `line` is None for a sentence of the portal.

    `answer_by` is when a lead that was given to the reader's company has to be accepted or declined.
    """

    item: InboxItem
    line: Line | None
    text: str
    answer_by: datetime | None = None


@dataclass(frozen=True)
class Group:
    """What was told about one lead, newest first; without a lead a sentence alone."""

    lead: Lead | None
    name: str
    told: Sequence[Told]


@dataclass(frozen=True)
class InboxPage:
    """A page of the inbox. `newest` is the last item that there was when it was read."""

    unread: list[Group]
    read: list[Group]
    newest: int
    next: str


def unread_count(actor: Person) -> Count:
    """Return how many unread items `actor` may read, up to a bound, in one query."""
    return bounded_count(InboxItem.objects.visible_to(actor).filter(is_unread=True), MOST_SHOWN)


def inbox_items(
    actor: Person,
    *,
    kind: InboxKind | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> "QuerySet[InboxItem]":
    """Return what `actor` was told: of one kind, from `since` on, earlier than `before`."""
    rows: QuerySet[InboxItem] = InboxItem.objects.visible_to(actor)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    return rows.filter(created_at__lt=before) if before is not None else rows


def inbox_page(
    rows: "QuerySet[InboxItem]", actor: Person, *, cursor: Cursor | None = None
) -> InboxPage:
    """Return a page of `rows` behind `cursor`, put into words and grouped by lead; it costs what one item costs."""
    beyond = ORDER.beyond(rows, cursor.key) if cursor else rows
    found = list(ORDER.apply(beyond)[: PAGE + 1])
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    leads = _leads_of(shown, actor)
    told = _told(shown, leads, actor)
    newest = InboxItem.objects.own(actor).order_by("-pk").values_list("pk", flat=True).first()
    return InboxPage(
        unread=_groups((one for one in told if one.item.is_unread), leads),
        read=_groups((one for one in told if not one.item.is_unread), leads),
        newest=newest or 0,
        next=Cursor((last.is_unread, last.pk)).write(ORDER) if last else "",
    )


def groups_of(items: Sequence[InboxItem], actor: Person) -> list[Group]:
    """Return items that `actor` may read, put into words and grouped by lead, as the page has them."""
    leads = _leads_of(items, actor)
    return _groups(_told(items, leads, actor), leads)


def own_item(actor: Person, pk: int) -> InboxItem:
    """Return one item with its lead; raises NotFound for anything that `actor` may not read."""
    item = InboxItem.objects.visible_to(actor).select_related("lead").filter(pk=pk).first()
    if item is None:
        raise NotFound
    return item


def note_of(item: InboxItem) -> int | None:
    """Return the note that an item tells of, if it tells of one."""
    if item.kind != InboxKind.NOTE:
        return None
    lines = Event.objects.filter(lead=item.lead_id, number=item.line or 0)
    data = lines.values_list("data", flat=True)
    return (data.first() or {}).get("note")


def _told(
    items: Sequence[InboxItem], leads: dict[int, tuple[Lead | None, str]], actor: Person
) -> list[Told]:
    lines = lines_at([(one.lead_id, one.line) for one in items if one.lead_id and one.line], actor)
    given = {one.lead_id for one in items if one.kind in _GIVES and one.lead_id}
    due = answers_due(given, actor) if given else {}
    found = []
    for item in items:
        line = lines.get((item.lead_id or 0, item.line or 0))
        text = line.text if line else item.text
        lead = leads.get(item.lead_id or 0, (None, ""))[0]
        if item.kind == InboxKind.NEXT_STEP and lead and lead.next_step:
            text = _("Next step due: %(step)s") % {"step": lead.next_step}
        answer_by = due.get(item.lead_id or 0) if item.kind in _GIVES else None
        found.append(Told(item, line, text, answer_by))
    return found


def _groups(told: Iterable[Told], leads: dict[int, tuple[Lead | None, str]]) -> list[Group]:
    """Put what is about the same lead together, where the newest of it stands."""
    groups: dict[tuple[int, int], list[Told]] = {}
    for one in told:
        if one.item.lead_id is None:
            groups[0, one.item.pk] = [one]
        elif one.line is not None:
            groups.setdefault((one.item.lead_id, 0), []).append(one)
    return [Group(*leads.get(key[0], (None, "")), items) for key, items in groups.items()]


def _leads_of(items: Iterable[InboxItem], actor: Person) -> dict[int, tuple[Lead | None, str]]:
    """Return the leads with what the actor's desk calls them: a lost one as it was."""
    wanted = {item.lead_id for item in items if item.lead_id}
    rows = LeadAccess.objects.visible_to(actor).filter(lead__in=wanted).select_related("lead")
    found = {row.lead_id: row for row in rows}
    lost = [key for key, row in found.items() if row.level == AccessLevel.PAST]
    views = PastView.objects.filter(lead__in=lost, desk=actor.desk_id) if lost else []
    contacts = {view.lead_id: view.contact for view in views}
    return {key: (as_seen(row), _name(row, contacts)) for key, row in found.items()}


def _name(row: LeadAccess, contacts: dict[int, dict[str, str]]) -> str:
    if row.level == AccessLevel.CURRENT:
        lead = as_seen(row)
        return lead.company or lead.user_name or lead.reference
    contact = contacts.get(row.lead_id, {})
    person = f"{contact.get('first_name', '')} {contact.get('last_name', '')}".strip()
    return contact.get("company") or person or row.lead.reference
