"""Play many stories at once on the one clock, so that everything happens in its true order."""

import heapq
from collections.abc import Generator, Iterable
from datetime import datetime

from leadportal.common import clock

# A story does something, yields the moment when it wants to go on, and is asleep until then.
Story = Generator[datetime, None, None]


def play(stories: Iterable[tuple[datetime, Story]], *, until: datetime) -> None:
    """Wake every story at its moments; what would come after `until` has not happened yet."""
    asleep = [(moment, number, story) for number, (moment, story) in enumerate(stories)]
    heapq.heapify(asleep)
    while asleep and asleep[0][0] <= until:
        moment, number, story = heapq.heappop(asleep)
        with clock.at(moment):
            following = next(story, None)
        if following is not None:
            heapq.heappush(asleep, (max(following, moment), number, story))
