"""Do what is too long for a request: enqueue in the caller's transaction, work under a lease, finish in one.

An app says in its `ready()` which function does which kind of job. The function gets a `Work`, reports how far
it has come, which renews its lease, and commits its result together with the job's end:

    def make_export(work):
        ...                     # long, outside any transaction
        with work.finished():   # raises LeaseLostError unless the job is still this worker's
            ...                 # what commits together with "done"

A worker that dies leaves a lease that runs out; the job is then done from the start, and finishes once.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.models import Job, JobState
from accounts.services.leases import claim, is_free, repeat_until, wait_after
from leadportal.common.errors import Refused

logger = logging.getLogger(__name__)

TRIES = 4
LEASE = timedelta(minutes=5)  # longer than any pause between two reports


class LeaseLostError(Exception):
    """Another worker has the job by now: what this one did counts for nothing."""


class InterruptedWorkError(Exception):
    """The worker was asked to stop: the job is for another one."""


@dataclass
class Work:
    """A job in the hands of the function that does it."""

    job: Job
    should_stop: Callable[[], bool] = lambda: False
    is_finished: bool = False

    def report(self, step: int, steps: int) -> None:
        """Say how far the work has come, and keep the job for another LEASE. Call it now and then.

        Raises LeaseLostError when another worker took over, InterruptedWorkError when the worker has to stop.
        """
        if self.should_stop():
            raise InterruptedWorkError
        if not _held(self.job).update(step=step, steps=steps, leased_until=Now() + LEASE):
            raise LeaseLostError

    @contextmanager
    def finished(self) -> Iterator[None]:
        """Commit what the block writes together with the job's end, or nothing of both."""
        with transaction.atomic():
            end = {"finished_at": Now(), "lease": None, "leased_until": None, "last_error": ""}
            if not _held(self.job).update(state=JobState.DONE, **end):
                raise LeaseLostError
            yield
        self.is_finished = True


Handler = Callable[[Work], None]
_handlers: dict[str, Handler] = {}
_repeated: dict[str, timedelta] = {}


def handle_jobs(kind: str, handler: Handler, *, every: timedelta | None = None) -> None:
    """Let `handler` do the jobs of a kind: the door for apps that accounts does not know.

    With `every` the worker sees to it that one waits, and that the next is due that much after it was begun.
    """
    _handlers[kind] = handler
    if every is not None:
        _repeated[kind] = every


@transaction.atomic
def plan_jobs() -> None:
    """Store a job of every kind that comes again and of which none waits. Called when a worker starts.

    Two workers that start at once may store two: the first that is done stores no next one beside the second.
    """
    for kind in _repeated:
        _plan(kind, Now())


def _plan(kind: str, due_at: Any, *, besides: int = 0) -> None:
    waiting = Job.objects.filter(kind=kind, state=JobState.WAITING).exclude(pk=besides)
    if not waiting.exists():
        enqueue_job(kind, due_at=due_at)


def enqueue_job(kind: str, *, due_at: Any = None, **about: Any) -> Job:
    """Store a job in the caller's transaction, due at once unless told otherwise."""
    return Job.objects.create(kind=kind, about=about, due_at=due_at or Now())


def retry_job(job: Job) -> bool:
    """Give a job that has failed another round of tries; say whether it had."""
    failed = Job.objects.filter(pk=job.pk, state=JobState.FAILED)
    again = {"due_at": Now(), "tries": 0, "step": 0, "finished_at": None, "last_error": ""}
    return bool(failed.update(state=JobState.WAITING, **again))


def restart_jobs(ids: Iterable[int]) -> None:
    """Take jobs that wait or run out of every worker's hands: what was done so far counts for nothing."""
    jobs = Job.objects.filter(pk__in=ids, state=JobState.WAITING, lease__isnull=False)
    jobs.update(lease=None, leased_until=None, due_at=Now(), step=0)


def work_until(stop: threading.Event) -> None:
    """Look for due jobs again and again until `stop` is set."""
    is_planned = False

    def work() -> None:
        nonlocal is_planned
        if not is_planned:
            plan_jobs()
            is_planned = True
        do_due_jobs(should_stop=stop.is_set)

    repeat_until(stop, work)


def do_due_jobs(*, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Do everything that is due, one after the other, until `should_stop`; return how many were finished."""
    done = 0
    while not should_stop() and (job := claim_job()) is not None:
        done += _do(Work(job, should_stop))
    return done


def claim_job() -> Job | None:
    """Take the next job that is due under a lease, or None. No two workers hold the same one."""
    free = Job.objects.filter(is_free(), state=JobState.WAITING)
    return claim(free, lease=uuid.uuid4(), leased_until=Now() + LEASE)


def _do(work: Work) -> bool:
    """Call the function of the job, and note what became of it; whatever one job raises, the others go on."""
    job = work.job
    try:
        if job.kind in _repeated:  # the next one comes whatever becomes of this one
            _plan(job.kind, Now() + _repeated[job.kind], besides=job.pk)
        if job.tries > TRIES:  # it ended every worker that took it
            raise RuntimeError("no worker survived it")
        _handlers[job.kind](work)
        if not work.is_finished:
            with work.finished():
                pass
    except LeaseLostError:
        logger.warning("%s went on too long without a report: another worker has it.", job)
    except InterruptedWorkError:
        _held(job).update(due_at=Now(), tries=job.tries - 1, lease=None, leased_until=None)
    except Refused as refusal:  # the same answer the next time
        _note_failure(job, refusal.sentence or type(refusal).__name__, is_final=True)
    except Exception as error:
        logger.exception("%s failed", job)
        _note_failure(job, type(error).__name__, is_final=job.tries >= TRIES)
    return work.is_finished


def _note_failure(job: Job, error: str, *, is_final: bool) -> None:
    """Keep why a try failed: the next one comes later each time, and after the last the job waits for a person."""
    _held(job).update(
        state=JobState.FAILED if is_final else JobState.WAITING,
        due_at=Now() + wait_after(job.tries),
        finished_at=Now() if is_final else None,
        lease=None,
        leased_until=None,
        last_error=error[:300],
    )


def _held(job: Job) -> "QuerySet[Job]":
    """Return the row of `job` as long as it is this worker's."""
    return Job.objects.filter(pk=job.pk, state=JobState.WAITING, lease=job.lease)
