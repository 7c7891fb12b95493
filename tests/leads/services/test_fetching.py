"""Mails that are fetched from a real IMAP server: right leads, nothing lost or doubled, and what servers do wrong."""

import itertools
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from leadportal.common import clock, imap
from leadportal.common.imap import Account, Fault, ImapError, Security, opened, quoted
from leads.enums import AttentionReason, Connection, SubmissionState
from leads.models import InboxItem, Lead, Mailbox, Source, Submission
from leads.rules.mails.message import KEPT_BYTES, MOST_BYTES
from leads.services import fetching
from leads.services.fetching import claim_mailbox, fetch_due_mail, put_away
from leads.services.intake import process_due
from leads.services.mailboxes import test_mailbox as ask_for_test
from leads.services.mails import take_mail
from leads.services.sources import switch_source
from tests.imap import HOST, PASSWORD, ImapServer, imap_server
from tests.leads.intake import letters
from tests.leads.intake.sending import make_mailbox
from tests.test_kill import fork, own_connections

users = itertools.count()


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def user() -> str:
    """Somebody whose mailbox is empty."""
    return f"user-{next(users)}"


@pytest.fixture
def account(server, user, settings) -> dict[str, Any]:
    """What a form says of a mailbox at the server, which the operator names."""
    settings.OUTBOUND_ALLOW = {f"{HOST}:{server.port}", f"localhost:{server.tls_port}"}
    settings.PORTAL_URL = "https://portal.example"
    settings.DEFAULT_FROM_EMAIL = "Leads <leads@portal.example>"
    return {
        "host": HOST,
        "port": server.port,
        "connection": Connection.PLAIN,
        "user": user,
        "password": PASSWORD,
    }


@pytest.fixture
def mailbox(cast, account) -> Source:
    """A mailbox of Northgate whose leads are for Acme Backup."""
    return make_mailbox(cast.olga, f"listing-{cast.listing.pk}", **account)


def row_of(source: Source) -> Mailbox:
    return Mailbox.objects.get(source=source)


def be_due() -> None:
    Mailbox.objects.update(due_at=Now() - timedelta(seconds=1), leased_until=None)


def numbered(count: int) -> list[bytes]:
    """Return mails of so many people."""
    return [
        letters.mail(f"From: Ana {n} <ana-{n}@northwind.example>", f"Message-ID: <{n}@northwind.example>", body="Hello")
        for n in range(count)
    ]  # fmt: skip


def test_unread_mails_become_leads_and_are_marked_as_read(server, mailbox, user):
    for letter in letters.BY_PEOPLE.values():
        server.put(user, letter.raw)
    for raw, _kind in letters.BY_MACHINES.values():
        server.put(user, raw)
    both = len(letters.BY_PEOPLE) + len(letters.BY_MACHINES)
    assert fetch_due_mail() == both
    assert Lead.objects.count() == len(letters.BY_PEOPLE)
    waiting = Submission.objects.filter(state=SubmissionState.ATTENTION)
    assert waiting.filter(reason=AttentionReason.AUTOMATIC).count() == len(letters.BY_MACHINES)
    assert server.state(user) == (both, 0)
    assert fetch_due_mail() == 0, "it rests for a minute"
    be_due()
    assert fetch_due_mail() == 0
    row = row_of(mailbox)
    assert (row.last_error, row.waiting, row.tries, bool(row.checked_at)) == ("", 0, 0, True)


def test_taken_mails_are_moved_where_the_mailbox_says(server, cast, account, user):
    made = make_mailbox(
        cast.olga, f"listing-{cast.listing.pk}", **account, moves_to='Läds & "more"'
    )
    server.put(user, letters.CONTACT_FORM)
    fetch_due_mail()
    assert row_of(made).last_error == ""
    assert server.state(user) == (0, 0)
    assert server.state(user, quoted('Läds & "more"')) == (1, 0)
    server.put(user, letters.BY_PEOPLE["both"].raw)
    be_due()
    assert fetch_due_mail() == 1, "also when the folder is there"


def test_mails_are_fetched_from_another_folder(server, cast, account, user):
    with server.opened(user) as client:
        client.create("Leads")
    server.put(user, letters.CONTACT_FORM, folder="Leads")
    made = make_mailbox(cast.olga, f"listing-{cast.listing.pk}", **account, folder="Leads")
    assert (fetch_due_mail(), server.state(user, "Leads")) == (1, (1, 0))
    Mailbox.objects.update(folder="Nowhere", due_at=Now())
    assert fetch_due_mail() == 0
    assert row_of(made).last_error == "There is no folder Nowhere in this mailbox."


def test_of_a_mail_that_is_too_large_the_beginning_is_fetched(server, mailbox, user):
    server.put(user, letters.mail("Subject: big", body=b"x" * (MOST_BYTES + 1)))
    server.put(user, letters.CONTACT_FORM)
    assert fetch_due_mail() == 2
    row = Submission.objects.get(reason=AttentionReason.TOO_LARGE)
    assert (len(row.body), row.payload["Subject"]) == (KEPT_BYTES, "big")
    assert Lead.objects.count() == 1
    assert server.state(user) == (2, 0)


def test_a_mailbox_takes_so_many_an_hour_and_leaves_the_rest_unread(server, mailbox, user):
    for raw in numbered(3):
        server.put(user, raw)
    Source.objects.update(posts_per_hour=2)
    assert fetch_due_mail() == 2
    assert server.state(user) == (3, 1)
    assert row_of(mailbox).due_at > clock.now() + timedelta(minutes=50)


def test_many_mails_come_in_several_visits(server, mailbox, user, monkeypatch):
    monkeypatch.setattr(fetching, "MOST_MAILS", 2)
    for raw in numbered(5):
        server.put(user, raw)
    assert fetch_due_mail() == 5, "the rest at once, after other mailboxes had their turn"
    assert Lead.objects.count() == 5


def test_a_paused_mailbox_is_not_fetched_but_can_be_tested(server, mailbox, user, cast):
    server.put(user, letters.CONTACT_FORM)
    switch_source(mailbox, is_active=False, actor=cast.olga)
    assert claim_mailbox() is None
    ask_for_test(mailbox, actor=cast.olga)
    assert fetch_due_mail() == 0
    row = row_of(mailbox)
    assert (row.waiting, row.test_asked_at, row.last_error) == (1, None, "")
    assert server.state(user) == (1, 1)


def test_what_is_wrong_is_said_and_tried_again_later_each_time(server, mailbox, user, cast):
    Mailbox.objects.update(user="nobody")
    for _try in range(fetching.TOLD_AFTER):
        be_due()
        assert fetch_due_mail() == 0
    row = row_of(mailbox)
    assert row.last_error == "The mail server refuses the user name or the password."
    assert row.failing_since
    assert row.due_at > clock.now() + timedelta(hours=3)
    told = InboxItem.objects.get(user=cast.olga.user_id)
    assert "No mails come in through Sales mailbox" in told.text
    server.put(user, letters.CONTACT_FORM)
    Mailbox.objects.update(user=user)
    be_due()
    assert fetch_due_mail() == 1
    row = row_of(mailbox)
    assert (row.failing_since, row.last_error, row.tries) == (None, "", 0)


def test_a_mail_that_is_stored_twice_over_is_one_lead(server, mailbox, user):
    """Two copies of one mail in the mailbox, and a third that was piped."""
    raw = letters.BY_PEOPLE["HTML alone"].raw
    server.put(user, raw)
    server.put(user, b"Received: by another way\r\n" + raw)
    take_mail(mailbox, raw, size=len(raw))
    assert fetch_due_mail() == 2
    assert Lead.objects.count() == Submission.objects.count() == 1


# --- The way there --------------------------------------------------------------------------------------


def reach(account: Account) -> str:
    """Visit a mailbox; return what went wrong."""
    try:
        with opened(account) as inbox:
            inbox.unread()
    except ImapError as error:
        return error.fault
    return ""


@pytest.fixture
def place(account) -> Callable[..., Account]:
    def at(**changed: Any) -> Account:
        values = {
            "host": HOST,
            "port": account["port"],
            "security": Security.PLAIN,
            "user": account["user"],
            "password": PASSWORD,
            **changed,
        }
        return Account(**values)

    return at


def test_a_server_inside_is_reached_only_where_the_operator_names_it(server, place, settings):
    assert reach(place()) == ""
    settings.OUTBOUND_ALLOW = set()
    for security in Security:
        assert reach(place(security=security)) == Fault.NOT_PUBLIC
    assert reach(place(host="127.1", security=Security.TLS)) == Fault.NOT_PUBLIC
    assert reach(place(host="nowhere.invalid", security=Security.TLS)) == Fault.NO_ANSWER


def test_a_certificate_is_checked(server, place, settings, monkeypatch):
    settings.OUTBOUND_ALLOW |= {f"{HOST}:{server.tls_port}", f"localhost:{server.port}"}
    safe = place(host="localhost", port=server.tls_port, security=Security.TLS)
    begun = place(host="localhost", security=Security.STARTTLS)
    assert (reach(safe), reach(begun)) == (Fault.CERTIFICATE, Fault.CERTIFICATE)
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    assert (reach(safe), reach(begun)) == ("", "")
    named_otherwise = place(host="ip6-localhost", port=server.tls_port, security=Security.TLS)
    settings.OUTBOUND_ALLOW |= {f"ip6-localhost:{server.tls_port}"}
    assert reach(named_otherwise) in {Fault.CERTIFICATE, Fault.NO_ANSWER}


@contextmanager
def answering(*said: bytes) -> Iterator[int]:
    """A server that says these lines, one for each that it hears, then says no more."""
    with socket.socket() as door:
        door.bind((HOST, 0))
        door.listen()

        def serve() -> None:
            line, _address = door.accept()
            with line:
                for words in said:
                    line.sendall(words)
                    if not line.recv(1000):
                        return
                time.sleep(3)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(door.getsockname()[1])
        thread.join(10)


@pytest.mark.parametrize(
    "said",
    [
        (b"HTTP/1.1 200 OK\r\n\r\n",),
        (b"* OK ready\r\n", b"* BAD what\r\n"),
        (b"* OK ready\r\n", b"\x00\xff" * 100),
        (b"* OK ready\r\n", b"* X {99999999999}\r\n"),
        (b"* OK ready\r\n", b"* X {" + b"9" * 5000 + b"}\r\n"),
        (b"x" * 2_000_000,),
        (b"",),
    ],
)  # fmt: skip
def test_a_server_that_talks_nonsense_is_left(said, place, settings, monkeypatch):
    monkeypatch.setattr(imap, "STEP_SECONDS", 1)
    monkeypatch.setattr(imap, "MOST_SECONDS", 2)
    with answering(*said) as port:
        settings.OUTBOUND_ALLOW = {f"{HOST}:{port}"}
        assert reach(place(port=port)) in set(Fault)


def test_one_visit_ends_for_a_server_that_drips(place, settings, monkeypatch):
    monkeypatch.setattr(imap, "MOST_SECONDS", 1)
    with answering(*[b"* OK slow\r\n"] * 1) as port:
        settings.OUTBOUND_ALLOW = {f"{HOST}:{port}"}
        begun = time.monotonic()
        assert reach(place(port=port)) == Fault.NO_ANSWER
        assert time.monotonic() - begun < imap.STEP_SECONDS


# --- Killed in between ----------------------------------------------------------------------------------


def fetch_and_die() -> None:
    """Be a worker that is killed after a mail was stored, before it is marked as read."""
    own_connections()
    setattr(fetching, "put_away", lambda *_: os.kill(os.getpid(), signal.SIGKILL))  # noqa: B010
    fetch_due_mail()


def mark_and_die() -> None:
    """Do the control: mark a mail as read first; the kill comes before it is stored."""
    own_connections()

    def take_one(_round: Any, inbox: Any, uid: str) -> None:
        put_away(inbox, uid, "")
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(fetching._Round, "_take_one", take_one)  # noqa: B010
    fetch_due_mail()


def fetch_for_ever() -> None:
    own_connections()
    while True:
        fetch_due_mail()
        time.sleep(0.01)


def start(work: Callable[[], None]) -> Any:
    """Start a worker; the lease of the dead has run out, and no connection is handed on."""
    be_due()
    connections.close_all()
    if connection.vendor == "postgresql":
        pooled: Any = connection
        pooled.close_pool()
    process = fork.Process(target=work, daemon=True)
    process.start()
    return process


@pytest.fixture
def kept(transactional_db, mailbox) -> Source:
    """A mailbox in a database that other processes see."""
    return mailbox


@pytest.mark.slow
def test_a_kill_between_commit_and_mark_loses_nothing_and_doubles_nothing(kept, server, user):
    mails = numbered(4)
    for raw in mails:
        server.put(user, raw)
    for number in range(len(mails)):
        process = start(fetch_and_die)
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
        assert Submission.objects.count() == 1, "the oldest, again and again"
        assert server.state(user) == (4, 4), f"none was marked ({number})"
    be_due()
    assert fetch_due_mail() == 4
    assert Lead.objects.count() == Submission.objects.count() == 4
    assert server.state(user) == (4, 0)


@pytest.mark.slow
def test_control_marking_before_storing_loses_mails(kept, server, user):
    for raw in numbered(2):
        server.put(user, raw)
    process = start(mark_and_die)
    process.join(60)
    be_due()
    fetch_due_mail()
    assert Lead.objects.count() == 1, "the other one is lost"


@pytest.mark.slow
def test_twenty_kills_at_any_moment_lose_and_double_nothing(kept, server, user):
    mails = numbered(60)
    for raw in mails[:20]:
        server.put(user, raw)
    for number in range(20):
        for raw in mails[20 + 2 * number : 22 + 2 * number]:
            server.put(user, raw)
        process = start(fetch_for_ever)
        before = Submission.objects.count()
        end = time.monotonic() + 10
        while Submission.objects.count() < before + 2 and time.monotonic() < end:
            time.sleep(0.002)
        time.sleep(0.003 * (number % 7))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    be_due()
    fetch_due_mail()
    Submission.objects.update(leased_until=None)
    process_due()
    emails = list(Lead.objects.values_list("email", flat=True))
    assert sorted(emails) == sorted(f"ana-{n}@northwind.example" for n in range(60))
    assert server.state(user) == (60, 0)
