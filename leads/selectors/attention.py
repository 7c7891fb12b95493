"""What could not become a lead: who looks after it, and the page *Needs attention* (domain.md section 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import QuerySet

from accounts.actors import Person
from accounts.models import MembershipRole
from accounts.selectors.actors import people_with_roles
from leadportal.common.errors import NotFound
from leadportal.common.pagination import Count, Cursor, Order, bounded_count
from leads.enums import AttentionReason, SourceKind, SubmissionState
from leads.models import Source, Submission
from leads.rules.audience import Place
from leads.rules.permissions import looks_after, sees_attention
from leads.selectors.offer_board import unclaimed_offers

PAGE = 25
COUNTED = 1000
ORDER = Order(("id",), is_descending=True)


@dataclass(frozen=True)
class Asked:
    """What the page is narrowed to."""

    state: SubmissionState = SubmissionState.ATTENTION
    reason: AttentionReason | None = None
    way: SourceKind | None = None
    receipt: str = ""


@dataclass(frozen=True)
class AttentionPage:
    """Some submissions, the newest first, and the way on."""

    rows: Sequence[Submission]
    next: str


def attention_rows(actor: Person, asked: Asked) -> "QuerySet[Submission]":
    """Return what `actor` looks after and asked for."""
    rows: QuerySet[Submission] = Submission.objects.visible_to(actor)
    chosen: dict[str, Any] = {
        "state": asked.state,
        "reason": asked.reason,
        "source_kind": asked.way,
        "receipt": asked.receipt,
    }
    return rows.filter(**{name: value for name, value in chosen.items() if value})


def attention_page(actor: Person, asked: Asked, *, cursor: Cursor | None = None) -> AttentionPage:
    """Return a page behind `cursor`, without what was sent: that is long, and shown one by one."""
    rows = attention_rows(actor, asked)
    beyond = ORDER.beyond(rows, cursor.key) if cursor else rows
    parts = ("listing__product", "listing__marketplace", "reseller", "source", "set_aside_by")
    light = ORDER.apply(beyond).select_related(*parts).defer("body", "payload", "headers")
    found = list(light[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return AttentionPage(found[:PAGE], Cursor((last.pk,)).write(ORDER) if last else "")


def attention_count(actor: Person) -> Count:
    """Return how many wait for `actor`, up to a bound; nothing for others than those who look after something."""
    if not sees_attention(actor):
        return Count(0)
    return bounded_count(attention_rows(actor, Asked()), COUNTED)


def waiting_count(actor: Person) -> Count:
    """Return the number beside *Needs attention*: submissions, and leads that were offered in vain."""
    unclaimed = bounded_count(unclaimed_offers(actor), COUNTED)
    return Count(attention_count(actor).number + unclaimed.number, COUNTED)


def kinds_of_reason(actor: Person) -> list[tuple[AttentionReason, int]]:
    """Return the kinds of reason among the newest COUNTED that wait, with their numbers, the most frequent first."""
    newest = ORDER.apply(attention_rows(actor, Asked())).values("pk")[:COUNTED]
    numbers = Submission.objects.filter(pk__in=newest).order_by().values_list("reason")
    counted = numbers.annotate(number=CountOf("pk")).order_by("-number", "reason")
    return [(AttentionReason(reason), number) for reason, number in counted]


def being_retried(actor: Person) -> int:
    """Return how many the worker has still before it of those that somebody has sent on their way again."""
    rows: QuerySet[Submission] = Submission.objects.visible_to(actor)
    return rows.filter(state=SubmissionState.RECEIVED, tries=0).count()


def submission_for(actor: Person, pk: int) -> Submission:
    """Return one submission that `actor` looks after, with its lead; raises NotFound."""
    parts = (
        "listing__product",
        "listing__marketplace",
        "reseller",
        "source",
        "set_aside_by",
        "lead",
    )
    rows = Submission.objects.visible_to(actor).select_related(*parts)
    found: Submission | None = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def carers_of(submission: Submission | Source) -> list[Place]:
    """Return everybody who looks after a submission, or a source, as users at companies."""
    company = submission.company
    in_programme = bool(company and (company.is_reseller or company.is_referral))
    whose = {submission.host_id, submission.company_id} - {None}
    rows = MembershipRole.objects.filter(membership__company__in=whose)
    return [
        (person.user_id, person.company_id)
        for person in people_with_roles(rows)
        if looks_after(
            person,
            host=submission.host_id,
            company=submission.company_id,
            in_programme=in_programme,
        )
    ]
