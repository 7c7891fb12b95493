"""Make mails of what people are told, as each wants them; the worker does it (ux.md 2.10, domain.md section 10).

The inbox is the one source: every item is looked at once. It is mailed at once, gathered until an hour or a day is
over, or not mailed. The words are made here, for the reader's eyes, from what that person may read at this moment:
a lead that went to somebody else meanwhile is in no mail. The mail is then a row of the outbox, which is frozen.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.actors import Person
from accounts.models import Membership
from accounts.selectors.actors import actor_at
from accounts.services.outbox import store_mail
from leadportal.common import clock
from leads.enums import EventKind, InboxKind
from leads.models import InboxItem
from leads.rules.audience import Place
from leads.rules.notices import TITLES, WORDS, MailWhen, choice_of, mail_due, quiet_hours
from leads.selectors.inbox import Group, groups_of
from leads.services.notice_settings import stop_url_of

logger = logging.getLogger(__name__)

MOST = 1_000  # items that are looked at together
SHOWN = 50  # items that one mail tells; the inbox has the others
# What no mail can be made of is tried again later, and holds up nobody else's.
AGAIN_AFTER = timedelta(hours=1)


def mail_notices(*, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Make mails of all items that are due, one person after the other, until `should_stop`; return how many."""
    mails = 0
    due = InboxItem.objects.filter(mail_due_at__lte=clock.now()).order_by("mail_due_at", "pk")
    places = due.values_list("user", "company")
    while not should_stop() and (place := places.first()):
        try:
            mails += _mail_person(place)
        except Exception:
            logger.exception("No mail could be made for person %s at company %s", *place)
            stuck = InboxItem.objects.filter(user=place[0], company=place[1])
            stuck.filter(mail_due_at__lte=clock.now()).update(mail_due_at=clock.now() + AGAIN_AFTER)
    return mails


@dataclass
class _Sorted:
    """What becomes of the items of one person: ids, and the items that are mailed now by kind or together."""

    silent: list[int] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    later: dict[datetime, list[int]] = field(default_factory=dict)
    now: dict[str, list[int]] = field(default_factory=dict)
    together: list[int] = field(default_factory=list)


@transaction.atomic
def _mail_person(place: Place) -> int:
    """Look at what one person is told at one company; return how many mails were made of it."""
    user_id, company_id = place
    rows = InboxItem.objects.filter(user=user_id, company=company_id, mail_due_at__lte=clock.now())
    items = list(rows.order_by("pk").select_for_update()[:MOST])
    actor = actor_at(user_id, company_id)
    if actor is None:  # left, or was deactivated
        rows.update(mail_due_at=None)
        return 0
    membership = Membership.objects.select_related("user", "company").get(
        user=user_id, company=company_id
    )
    found = _sort(items, membership)
    keys = InboxItem.objects.filter(user=user_id, company=company_id)
    keys.filter(pk__in=found.silent, is_unread=True).update(is_unread=False, read_at=clock.now())
    keys.filter(pk__in=found.done).update(mail_due_at=None)
    for due, later in found.later.items():
        keys.filter(pk__in=later).update(mail_due_at=due, is_gathered=True)
    with timezone.override(clock.zone_called(membership.user.time_zone)):
        lots = [("notice", ids) for ids in found.now.values()]
        if found.together:
            lots.append(("digest", found.together))
        return sum(_store(name, ids, membership, actor) for name, ids in lots)


def _sort(items: Sequence[InboxItem], membership: Membership) -> _Sorted:
    """Decide what becomes of each item, by what the person and the company have chosen."""
    found, moment = _Sorted(), clock.now()
    own, company = membership.preferences, membership.company.preferences
    zone, quiet = clock.zone_called(membership.user.time_zone), quiet_hours(own)
    for item in items:
        choice = choice_of(InboxKind(item.kind), own=own, company=company)
        is_over = item.is_gathered or choice.mail == MailWhen.NOW
        when = MailWhen.NOW if is_over else choice.mail
        due = mail_due(when, moment, zone=zone, quiet=quiet)
        if not choice.bell:
            found.silent.append(item.pk)
        if choice.mail == MailWhen.NEVER or (choice.bell and not item.is_unread):
            found.done.append(item.pk)
        elif due > moment:
            found.later.setdefault(due, []).append(item.pk)
        else:
            found.done.append(item.pk)
            if item.is_gathered:
                found.together.append(item.pk)
            else:
                found.now.setdefault(item.kind, []).append(item.pk)
    return found


def _store(name: str, ids: Sequence[int], membership: Membership, actor: Person) -> int:
    """Store the mail `name` that tells of items; none, 0, when the person may read none of them any more."""
    rows = InboxItem.objects.visible_to(actor).filter(pk__in=ids).order_by("pk")
    items = list(rows[:SHOWN])
    groups = groups_of(items, actor)
    if not groups:
        return 0
    kinds = sorted({InboxKind(item.kind) for item in items}, key=list(InboxKind).index)
    count = rows.count()
    context = {
        "person": membership.user,
        "company": membership.company.name,
        "groups": groups,
        "count": count,
        "more": max(0, count - SHOWN),
        "kinds": [(kind, WORDS[kind]) for kind in kinds],
        "title": _title(kinds[0], groups[0]),
        "reference": groups[0].lead.reference if groups[0].lead else "",
        "portal": settings.PORTAL_URL,
        "stop_url": (stop_url := stop_url_of(kinds, membership)),
    }
    store_mail(
        to=membership.user.email,
        subject=render_to_string(f"email/{name}.subject.txt", context),
        text=render_to_string(f"email/{name}.txt", context),
        html=render_to_string(f"email/{name}.html", context),
        stop_url=stop_url,
    )
    return 1


def _title(kind: InboxKind, group: Group) -> str:
    """Return what a mail about one thing is called: without a word about the prospect."""
    line = group.told[0].line
    if kind in TITLES or line is None:
        return str(TITLES.get(kind, kind.label))
    return str(EventKind(line.event.kind).label)
