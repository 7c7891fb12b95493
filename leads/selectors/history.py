"""A lead's history as lines: what (old → new), who, when (ux.md D10).

Names are read for a whole page at once, so that 50 lines cost what one costs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.models import Company, User
from leads.enums import GIVEN_BACK, EventKind
from leads.models import ConversionRequest, DisqualifyReason, Event
from leads.selectors.detail import Sight
from leads.selectors.masking import hide_contact, masked_of
from leads.selectors.reading import MANAGERS, Change, Names, Reader
from leads.selectors.routing_reasons import reasons_of
from leads.selectors.sentences import changes, remark, sentence
from templates_app.models import Product
from templates_app.selectors.attributes import attribute_specs

PAGE = 50
PORTION = 500


@dataclass(frozen=True)
class Line:
    """One line of history, ready to be shown."""

    event: Event
    text: str
    who: str
    changes: list[Change]
    remark: str


@dataclass(frozen=True)
class History:
    """A page of lines, newest first; `older` continues it."""

    lines: list[Line]
    older: int | None


def history(
    sight: Sight,
    *,
    kind: EventKind | None = None,
    person: int | None = None,
    before: int | None = None,
) -> History:
    """Return a page of what the actor may read of the lead's history, newest first."""
    rows = lines_of(sight, kind=kind, person=person)
    if before is not None:
        rows = rows.filter(number__lt=before)
    page = list(rows[: PAGE + 1])
    older = page[PAGE - 1].number if len(page) > PAGE else None
    return History(list(worded(page[:PAGE], reader_of(sight))), older)


def lines_of(
    sight: Sight, *, kind: EventKind | None = None, person: int | None = None
) -> QuerySet[Event]:
    """Return the lines that the actor may read on a lead, newest first, of one kind or by one person."""
    rows = _readable(sight)
    if kind is not None:
        rows = rows.filter(kind=kind)
    if person is not None:
        rows = rows.filter(actor_user=person)
    return _complete(rows).order_by("-number")


def _readable(sight: Sight) -> QuerySet[Event]:
    """Return the lines of a lead that the actor may read, in no order.

    Operator and channel see to whom it was offered in vain; the others only what their own company was offered.
    """
    rows = Event.objects.readable_by(sight.actor, sight.access).filter(lead=sight.lead)
    if sight.facts.relations & MANAGERS:
        return rows
    given_back = Event.objects.filter(lead=sight.lead, kind__in=GIVEN_BACK).order_by()
    holders = set(given_back.values_list("data__from_holder", flat=True))
    others = sorted(holders - {sight.actor.company_id})
    if not others:
        return rows
    answers = Q(kind__in=GIVEN_BACK, data__from_holder__in=others)
    return rows.exclude(answers | Q(kind=EventKind.ASSIGNED, data__to_holder__in=others))


def all_lines(
    sight: Sight, *, kind: EventKind | None = None, person: int | None = None
) -> Iterator[Line]:
    """Return every line that the actor may read on a lead, newest first, read in portions."""
    reader, before = reader_of(sight), None
    while True:
        rows = lines_of(sight, kind=kind, person=person)
        portion = list((rows.filter(number__lt=before) if before else rows)[:PORTION])
        yield from worded(portion, reader)
        if len(portion) < PORTION:
            return
        before = portion[-1].number


def people_in(sight: Sight) -> list[tuple[int, str]]:
    """Return who wrote the lines that the actor may read, as (id, name), for the filter."""
    rows = _readable(sight)
    people = User.objects.filter(pk__in=rows.values("actor_user"))
    return [(user.pk, user.full_name) for user in people.order_by("last_name", "first_name", "pk")]


def newest_lines(rows: QuerySet[Event], actor: Person, limit: int) -> list[Line]:
    """Return the newest of `rows`, of several leads, in words that every reader of such a lead may read."""
    page = list(_complete(rows).select_related("lead").order_by("-at", "-pk")[:limit])
    masked = masked_of({event.lead_id for event in page}, actor)
    for event in page:
        if event.lead_id in masked:
            hide_contact(event.lead)
    return list(worded(page, Reader(actor, masked=masked)))


def lines_at(places: Iterable[tuple[int, int]], actor: Person) -> dict[tuple[int, int], Line]:
    """Return lines by (lead, number), of several leads, in words that every reader of such a lead may read."""
    leads, numbers = {lead for lead, _line in places}, {number for _lead, number in places}
    rows = Event.objects.readable_by(actor, None).filter(lead__in=leads, number__in=numbers)
    wanted = set(places)
    page = [event for event in _complete(rows) if (event.lead_id, event.number) in wanted]
    reader = Reader(actor, masked=masked_of(leads, actor))
    return {(line.event.lead_id, line.event.number): line for line in worded(page, reader)}


def reader_of(sight: Sight) -> Reader:
    """Return who reads the lead's history, with the custom attributes that it may see."""
    specs = attribute_specs(sight.actor, sight.lead.host_id)
    masked = frozenset({sight.lead.pk} if sight.is_masked else ())
    labels = {spec.key: spec.label for spec in specs}
    return Reader(sight.actor, sight.facts.relations, labels, masked)


def worded(events: list[Event], reader: Reader) -> Iterator[Line]:
    """Put events into words."""
    names = _names(events, reader.actor)
    for event in events:
        yield Line(
            event=event,
            text=sentence(event, names, reader),
            who=author_of(event),
            changes=changes(event, names, reader),
            remark=remark(event, names, reader),
        )


def _complete(rows: QuerySet[Event]) -> QuerySet[Event]:
    return rows.select_related("actor_user", "actor_company").prefetch_related("values")


def author_of(event: Event) -> str:
    """Return who wrote a line: a person with the company, or the name of a rule, form or command.

    What an API token did is said to be done by the token, in its maker's name.
    """
    if event.actor_user is None:
        return event.actor_name
    if event.actor_name:
        return _("%(person)s, via API token %(token)s") % {
            "person": _person(event),
            "token": event.actor_name,
        }
    return _person(event)


def _person(event: Event) -> str:
    assert event.actor_user is not None  # noqa: S101  (author_of has looked)
    if event.is_staff:
        return _("%(name)s, staff of the portal") % {"name": event.actor_user.full_name}
    if event.actor_company is None:
        return event.actor_user.full_name
    return _("%(name)s, %(company)s") % {
        "name": event.actor_user.full_name,
        "company": event.actor_company.name,
    }


def _ids(events: Iterable[Event], *keys: str) -> set[int]:
    found: set[Any] = {event.data.get(key) for event in events for key in keys}
    return {one for one in found if isinstance(one, int)}


def _names(events: list[Event], actor: Person) -> Names:
    """Read what the ids of a page of lines are called."""
    companies = _ids(events, "company", "from_holder", "to_holder", "reseller")
    asked = ConversionRequest.objects.filter(pk__in=_ids(events, "request"))
    reasons = DisqualifyReason.objects.filter(pk__in=_ids(events, "reason_id"))
    products = Product.objects.filter(pk__in=_ids(events, "product"))
    people = User.objects.filter(pk__in=_ids(events, "from_in_charge", "to_in_charge"))
    named = Company.objects.filter(pk__in=companies)
    matched = [event.pk for event in events if event.kind == EventKind.RULE_MATCHED]
    return Names(
        companies=dict(named.values_list("pk", "name")),
        people={user.pk: user.full_name for user in people},
        products=dict(products.values_list("pk", "name")),
        reasons=dict(reasons.values_list("pk", "label")),
        askers=dict(asked.values_list("pk", "company")),
        rules=reasons_of(matched),
        seen=frozenset(
            Company.objects.visible_to(actor).filter(pk__in=companies).values_list("pk", flat=True)
        ),
    )
