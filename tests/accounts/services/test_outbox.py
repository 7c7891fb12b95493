"""The outbox: leases, tries, and one bad message among good ones (security.md R15, R16)."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import MailState, OutgoingMail
from accounts.services.leases import LONGEST_WAIT, wait_after
from accounts.services.outbox import (
    LEASE,
    TIMEOUT,
    TRIES,
    claim_mail,
    mark_failed,
    mark_sent,
    send_again,
    send_due_mail,
    send_until,
)

pytestmark = pytest.mark.django_db


class MoodyServer(BaseEmailBackend):
    """A mail server that takes everything but what is meant for "bad"."""

    taken: list = []

    def send_messages(self, email_messages):
        for message in email_messages:
            if "bad" in message.to[0]:
                raise RuntimeError("No such mailbox")
            self.taken.append(message)
        return len(email_messages)


@pytest.fixture(autouse=True)
def server(settings):
    settings.MAIL_SERVER = {"EMAIL_BACKEND": f"{__name__}.MoodyServer"}
    MoodyServer.taken = []
    return MoodyServer.taken


def make_mail(to="ana@example.com", **values) -> OutgoingMail:
    """Store a mail that has been due for a second: the database's clock counts in milliseconds."""
    given = {"subject": "Hello", "text": "Text", "sender": "portal@example.com"}
    values = {**given, "due_at": timezone.now() - timedelta(seconds=1), **values}
    return OutgoingMail.objects.create(to=to, **values)


def test_everything_due_goes_out_in_order(server):
    mails = [make_mail(f"p{number}@example.com") for number in range(3)]
    assert send_due_mail() == 3
    assert [message.to for message in server] == [[mail.to] for mail in mails]
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {MailState.SENT}


def test_nothing_due_is_nothing_sent(server):
    make_mail(due_at=timezone.now() + timedelta(hours=1))
    make_mail(state=MailState.SENT)
    make_mail(state=MailState.FAILED)
    assert send_due_mail() == 0
    assert server == []


def test_message_carries_the_id_of_its_row_and_both_bodies(server):
    mail = make_mail(html="<p>Text</p>")
    send_due_mail()
    message = server[0].message()
    assert message["Message-ID"] == f"<{mail.message_id}@127.0.0.1>"
    assert message["From"] == "portal@example.com"
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]


def test_link_in_the_text_does_not_stay_behind(server):
    make_mail(text="https://portal.example.com/invitations/secret/", html="secret")
    send_due_mail()
    sent = OutgoingMail.objects.get()
    assert (sent.text, sent.html) == ("", "")
    assert sent.sent_at is not None


def test_bad_message_does_not_hold_up_the_others(server):
    make_mail("bad@example.com")
    make_mail("good@example.com")
    assert send_due_mail() == 1
    bad = OutgoingMail.objects.get(to="bad@example.com")
    assert (bad.state, bad.tries) == (MailState.WAITING, 1)
    assert bad.last_error == "RuntimeError: No such mailbox"
    assert bad.due_at > timezone.now()
    assert bad.text == "Text"


def test_after_the_last_try_a_mail_has_failed(server):
    make_mail("bad@example.com", tries=TRIES - 1)
    send_due_mail()
    assert OutgoingMail.objects.get().state == MailState.FAILED


def test_each_wait_is_longer_up_to_a_limit():
    waits = [wait_after(tries) for tries in range(1, TRIES + 1)]
    assert timedelta(seconds=45) <= waits[0] <= timedelta(minutes=1)
    assert all(wait <= LONGEST_WAIT for wait in waits)
    assert waits[0] < waits[1] < waits[2] < waits[3]
    assert len({wait_after(5) for _ in range(5)}) > 1, "no jitter"


def test_claimed_mail_is_nobody_elses():
    make_mail()
    assert claim_mail() is not None
    assert claim_mail() is None


def test_lease_is_longer_than_a_conversation():
    assert timedelta(seconds=5 * TIMEOUT) < LEASE


def test_mail_of_a_worker_that_died_goes_out_again(server):
    make_mail()
    lost = claim_mail()
    OutgoingMail.objects.update(leased_until=Now() - timedelta(seconds=1))
    assert send_due_mail() == 1
    assert not mark_sent(lost), "the first worker no longer holds it"
    assert not mark_failed(lost, "late")
    assert OutgoingMail.objects.get().state == MailState.SENT


def test_clock_of_the_worker_does_not_matter(server, monkeypatch):
    make_mail()
    claim_mail()
    future = timezone.now() + timedelta(days=3)
    monkeypatch.setattr("django.utils.timezone.now", lambda: future)
    assert claim_mail() is None


def test_failed_mail_gets_another_round():
    mail = make_mail(state=MailState.FAILED, tries=TRIES)
    assert send_again(mail)
    assert not send_again(mail)
    assert claim_mail().tries == 1


def test_django_stores_mail_and_sends_nothing(server):
    from django.core.mail import send_mail

    send_mail("Two\x0blines\x1f", "Text", None, ["a@example.com", "b@example.com"])
    assert [mail.subject for mail in OutgoingMail.objects.all()] == ["Two lines"] * 2
    assert server == []


@pytest.mark.parametrize(
    "url", ["consolemail://", "dummymail://", "memorymail://", "filemail:///tmp/mail"]
)
def test_every_kind_of_server_can_be_named(settings, url, tmp_path):
    import environ

    settings.MAIL_SERVER = {
        **environ.Env.email_url_config(url),
        "EMAIL_FILE_PATH": str(tmp_path),
    }
    make_mail()
    assert send_due_mail() == 1


def test_worker_prints_mail_to_the_console(settings, capsys):
    settings.MAIL_SERVER = {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    make_mail(text="Read me")
    call_command("worker", once=True)
    assert "Read me" in capsys.readouterr().out


def test_worker_stops_between_two_messages(server):
    for number in range(3):
        make_mail(f"p{number}@example.com")
    assert send_due_mail(should_stop=lambda: len(server) == 1) == 1


def test_worker_that_was_told_to_stop_does_nothing(server):
    make_mail()
    stop = threading.Event()
    stop.set()
    send_until(stop)
    assert server == []


@pytest.mark.slow
def test_worker_ends_cleanly_when_asked(tmp_path):
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "MAIL_URL": "consolemail://",
        "PYTHONUNBUFFERED": "1",
    }
    manage = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py")]
    send = (
        "from django.core.mail import send_mail; send_mail('S', 'Read me', None, ['a@b.example'])"
    )
    for command in (["migrate", "-v0"], ["shell", "-v0", "-c", send]):
        subprocess.run([*manage, *command], env=environment, check=True)
    with subprocess.Popen(
        [*manage, "worker"], env=environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert any("Read me" in line for line in worker.stdout), "it works"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
