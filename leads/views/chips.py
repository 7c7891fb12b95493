"""The statuses above the list of leads, each with its number and the list behind it (ux.md L17)."""

from dataclasses import dataclass

from accounts.actors import Person
from accounts.enums import Role
from leadportal.common.pagination import Count
from leads.enums import Status
from leads.filters import Asked
from leads.selectors.chips import StatusCounts


@dataclass(frozen=True)
class Chip:
    """A status above the list: pressed or not, and the list when it is pressed next (ux.md L17)."""

    url: str
    is_on: bool
    status: Status | None = None
    count: Count | None = None


def statuses_of(actor: Person) -> list[Status]:
    """Return the statuses that leads of the actor can be in; who waits to submit are vendors."""
    if actor.has(Role.MARKETPLACE_MANAGER, Role.VENDOR):
        return list(Status)
    return [status for status in Status if status != Status.PENDING_SUBMISSION]


def chips(asked: Asked, counts: StatusCounts | None = None) -> list[Chip]:
    """Return All and each status; several can be on. Without `counts` the numbers come later."""
    on = asked.statuses
    found = [Chip(asked.address(status=None), not on, count=counts.everything if counts else None)]
    for status in Status:
        if status not in on and status not in statuses_of(asked.actor):
            continue
        wanted = [one for one in Status if (one in on) != (one == status)]
        found.append(
            Chip(
                asked.address(status=[one.slug for one in wanted]),
                status in on,
                status,
                counts.by_status.get(status) if counts else None,
            )
        )
    return found
