"""What the worker does side by side: a long job must not hold up somebody's invitation."""

import threading
from collections.abc import Callable
from typing import Protocol

from accounts.services.jobs import do_due_jobs
from accounts.services.leases import repeat_until
from accounts.services.outbox import send_due_mail, send_until


class Round(Protocol):
    """Does everything of one sort that is due, until `should_stop`."""

    def __call__(self, *, should_stop: Callable[[], bool] = ...) -> object: ...


_rounds: dict[str, Round] = {}


def do_also(name: str, work: Round) -> None:
    """Let the worker do `work` again and again: the door for apps that accounts does not know."""
    _rounds[name] = work


def do_everything_due() -> None:
    """Do once what is due: mail, jobs, and what apps have added."""
    send_due_mail()
    do_due_jobs()
    for work in _rounds.values():
        work()


def work_side_by_side(stop: threading.Event) -> None:
    """Send mail, do jobs and the rest until `stop` is set. When one of them breaks, the others end as well."""

    def repeat(work: Round) -> None:
        try:
            repeat_until(stop, lambda: work(should_stop=stop.is_set))
        finally:
            stop.set()

    rounds = {"jobs": do_due_jobs, **_rounds}
    threads = [
        threading.Thread(target=repeat, args=[work], name=name) for name, work in rounds.items()
    ]
    for thread in threads:
        thread.start()
    try:
        send_until(stop)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
