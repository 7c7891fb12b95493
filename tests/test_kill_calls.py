"""The worker is killed again and again while it calls a flaky receiver: every message is accepted under one id.

The receiver and the workers are processes of their own; `kill -9` ends a worker in the middle of what it does
(security.md M8). Beside the flaky target there is one that takes calls and never answers.
"""

import os
import signal
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from leads.models import CallState, OutgoingCall, Target, TargetKind
from leads.services import calls
from leads.services.calls import Outcome, claim_call, mark, send_due_calls
from leads.services.targets import TargetSettings, create_target
from tests.test_kill import HOST, fork, free_port, own_connections

KILLS, EACH, PATIENCE = 50, 4, 10

pytestmark = pytest.mark.slow


def receive(port: int, path: Path) -> None:
    """Take messages, every fourth with a 503, and after every seventh hang up; write down the ids of taken ones."""
    numbers = count(1)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            number = next(numbers)
            if number % 4 == 0:
                self.send_response(503)
                self.end_headers()
                return
            with path.open("a") as file:
                file.write(f"{self.headers['webhook-id']}\n")
            if number % 7:
                self.send_response(200)
                self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    ThreadingHTTPServer((HOST, port), Handler).serve_forever()


def lease_send_mark() -> None:
    """Do what the worker does."""
    send_due_calls()


def mark_first() -> None:
    """Do the control: note a message as accepted, and send it then."""
    while claimed := claim_call():
        mark(claimed, Outcome())
        calls._call(claimed)


def work(round_: Callable[[], None]) -> None:
    """Be a worker that rests after no failure, so that the test takes no days."""
    own_connections()
    setattr(calls, "wait_after", lambda _tries: timedelta(0))  # noqa: B010  (a name that the module does not export)
    while True:
        round_()
        time.sleep(0.01)


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def until(is_done: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_done() and time.monotonic() < end:
        time.sleep(0.005)


def until_taken(path: Path, number: int) -> None:
    until(lambda: len(lines(path)) >= number)


def release() -> None:
    """Let the leases of the dead run out, and keep no connection for the next worker to inherit."""
    Target.objects.update(leased_until=Now() - timedelta(seconds=1))
    connections.close_all()
    if connection.vendor == "postgresql":
        pooled: Any = connection
        pooled.close_pool()


def start(target: Callable[..., None], *args: Any) -> Any:
    process = fork.Process(target=target, args=args, daemon=True)
    process.start()
    return process


def kill(process: Any) -> None:
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def kill_again_and_again(
    targets: list[Target], port: int, path: Path, kills: int, round_: Callable[[], None]
) -> None:
    """Add messages and kill the worker, `kills` times; the last worker may finish."""
    release()
    receiver = start(receive, port, path)
    try:
        for number in range(kills):
            rows = [
                OutgoingCall(target=target, event="test", body="{}")
                for target in targets
                for _ in range(EACH)
            ]
            OutgoingCall.objects.bulk_create(rows)
            release()
            worker = start(work, round_)
            until_taken(path, len(lines(path)) + 3)
            time.sleep(0.002 * (number % 7))
            kill(worker)
        release()
        worker = start(work, round_)
        until(lambda: not waiting(targets[0]))
        kill(worker)
    finally:
        kill(receiver)


def waiting(target: Target) -> bool:
    return OutgoingCall.objects.filter(target=target, state=CallState.WAITING).exists()


@pytest.fixture
def targets(transactional_db, cast, settings) -> Any:
    """A flaky target and one that never answers, both named by the operator; and the port of the flaky one."""
    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen(1000)
        ports = [free_port(), silent.getsockname()[1]]
        settings.OUTBOUND_ALLOW = {f"{HOST}:{port}" for port in ports}
        made = [
            create_target(
                TargetKind.WEBHOOK,
                TargetSettings(f"Target {port}", f"http://{HOST}:{port}/", ["created"]),
                actor=cast.olga,
            )[0]
            for port in ports
        ]
        yield made, ports[0]


def ids_of(target: Target) -> set[str]:
    return {call.identity for call in OutgoingCall.objects.filter(target=target)}


def test_fifty_kills_lose_no_message_and_a_dead_target_delays_none(targets, tmp_path):
    (flaky, silent), port = targets
    kill_again_and_again([flaky, silent], port, tmp_path / "ids", KILLS, lease_send_mark)
    accepted = lines(tmp_path / "ids")
    assert len(ids_of(flaky)) == KILLS * EACH
    assert set(accepted) == ids_of(flaky), "every one, under its own id, and nothing else"
    assert not waiting(flaky)
    assert waiting(silent)
    assert len(accepted) > KILLS * EACH, "some twice: the kills and the hang-ups hit somebody"


def test_control_marking_before_sending_loses_some(targets, tmp_path):
    (flaky, _silent), port = targets
    kill_again_and_again([flaky], port, tmp_path / "ids", 5, mark_first)
    assert ids_of(flaky) - set(lines(tmp_path / "ids")), "lost"
    assert not waiting(flaky), "and nobody would ever know"
