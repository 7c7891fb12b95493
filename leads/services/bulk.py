"""One action on many leads: each by the service that does it for one, so rules and history are the same."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid, Refused
from leads.enums import BulkState
from leads.models import BulkOutcome, BulkRun, Event, Lead
from leads.rules.bulk import BULK, MOST
from leads.rules.undo import BULK_UNDO_WITHIN
from leads.rules.workflow import Action
from leads.services.undo import undo

# So many leads are locked at a time, and so many outcomes lost if the machine stops.
CHUNK = 20
logger = logging.getLogger(__name__)


def run_bulk(
    keys: Sequence[int],
    *,
    action: Action,
    do: Callable[[Lead], Any],
    key: str,
    actor: Person,
    **about: Any,
) -> BulkRun:
    """Do `do`, a service that carries out `action` on one lead, with each of the leads `keys`.

    A lead that it refuses is skipped with the service's sentence; the others go on. `about` are further
    columns of the run. The same `key` again returns the run that there is. Raises Invalid above MOST leads.
    """
    if len(keys) > MOST:
        raise Invalid({"leads": _("Choose fewer leads.")})
    whose = {"user_id": actor.user_id, "company_id": actor.company_id}
    run, is_new = BulkRun.objects.get_or_create(
        key=key,
        defaults={
            **about,
            **whose,
            "action": action,
            "total": len(keys),
            "started_at": clock.now(),
        },
    )
    if not is_new:
        return run
    for some in _chunks(
        sorted(keys)
    ):  # in one order everywhere: two runs cannot wait for each other
        _do_some(run, some, do, actor)
    return _ended(run, "finished_at")


@transaction.atomic
def _do_some(run: BulkRun, keys: Sequence[int], do: Callable[[Lead], Any], actor: Person) -> None:
    leads = Lead.objects.visible_to(actor).in_bulk(keys)
    before = _own_lines(run, keys, actor)
    answers = {key: _attempt(leads.get(key), do) for key in keys}
    after = _own_lines(run, keys, actor)
    BulkOutcome.objects.bulk_create(
        _outcome(run, key, answers[key], None if after.get(key) == before.get(key) else after[key])
        for key in keys
    )


def _attempt(lead: Lead | None, do: Callable[[Lead], Any]) -> tuple[BulkState, str]:
    """Call the service for one lead; what it had written before a refusal is taken back by itself."""
    if lead is None:
        return BulkState.SKIPPED, _("You no longer see this lead.")
    try:
        do(lead)
    except Refused as refusal:
        return BulkState.SKIPPED, refusal.sentence or _("You no longer see this lead.")
    except Exception:
        logger.exception("bulk action on lead %s", lead.pk)
        return BulkState.FAILED, _("Something went wrong with this lead. It was not changed.")
    return BulkState.DONE, ""


def _outcome(
    run: BulkRun, key: int, answer: tuple[BulkState, str], line: int | None
) -> BulkOutcome:
    state, reason = answer
    if state == BulkState.DONE and line is None:
        state, reason = BulkState.SKIPPED, _("Nothing to change: it was so already.")
    return BulkOutcome(run=run, lead_id=key, state=state, reason=reason, line=line)


def _own_lines(run: BulkRun, keys: Sequence[int], actor: Person) -> dict[int, int]:
    """Return the number of the actor's last history line of the run's kind on each lead that has one."""
    lines = Event.objects.filter(
        lead__in=keys, kind=BULK[Action(run.action)], actor_user=actor.user_id
    )
    return dict(lines.order_by().values_list("lead").annotate(Max("number")))


def undo_bulk(run: BulkRun, *, actor: Person) -> BulkRun:
    """Take a run back, lead by lead, within ten minutes: what has changed since stays and says so.

    Raises Conflict when it is too late, not finished yet, or undone already.
    """
    if run.undone_at or not run.finished_at or clock.now() - run.started_at > BULK_UNDO_WITHIN:
        raise Conflict(
            _("This can no longer be undone: ten minutes have passed, or it has been undone.")
        )
    done = run.outcomes.filter(state=BulkState.DONE).order_by("lead")
    for some in _chunks(list(done.values_list("pk", flat=True))):
        _undo_some(some, actor)
    return _ended(run, "undone_at")


@transaction.atomic
def _undo_some(keys: Sequence[int], actor: Person) -> None:
    rows = BulkOutcome.objects.filter(pk__in=keys, state=BulkState.DONE).order_by("lead")
    outcomes = list(rows.select_related("lead").select_for_update(of=("self",)))
    for outcome in outcomes:
        try:
            undo(outcome.lead, number=outcome.line or 0, actor=actor, within=BULK_UNDO_WITHIN)
        except Refused:
            outcome.reason = _("Not undone: the lead has changed since.")
        else:
            outcome.state = BulkState.UNDONE
    BulkOutcome.objects.bulk_update(outcomes, ["state", "reason"])


@transaction.atomic
def _ended(run: BulkRun, moment: str) -> BulkRun:
    setattr(run, moment, clock.now())
    run.save(update_fields=[moment])
    return run


def _chunks(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
