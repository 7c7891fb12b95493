"""Tell people: the only code that writes to inboxes.

What happens to a lead is told by `record` (leads/services/history.py), with the line, in its transaction.
Anything else calls `tell`.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.actors import Actor, Person
from accounts.services.jobs import Work
from leadportal.common import clock
from leads.enums import InboxKind
from leads.models import Event, InboxItem, Lead
from leads.rules.audience import Place
from leads.selectors.audience import Heard, people_at
from leads.services.outbox import enqueue_calls

BATCH = 1_000
# The kind of the daily job.
SWEEP = "sweep_inbox"
UNREAD_KEPT_DAYS = 365


@transaction.atomic
def tell(*, user_id: int, company_id: int, text: str, address: str) -> InboxItem:
    """Tell one person something that is about no lead: "Your export is ready".

    `text` is one sentence of at most 300 characters, without personal data; `address` is the page of this
    portal that it leads to, such as reverse("leads:exports"). The person reads it while at work in the company.
    Raises ValueError for an address elsewhere. Called in the transaction of what it tells of.
    """
    if not address.startswith("/") or address.startswith("//"):
        raise ValueError(address)
    return InboxItem.objects.create(
        user_id=user_id,
        company_id=company_id,
        kind=InboxKind.MESSAGE,
        text=text,
        address=address,
        created_at=(now := clock.now()),
        mail_due_at=now,
    )


@transaction.atomic
def tell_once(people: Iterable[Place], *, text: str, address: str) -> None:
    """Tell people like `tell`, but nobody who has not read yet what leads to the same address.

    For what comes again and again: a hundred of a kind are one line. `people` are users at companies.
    """
    unread = InboxItem.objects.filter(is_unread=True, kind=InboxKind.MESSAGE, address=address)
    places = set(people)
    known = unread.filter(user__in={user_id for user_id, _company in places})
    for user_id, company_id in sorted(places - set(known.values_list("user", "company"))):
        tell(user_id=user_id, company_id=company_id, text=text, address=address)


def tell_of(lines: Sequence[tuple[Event, Lead]], *, actor: Actor) -> None:
    """Tell of lines of history those whom they concern (leads/rules/audience.py), but never who made them.

    People find them in their inboxes, of which the worker makes mails; companies are told in Slack and by
    webhooks as well. The leads are as they were before. A query for the people, one for Slack and webhooks, and
    one to write, however many lines; a row of the table that points at single people asks for them. None for
    lines that nobody is told of.
    """
    heard = [one for one in (Heard.of(event, lead) for event, lead in lines) if one]
    if not heard:
        return
    people = _by_company(frozenset().union(*(one.companies for one in heard)))
    alike: dict[Any, list[Place]] = {}
    own = actor.user_id if isinstance(actor, Person) else None
    items = [
        InboxItem(
            user_id=user_id,
            company_id=company_id,
            kind=one.told.kind,
            lead=one.lead,
            line=one.event.number,
            created_at=one.event.at,
            mail_due_at=one.event.at,
        )
        for one in heard
        for user_id, company_id in one.places(people, alike)
        if user_id != own
    ]
    InboxItem.objects.bulk_create(items, batch_size=BATCH)
    enqueue_calls(heard, people)


def _by_company(companies: frozenset[int]) -> dict[int, list[Person]]:
    people: dict[int, list[Person]] = {company_id: [] for company_id in companies}
    for person in people_at(companies):
        people[person.company_id].append(person)
    return people


def take_back(events: Sequence[Event]) -> None:
    """Forget what was told of lines of locked leads that are undone, where nobody has read it yet."""
    undone = Event.objects.filter(
        pk__in=[event.pk for event in events], lead=OuterRef("lead"), number=OuterRef("line")
    )
    leads = [event.lead_id for event in events]
    InboxItem.objects.filter(Exists(undone), lead__in=leads, is_unread=True).delete()


@transaction.atomic
def mark_read(
    *, actor: Person, items: Sequence[int] | None = None, until: int | None = None
) -> int:
    """Mark what `actor` was told as read: the given `items`, or all up to the item `until`; return how many.

    What came after the page was shown stays unread. Items of somebody else are left alone, read ones too.
    """
    rows = InboxItem.objects.own(actor).filter(is_unread=True)
    if items is not None:
        rows = rows.filter(pk__in=items)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    return rows.update(is_unread=False, read_at=clock.now())


def sweep_inbox(work: Work) -> None:
    """Forget what was read INBOX_KEPT_DAYS ago or earlier, and what nobody has read for a year.

    What is unread never goes before what is read. In pieces, each a transaction of its own: nobody who is
    told something meanwhile waits for all of it. There is no index for this: the table is read once a day.
    """
    now = clock.now()
    read_before = now - timedelta(days=settings.INBOX_KEPT_DAYS)
    told_before = now - timedelta(days=max(UNREAD_KEPT_DAYS, settings.INBOX_KEPT_DAYS))
    old = InboxItem.objects.filter(
        Q(read_at__lt=read_before) | Q(is_unread=True, created_at__lt=told_before)
    )
    gone = 0
    while chosen := list(old.order_by().values_list("pk", flat=True)[:BATCH]):
        gone += old.filter(pk__in=chosen).delete()[0]
        work.report(gone, 0)
