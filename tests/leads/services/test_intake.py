"""Stored first, acknowledged, then made into a lead: nothing is lost, and nothing comes twice (domain.md section 7)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, transaction
from django.db.models.functions import Now

from leadportal.common import clock
from leadportal.common.errors import Conflict
from leads.enums import AttentionReason, SourceKind, SubmissionState
from leads.exceptions import NotALead, SentBefore
from leads.models import Lead, Submission
from leads.models.intake import KEY_LENGTH
from leads.services import intake
from leads.services.intake import Door, handle_submissions, process, process_due, receive
from tests.factories import make_lead

ANA = {"email": "ana@northwind.example", "name": "Ana"}


@pytest.fixture
def door(cast) -> Door:
    """A webhook source of Northgate."""
    return Door(kind=SourceKind.WEBHOOK, name="source/1", host=cast.northgate)


def lead_of(submission: Submission) -> Lead:
    """The simplest handler."""
    assert submission.host is not None
    return make_lead(submission.host, email=submission.payload["email"])


Handle = Callable[[Callable[[Submission], Lead]], None]


@pytest.fixture
def handle(cast) -> Iterator[Handle]:
    """Say how webhooks become leads; until then each is one."""

    def by(handler: Callable[[Submission], Lead]) -> None:
        handle_submissions(SourceKind.WEBHOOK, handler)

    before = intake._handlers.get(SourceKind.WEBHOOK)
    by(lead_of)
    yield by
    intake._handlers.pop(SourceKind.WEBHOOK)
    if before:
        by(before)


def failing(error: BaseException) -> Callable[[Submission], Lead]:
    """A handler that has made half a lead when it fails."""

    def fail(submission: Submission) -> Lead:
        lead_of(submission)
        raise error

    return fail


def test_what_comes_is_kept_as_it_came_beside_the_lead(door, handle):
    body = b'{"email":"ana@northwind.example","name":"Ana"}'
    headers = {"Webhook-Id": "7", "User-Agent": "curl", "X-Forwarded-For": "203.0.113.9"}
    sent = {"payload": ANA, "body": body, "content_type": "application/json", "headers": headers}
    submission = receive(door, key="42", **sent)
    submission.refresh_from_db()
    assert (submission.state, submission.lead) == (SubmissionState.MADE, Lead.objects.get())
    assert (bytes(submission.body), submission.payload) == (body, ANA)
    assert submission.headers == {"webhook-id": "7"}, "nothing that tells who the visitor was"
    assert (submission.host, submission.tries, submission.leased_until) == (door.host, 1, None)


@pytest.mark.parametrize(
    ("error", "state", "reason", "sentence"),
    [
        (
            NotALead(AttentionReason.NO_CONTACT, "There is no email and no phone."),
            SubmissionState.ATTENTION,
            AttentionReason.NO_CONTACT,
            "There is no email and no phone.",
        ),
        (Conflict("Closed."), SubmissionState.ATTENTION, AttentionReason.REFUSED, "Closed."),
        (
            ZeroDivisionError(),
            SubmissionState.ATTENTION,
            AttentionReason.ERROR,
            "Something went wrong on our side.",
        ),
        (OperationalError("gone"), SubmissionState.RECEIVED, "", ""),
    ],
    ids=["refused with a reason", "refused", "fault", "database away"],
)
def test_what_cannot_become_a_lead_waits_with_its_reason(
    door, handle, error, state, reason, sentence
):
    handle(failing(error))
    submission = receive(door, key="42", payload=ANA)
    submission.refresh_from_db()
    assert (submission.state, submission.reason, submission.sentence) == (state, reason, sentence)
    assert submission.payload == ANA
    assert not Lead.objects.exists(), "no half of a lead"


def test_the_row_is_stored_before_anything_can_go_wrong(door, handle):
    """Also what no handler catches, such as the end of the process, finds the row there."""
    handle(failing(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        receive(door, key="42", payload=ANA)
    assert Submission.objects.get().state == SubmissionState.RECEIVED
    assert not Lead.objects.exists()


def test_raw_rows_are_never_stored_in_somebody_elses_transaction(door, handle):
    """It could be rolled back after the acknowledgement."""
    with pytest.raises(RuntimeError), transaction.atomic():
        receive(door, key="42", payload=ANA)


def test_same_key_at_the_same_door_is_one_submission(door, handle, cast):
    first = receive(door, key="42", payload=ANA)
    assert receive(door, key=" 42 ", payload=ANA).lead == first.lead
    with pytest.raises(SentBefore):
        receive(door, key="42", payload={**ANA, "name": "Eve"})
    assert Lead.objects.count() == 1
    other = Door(kind=SourceKind.WEBHOOK, name="source/2", host=cast.northgate)
    assert receive(other, key="42", payload=ANA).lead != first.lead
    long = "x" * 3 * KEY_LENGTH
    assert receive(door, key=long, payload=ANA).pk == receive(door, key=long, payload=ANA).pk
    assert receive(door, key=f"{long}y", payload=ANA).lead != first.lead


def test_same_content_without_a_key_is_a_repeat_for_ten_minutes(door, handle):
    first = receive(door, payload=ANA, body=b"a")
    with clock.at(clock.now() + timedelta(minutes=9)):
        assert receive(door, payload=ANA, body=b"a").pk == first.pk
        assert receive(door, payload=ANA, body=b"b").pk != first.pk
    with clock.at(clock.now() + timedelta(minutes=11)):
        again = receive(door, payload=ANA, body=b"a")
        assert again.pk != first.pk
        assert receive(door, payload=ANA, body=b"a").pk == again.pk
    assert Lead.objects.count() == 3


def test_a_repeat_finishes_what_was_cut_off(door, handle):
    handle(failing(OperationalError()))
    assert receive(door, key="42", payload=ANA).lead is None
    handle(lead_of)
    assert receive(door, key="42", payload=ANA).lead == Lead.objects.get()


def test_the_worker_finishes_what_was_cut_off_once_its_lease_has_run_out(door, handle):
    handle(failing(OperationalError()))
    submission = receive(door, key="42", payload=ANA)
    handle(lead_of)
    assert process_due() == 0, "the request may still be at work"
    run_out()
    call_command("worker", "--once")
    assert process_due() == 0
    submission.refresh_from_db()
    assert submission.lead == Lead.objects.get()
    assert process(submission).lead == submission.lead, "no second lead"


def test_what_ends_every_worker_waits_for_a_person(door, handle):
    handle(failing(OperationalError()))
    submission = receive(door, key="42", payload=ANA)
    for _try in range(intake.TRIES):
        run_out()
        process_due()
    submission.refresh_from_db()
    assert submission.state == SubmissionState.ATTENTION
    assert submission.sentence == "It was tried 4 times and never finished."


def run_out() -> None:
    """Let the lease of a killed request run out."""
    Submission.objects.update(leased_until=Now() - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"a": "x\x00y\ud800"}, {"a": "xy"}),
        ({"a": float("nan"), "b": float("inf"), "c": 2**60}, {"a": "nan", "b": "inf", "c": str(2**60)}),
        ({"a": (1, None, True, {"b\n": 1.5})}, {"a": [1, None, True, {"b": 1.5}]}),
        ({"a": b"x"}, {"a": "b'x'"}),
    ],
    ids=["texts", "numbers", "lists", "others"],
)  # fmt: skip
def test_odd_data_are_kept_as_both_databases_can(door, handle, sent, kept):
    handle(failing(NotALead(AttentionReason.NO_CONTACT, "x")))
    submission = receive(door, key="\ud800k", payload=sent)
    submission.refresh_from_db()
    assert (submission.payload, submission.key) == (kept, "k")


def test_deep_data_are_kept_as_text(door, handle):
    deep: dict[str, Any] = {}
    for _level in range(200):
        deep = {"a": deep}
    handle(failing(NotALead(AttentionReason.UNREADABLE, "x")))
    submission = receive(door, key="42", payload=deep)
    submission.refresh_from_db()
    level = submission.payload
    for _level in range(8):
        level = level["a"]
    assert isinstance(level, str)


@pytest.mark.parametrize(
    "change",
    [{"state": "made"}, {"state": "gone"}, {"host": None}],
    ids=["a lead that is none", "unknown state", "nobody's"],
)
def test_the_database_refuses_rows_that_cannot_be(door, handle, change):
    handle(failing(ZeroDivisionError()))
    receive(door, key="42", payload=ANA)
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.update(**change)
