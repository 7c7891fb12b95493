"""What could not become a lead: try again, one or all of a kind, or set it aside."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.actors import Person
from accounts.services.jobs import Work, enqueue_job
from leadportal.common import clock
from leadportal.common.errors import Conflict, NotFound
from leads.enums import SubmissionState
from leads.models import Submission
from leads.selectors.attention import ORDER, Asked, attention_rows
from leads.services.intake import LEASE, process

AT_ONCE = 20
SWEEP = "sweep_submissions"
KEPT_FOR = timedelta(days=30)
EMPTY: dict[str, Any] = {"body": b"", "payload": {}, "headers": {}}


def retry_submission(pk: int, *, actor: Person) -> Submission:
    """Try once more to make a lead of what waits or was set aside; return it as it is then.

    Raises NotFound for what `actor` does not look after, Conflict for what is a lead by now, or what was
    removed. Must not be called inside a transaction: a second failure is kept, not rolled back.
    """
    with transaction.atomic():
        held = _lock(pk, actor)
        if held.state == SubmissionState.MADE:
            raise Conflict(_("This was made into a lead meanwhile."))
        if not held.payload and not held.body:
            raise Conflict(_("What was sent has been removed, so no lead can be made of it."))
        _set(held, state=SubmissionState.RECEIVED, tries=1, leased_until=Now() + LEASE, **_BACK)
    return process(held)


_BACK: dict[str, Any] = {"set_aside_by": None, "set_aside_at": None, "set_aside_because": ""}


@dataclass(frozen=True)
class Retried:
    """What became of all of a kind: leads, those that still wait, those that the worker will try."""

    made: int = 0
    waiting: int = 0
    queued: int = 0


def retry_all(asked: Asked, *, actor: Person) -> Retried:
    """Try once more everything that waits and was `asked` for: a few at once, more by the worker.

    Must not be called inside a transaction.
    """
    rows: QuerySet[Submission] = attention_rows(actor, asked).filter(
        state=SubmissionState.ATTENTION
    )
    keys = list(ORDER.apply(rows).values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(keys) > AT_ONCE:
        again = {"state": SubmissionState.RECEIVED, "tries": 0, "due_at": Now()}
        return Retried(queued=rows.order_by().update(leased_until=None, **again))
    made = 0
    for pk in keys:
        try:
            made += retry_submission(pk, actor=actor).state == SubmissionState.MADE
        except (Conflict, NotFound):  # somebody else was faster with this one
            continue
    return Retried(made=made, waiting=len(keys) - made)


@transaction.atomic
def set_aside(pk: int, *, because: str, actor: Person) -> Submission:
    """Take something off the list that is to be no lead, with the reason; Retry brings it back.

    What was sent is removed 30 days later. Raises NotFound, or Conflict when it does not wait any more.
    """
    held = _lock(pk, actor)
    if held.state != SubmissionState.ATTENTION:
        raise Conflict(_("This does not wait any more: somebody else was faster."))
    now = clock.now()
    mark = {"set_aside_by_id": actor.user_id, "set_aside_at": now, "set_aside_because": because}
    _set(held, state=SubmissionState.SET_ASIDE, **mark)
    enqueue_job(SWEEP, due_at=now + KEPT_FOR)
    return held


def sweep_set_aside(_work: Work | None = None) -> None:
    """Remove what was sent from everything that was set aside long enough ago: the job of that kind."""
    old = Submission.objects.filter(
        state=SubmissionState.SET_ASIDE, set_aside_at__lte=clock.now() - KEPT_FOR
    )
    old.exclude(payload={}, body=b"").update(**EMPTY)


def _lock(pk: int, actor: Person) -> Submission:
    rows = Submission.objects.visible_to(actor).filter(pk=pk)
    if not rows.exists():
        raise NotFound
    # The scope may join companies, which cannot be locked with it.
    return Submission.objects.select_for_update(of=("self",)).get(pk=pk)


def _set(held: Submission, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(held, name, value)
    held.save(update_fields=list(changes))
