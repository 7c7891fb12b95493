"""Run the same thing in several threads at the same moment, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(racers: int, run: Callable[[], Result]) -> list[Result]:
    """Let `racers` threads wait for each other, then run; return what each of them got."""
    barrier = Barrier(racers)

    def race(_number: int) -> Result:
        try:
            barrier.wait()
            return run()
        finally:
            connection.close()

    with ThreadPoolExecutor(racers) as pool:
        return list(pool.map(race, range(racers)))
