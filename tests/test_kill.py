"""The server is killed again and again while forms are sent: nothing acknowledged is lost, nothing comes twice.

Clients send until they are thanked, as people press *Send* again (security.md F5). The server is gunicorn with
two workers in processes of its own; `kill -9` ends all of them at once.
"""

import http.client
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.db.models.functions import Now
from django.test import Client
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from leadportal.common import clock
from leads.enums import AttentionReason, SourceKind, SubmissionState
from leads.exceptions import NotALead
from leads.intake import asking
from leads.intake.tokens import new_token
from leads.models import Lead, Submission
from leads.selectors.intake import listing_form
from leads.services.asking import accept_submission, lead_of_form
from leads.services.intake import handle_submissions, process_due
from tests.leads.intake.visitor import ANSWERS, fill_in, typed

KILLS, CLIENTS = 20, 4
THANKED, PATIENCE = 3, 10  # before each kill, and for how many seconds at most
HOST = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"
fork = multiprocessing.get_context("fork")

pytestmark = pytest.mark.slow


class Server(BaseApplication):
    """gunicorn as it is run in production, on a port of the test's."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"{HOST}:{self.port}",
            "workers": 2,
            "worker_class": "gthread",
            "threads": 2,
            "loglevel": "critical",
            "preload_app": True,
            "reuse_port": True,
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()


def own_connections() -> None:
    """Leave the parent's connections alone: a forked process has its own (see tests/test_races.py)."""
    for alias in connections:
        del connections[alias]


def serve(port: int, prepare: Callable[[], None]) -> None:
    os.setsid()  # a group of its own, to be killed as one
    own_connections()
    prepare()
    Server(port).run()


def send_until_told(number: int, form: Any, port: int, stop: Any, told: Any, thanked: Any) -> None:
    """Send one form after the other, each until its receipt comes back; report who was thanked."""
    own_connections()
    done: list[str] = []
    broken = 0
    while not stop.is_set():
        email = f"ana-{number}-{len(done)}@northwind.example"
        with clock.at(clock.now() - timedelta(seconds=20)):
            token = new_token(form).sealed(form)
        body = urlencode({"form.token": token, **typed({**ANSWERS, "email": email})})
        while (answer := _ask(port, "POST", form.path, body)) != 302:
            broken += 1
            time.sleep(0.02)
            if stop.is_set():
                break
        if answer == 302:
            done.append(email)
            with told:
                told.value += 1
    thanked.put((done, broken))


def _ask(port: int, method: str, path: str, body: str = "") -> int:
    try:
        with closing(http.client.HTTPConnection(HOST, port, timeout=5)) as caller:
            caller.request(method, path, body, {"Content-Type": FORM, "Host": "localhost"})
            return caller.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0


@contextmanager
def running(port: int, prepare: Callable[[], None]) -> Iterator[None]:
    """Run the server until it answers, and kill all of it at the end."""
    process = fork.Process(target=serve, args=(port, prepare))
    process.start()
    assert process.pid
    try:
        while _ask(port, "GET", "/healthz") == 0:
            assert process.is_alive()
            time.sleep(0.01)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.join()


def free_port() -> int:
    """Return a port that the system gives to no caller: one that calls itself would keep the server out."""
    for port in range(20_000 + os.getpid() % 5_000, 30_000):
        with socket.socket() as free:
            if free.connect_ex((HOST, port)) != 0:
                return port
    raise AssertionError


def wait_for(told: Any, number: int) -> None:
    """Let the server live until so many were thanked, on a slow machine a little longer."""
    end = time.monotonic() + PATIENCE
    while told.value < number and time.monotonic() < end:
        time.sleep(0.005)


def kill_again_and_again(form: Any, kills: int, prepare: Callable[[], None]) -> tuple[set, int]:
    """Let clients send while the server is killed `kills` times; return who was thanked, and the failed tries."""
    connections.close_all()
    if connection.vendor == "postgresql":
        pooled: Any = connection
        pooled.close_pool()
    port = free_port()
    stop, told, thanked = fork.Event(), fork.Value("i", 0), fork.Queue()
    clients = [
        fork.Process(
            target=send_until_told, args=(number, form, port, stop, told, thanked), daemon=True
        )
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        for number in range(kills):
            with running(port, prepare):
                wait_for(told, told.value + THANKED)
                time.sleep(0.005 * (number % 7))
    finally:
        stop.set()
    answers = [thanked.get(timeout=60) for _client in clients]
    for client in clients:
        client.join()
    return {email for done, _broken in answers for email in done}, sum(one[1] for one in answers)


def picky() -> None:
    """Refuse every fifth submission: what cannot become a lead has to be found, too."""

    def handler(submission: Submission) -> Lead:
        if submission.payload["email"].partition("@")[0].endswith("2"):
            raise NotALead(AttentionReason.ANSWERS, "Enter last name")
        return lead_of_form(submission)

    handle_submissions(SourceKind.PRODUCT_PROFILE, handler)


def in_memory() -> None:
    """The control: thank at once, and make the lead a moment later, without a row that says so."""

    def accept(form: Any, **sent: Any) -> Submission:
        threading.Timer(0.3, lambda: accept_submission(form, **sent)).start()
        return Submission()

    setattr(asking, "accept_submission", accept)  # noqa: B010  (a name that the module does not export)


@pytest.fixture
def form(transactional_db, cast, settings) -> Any:
    """A form that may be sent as often as one likes."""
    settings.FORM_POSTS_PER_HOUR = 1_000_000
    form = listing_form(cast.listing.slug)
    fill_in(Client(), form.path)  # everything is loaded once, not by every server
    return form


def test_twenty_kills_lose_nothing_and_double_nothing(form):
    thanked, broken = kill_again_and_again(form, KILLS, picky)
    stored = Submission.objects.filter(state=SubmissionState.RECEIVED)
    cut_off = stored.count()
    stored.update(leased_until=Now() - timedelta(seconds=1))
    process_due()
    found = Counter(row.payload["email"] for row in Submission.objects.all())
    leads = Counter(Lead.objects.values_list("email", flat=True))
    waiting = Submission.objects.filter(state=SubmissionState.ATTENTION)
    waits = {row.payload["email"] for row in waiting}
    assert broken > KILLS, "the kills hit somebody"
    assert len(thanked) > KILLS
    assert thanked <= found.keys(), "nothing is lost"
    assert thanked <= leads.keys() | waits, f"{cut_off} were cut off"
    assert waits
    assert not waits & leads.keys()
    assert {*found.values(), *leads.values()} == {1}, "nothing comes twice"
    assert not stored.exists()


def test_control_without_the_raw_row_somebody_is_thanked_for_nothing(form):
    thanked, _broken = kill_again_and_again(form, 4, in_memory)
    leads = set(Lead.objects.values_list("email", flat=True))
    assert thanked - leads, "lost"
