"""What the worker does side by side: a long job must not hold up somebody's invitation."""

import threading

from accounts.services.jobs import work_until
from accounts.services.outbox import send_until


def work_side_by_side(stop: threading.Event) -> None:
    """Send mail and do jobs until `stop` is set. When one of the two breaks, the other ends as well."""

    def do_jobs() -> None:
        try:
            work_until(stop)
        finally:
            stop.set()

    jobs = threading.Thread(target=do_jobs, name="jobs")
    jobs.start()
    try:
        send_until(stop)
    finally:
        stop.set()
        jobs.join()
