"""Jobs: enqueued with their cause, done under a lease, finished once; and a failure waits for a person."""

import threading
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Job, JobState, OutgoingMail
from accounts.services import jobs
from accounts.services.jobs import (
    TRIES,
    InterruptedWorkError,
    LeaseLostError,
    Work,
    claim_job,
    do_due_jobs,
    enqueue_job,
    handle_jobs,
    plan_jobs,
    retry_job,
    work_until,
)
from leadportal.common.errors import Forbidden

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def handlers(monkeypatch):
    """Start without any kind of job; what a test adds is gone after it."""
    found: dict = {}
    monkeypatch.setattr(jobs, "_handlers", found)
    monkeypatch.setattr(jobs, "_repeated", {})
    return found


def let_lease_run_out() -> None:
    Job.objects.update(leased_until=Now() - timedelta(seconds=1))


def make_due() -> None:
    Job.objects.update(due_at=Now() - timedelta(seconds=1))


def add_mail(to: str) -> None:
    OutgoingMail.objects.create(to=to, subject="S", text="T", sender="portal@example.com")


def test_job_is_done_with_what_it_is_about():
    seen = []
    handle_jobs("count", lambda work: seen.append(work.job.about))
    enqueue_job("count", lead=3)
    assert do_due_jobs() == 1
    assert seen == [{"lead": 3}]
    job = Job.objects.get()
    assert (job.state, job.tries, job.lease) == (JobState.DONE, 1, None)
    assert job.finished_at is not None
    assert do_due_jobs() == 0


def test_job_of_a_transaction_that_fails_is_not_there():
    def enqueue_and_fail() -> None:
        with transaction.atomic():
            enqueue_job("count")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        enqueue_and_fail()
    assert not Job.objects.exists()


def test_job_waits_until_it_is_due():
    handle_jobs("count", lambda work: None)
    enqueue_job("count", due_at=timezone.now() + timedelta(days=7))
    assert do_due_jobs() == 0
    make_due()
    assert do_due_jobs() == 1


def test_claimed_job_is_nobody_elses():
    enqueue_job("count")
    assert claim_job() is not None
    assert claim_job() is None


def test_clock_of_the_worker_does_not_matter(monkeypatch):
    enqueue_job("count")
    claim_job()
    future = timezone.now() + timedelta(days=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: future)
    assert claim_job() is None


def test_report_shows_progress_and_renews_the_lease():
    enqueue_job("count")
    work = Work(claim_job())
    let_lease_run_out()
    work.report(5, 10)
    job = Job.objects.get()
    assert (job.step, job.steps) == (5, 10)
    assert claim_job() is None, "the lease is new"


def test_worker_that_lost_its_lease_finishes_nothing():
    enqueue_job("count")
    late = Work(claim_job())
    let_lease_run_out()
    present = Work(claim_job())
    with pytest.raises(LeaseLostError):
        late.report(9, 10)

    def finish_late() -> None:
        with late.finished():
            add_mail("late@example.com")

    with pytest.raises(LeaseLostError):
        finish_late()
    with present.finished():
        add_mail("present@example.com")
    with pytest.raises(LeaseLostError):
        finish_late()
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["present@example.com"]
    assert Job.objects.get().state == JobState.DONE


def test_end_and_effect_commit_together():
    def half(work):
        with work.finished():
            add_mail("half@example.com")
            raise RuntimeError

    handle_jobs("half", half)
    enqueue_job("half")
    assert do_due_jobs() == 0
    assert not OutgoingMail.objects.exists()
    assert Job.objects.get().state == JobState.WAITING


def test_failure_does_not_hold_up_the_others_and_is_tried_again_later():
    handle_jobs("bad", lambda work: 1 / 0)
    handle_jobs("good", lambda work: None)
    bad = enqueue_job("bad")
    enqueue_job("good")
    assert do_due_jobs() == 1
    bad.refresh_from_db()
    assert (bad.state, bad.tries, bad.last_error) == (JobState.WAITING, 1, "ZeroDivisionError")
    assert bad.due_at > timezone.now() + timedelta(seconds=30)


def test_after_the_last_try_a_job_waits_for_a_person():
    handle_jobs("bad", lambda work: 1 / 0)
    enqueue_job("bad")
    for _try in range(TRIES):
        make_due()
        do_due_jobs()
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    make_due()
    assert claim_job() is None
    assert retry_job(job)
    assert not retry_job(job)
    handle_jobs("bad", lambda work: None)
    assert do_due_jobs() == 1


def test_refusal_is_final():
    def refuse(work):
        raise Forbidden("You may no longer export these leads.")

    handle_jobs("refused", refuse)
    enqueue_job("refused")
    do_due_jobs()
    job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert job.last_error == "You may no longer export these leads."


def test_job_that_ends_every_worker_is_given_up():
    handle_jobs("deadly", lambda work: None)
    enqueue_job("deadly")
    for _worker in range(TRIES):
        assert claim_job() is not None
        let_lease_run_out()
    assert do_due_jobs() == 0
    assert Job.objects.get().state == JobState.FAILED


def test_kind_that_nobody_handles_is_a_failure_not_the_end_of_the_worker():
    enqueue_job("unheard-of")
    assert do_due_jobs() == 0
    assert Job.objects.get().last_error == "KeyError"


def test_stopping_worker_gives_its_job_back():
    stop = threading.Event()

    def long(work):
        stop.set()
        work.report(1, 2)

    handle_jobs("long", long)
    enqueue_job("long")
    assert do_due_jobs(should_stop=stop.is_set) == 0
    job = Job.objects.get()
    assert (job.state, job.tries, job.lease) == (JobState.WAITING, 0, None)
    assert claim_job() is not None, "free at once"


def test_worker_that_was_told_to_stop_does_nothing():
    enqueue_job("count")
    stop = threading.Event()
    stop.set()
    work_until(stop)
    with pytest.raises(InterruptedWorkError):
        Work(claim_job(), stop.is_set).report(1, 2)


def test_command_does_mail_and_jobs(settings, capsys):
    settings.MAIL_SERVER = {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    handle_jobs("count", lambda work: None)
    enqueue_job("count")
    call_command("worker", once=True)
    assert Job.objects.get().state == JobState.DONE


def test_a_job_that_comes_again_is_planned_once_and_outlives_a_failure():
    def fail(work):
        done.append(work.job.pk)
        raise RuntimeError

    done: list[int] = []
    handle_jobs("daily", fail, every=timedelta(days=1))
    for _worker in range(2):
        plan_jobs()
    assert Job.objects.count() == 1
    do_due_jobs()
    assert len(done) == 1
    first, later = Job.objects.order_by("pk")
    assert later.due_at - first.created_at > timedelta(hours=23)
    for _try in range(TRIES):
        make_due_only(first)
        do_due_jobs()
    assert Job.objects.get(pk=first.pk).state == JobState.FAILED
    assert Job.objects.filter(state=JobState.WAITING).count() == 1


def make_due_only(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(due_at=Now() - timedelta(seconds=1))
