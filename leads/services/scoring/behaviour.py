"""Keep what prospects did, once each, and let it count (domain.md section 8).

It comes through the API, through tracked links, and by forms that somebody sends again, whichever way these come in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from leadportal.common import clock
from leadportal.common.errors import Invalid
from leads.enums import OPEN
from leads.models import Behaviour, Lead, LeadKey, TrackedLink
from leads.rules.likeness import EMAIL, mailbox
from leads.rules.scoring.kinds import BehaviourKind
from leads.selectors.scoring import SAME_PROSPECT_MOST
from leads.services.scoring.scores import rescore
from leads.services.writing import PARTS, lock_rows

# A clock elsewhere may be ahead by so much.
AHEAD = timedelta(minutes=5)
# The same link again within this time is the same visit: a page loaded anew, a scanner and then the person.
SAME_VISIT = timedelta(minutes=30)


@dataclass(frozen=True)
class Deed:
    """What a prospect did: what, with which page or paper, when; `key` makes a second report of it harmless."""

    kind: BehaviourKind
    about: str = ""
    at: datetime | None = None
    key: str = ""
    source: str = ""
    link: TrackedLink | None = None


@transaction.atomic
def note_behaviour(leads: Sequence[Lead], deed: Deed, *, actor: Actor) -> int:
    """Keep `deed` with those of `leads` that `actor` sees and that are open, and score them; return with how many.

    A report with a key that is there already changes nothing, but counts. Whoever took back its consent is watched
    no more. An opened email counts only where the prospect has agreed (domain.md section 8). Raises Invalid on field
    `at` for a moment to come.
    """
    moment = deed.at or clock.now()
    if moment > clock.now() + AHEAD:
        raise Invalid({"at": _("Enter a moment that is over, like 2025-11-21T18:42:00Z")})
    keys = lock_rows([lead.pk for lead in leads], actor=actor)
    rows = Lead.objects.filter(pk__in=keys, status__in=OPEN, is_test=False).order_by("pk")
    held = [lead for lead in rows.select_related(*PARTS) if _may_be_watched(lead, deed.kind)]
    key = deed.key or uuid4().hex
    known = set(Behaviour.objects.filter(lead__in=held, key=key).values_list("lead", flat=True))
    new = [lead for lead in held if lead.pk not in known]
    Behaviour.objects.bulk_create(
        [
            Behaviour(
                lead=lead,
                kind=deed.kind,
                about=deed.about,
                at=min(moment, clock.now()),
                key=key,
                source=deed.source,
                link=deed.link,
            )
            for lead in new
        ]
    )
    if new:
        rescore(new)
    return len(held)


def _may_be_watched(lead: Lead, kind: BehaviourKind) -> bool:
    if lead.anonymised_at is not None or lead.consent_withdrawn_at is not None:
        return False
    return kind != BehaviourKind.EMAIL_OPENED or lead.consent_at is not None


def note_visit(link: TrackedLink, lead: Lead, *, actor: Actor) -> int:
    """Keep that the prospect of `lead` followed a tracked link, or opened the email with its pixel.

    See `note_behaviour`. What comes again within half an hour is the same visit.
    """
    since = clock.now() - SAME_VISIT
    if Behaviour.objects.filter(lead=lead, link=link, at__gt=since).exists():
        return 0
    deed = Deed(
        BehaviourKind(link.kind),
        link.about,
        key=f"{link.key} {clock.now():%Y-%m-%dT%H:%M}",
        source=link.name,
        link=link,
    )
    return note_behaviour([lead], deed, actor=actor)


def note_repeat(lead: Lead, *, form: str, actor: Actor) -> int:
    """Keep that the prospect of a new `lead` has sent a form before: with this lead and the open ones before it.

    Called in the transaction that makes the lead. Return with how many leads it counts; none the first time. Of the
    leads before it those count that `actor` sees.
    """
    same = LeadKey.objects.filter(key=f"{EMAIL}:{mailbox(lead.email)}") if lead.email else None
    if same is None:
        return 0
    others = (
        Lead.objects.visible_to(actor)
        .filter(
            pk__in=same.values("lead"), host=lead.host_id, status__in=OPEN, merged_into__isnull=True
        )
        .exclude(pk=lead.pk)
    )
    before = list(others.order_by("-pk")[:SAME_PROSPECT_MOST])
    if not before:
        return 0
    deed = Deed(BehaviourKind.FORM_REPEATED, form[:80], key=f"form {lead.reference}", source=form)
    return note_behaviour([*before, lead], deed, actor=actor)
