"""One action on many leads: the act of the single move on all of them, so rules and history are the same."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid, Refused
from leads.enums import BulkState
from leads.models import BulkOutcome, BulkRun
from leads.rules.bulk import BULK, MOST
from leads.rules.undo import BULK_UNDO_WITHIN
from leads.rules.workflow import Action
from leads.services.acts import CHUNK, Act, Answer, carry_out
from leads.services.undo import Undoing

logger = logging.getLogger(__name__)


def run_bulk(keys: Sequence[int], *, act: Act, key: str, actor: Person, **about: Any) -> BulkRun:
    """Do `act` to each of the leads `keys`, all in one transaction.

    A lead that it refuses is skipped with the act's sentence; the others go on. `about` are further
    columns of the run. The same `key` again returns the run that there is. Raises Invalid above MOST leads.
    """
    if len(keys) > MOST:
        raise Invalid({"leads": _("Choose fewer leads.")})
    assert act.action in BULK  # noqa: S101  (the others leave no line that could be taken back)
    defaults = {
        **about,
        "user_id": actor.user_id,
        "company_id": actor.company_id,
        "action": act.action,
        "total": len(keys),
        "started_at": clock.now(),
    }
    # Stored before the work begins, so that the same confirmation, sent twice, finds it and does not wait.
    run, is_new = BulkRun.objects.get_or_create(key=key, defaults=defaults)
    if not is_new:
        return run
    try:
        return _do_all(run, keys, act, actor)
    except Exception:
        run.delete()  # nothing was done: the confirmation can be sent again
        raise


@transaction.atomic
def _do_all(run: BulkRun, keys: Sequence[int], act: Act, actor: Person) -> BulkRun:
    answers = carry_out(act, sorted(keys), actor=actor)
    outcomes = [_outcome(run, pk, answer) for pk, answer in answers.items()]
    BulkOutcome.objects.bulk_create(outcomes, batch_size=CHUNK)
    return _ended(run, "finished_at")


def _outcome(run: BulkRun, pk: int, answer: Answer) -> BulkOutcome:
    """Return what became of one lead; `line` is the history line that Undo takes back."""
    kind = BULK[Action(run.action)]
    line = next((event.number for event in answer.lines if event.kind == kind), None)
    state, reason = BulkState.DONE, ""
    if answer.error is not None:
        state, reason = _not_done(pk, answer.error)
    elif line is None:
        state, reason = BulkState.SKIPPED, _("Nothing to change: it was so already.")
    return BulkOutcome(run=run, lead_id=pk, state=state, reason=reason, line=line)


def _not_done(pk: int, error: Exception) -> tuple[BulkState, str]:
    if isinstance(error, Refused):
        return BulkState.SKIPPED, error.sentence or _("You no longer see this lead.")
    logger.error("bulk action on lead %s", pk, exc_info=error)
    return BulkState.FAILED, _("Something went wrong with this lead. It was not changed.")


@transaction.atomic
def undo_bulk(run: BulkRun, *, actor: Person) -> BulkRun:
    """Take a run back within ten minutes, in one transaction: what has changed since stays and says so.

    Raises Conflict when it is too late, not finished yet, or undone already.
    """
    # Two who press Undo at once: the second waits here, and finds it undone.
    run = BulkRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.undone_at or not run.finished_at or clock.now() - run.started_at > BULK_UNDO_WITHIN:
        raise Conflict(
            _("This can no longer be undone: ten minutes have passed, or it has been undone.")
        )
    done = run.outcomes.filter(state=BulkState.DONE).order_by("lead")
    lines = {pk: line or 0 for pk, line in done.values_list("lead_id", "line")}
    answers = carry_out(Undoing(lines, BULK_UNDO_WITHIN), list(lines), actor=actor)
    for answer in answers.values():
        if answer.error is not None and not isinstance(answer.error, Refused):
            raise answer.error
    kept = [pk for pk, answer in answers.items() if answer.error]
    outcomes = run.outcomes.filter(state=BulkState.DONE)
    for start in range(0, len(kept), CHUNK):
        outcomes.filter(lead__in=kept[start : start + CHUNK]).update(
            reason=_("Not undone: the lead has changed since.")
        )
    outcomes.filter(reason="").update(state=BulkState.UNDONE)
    return _ended(run, "undone_at")


@transaction.atomic
def _ended(run: BulkRun, moment: str) -> BulkRun:
    setattr(run, moment, clock.now())
    run.save(update_fields=[moment])
    return run
