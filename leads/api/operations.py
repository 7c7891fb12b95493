"""What a call is called, asks and answers: one declaration for each, read at the door and for the description."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from accounts.enums import Scope
from leads.api.bodies import Body

TEXT: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": 2**53}
# What every call may be answered with, beside its own answers.
EVERY = (400, 401, 403, 404, 405, 429)
OF_BODIES = (415, 422)


@dataclass(frozen=True)
class Operation:
    """One method of one address. `answers` maps a status to a serializer, None for no body, str for a media type.

    `problems` are refusals of its own; `query` maps parameters of the address to their schemas, an array
    being one that may repeat. A call that `changes` something takes an Idempotency-Key; `is_matched` says
    that it takes If-Match, too.
    """

    name: str
    summary: str
    tag: str
    answers: Mapping[int, Any]
    scope: Scope = Scope.READ
    body: Body | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[int] = ()
    is_matched: bool = False

    @property
    def changes(self) -> bool:
        """Whether it does something."""
        return self.scope is Scope.WRITE or self.body is not None

    @property
    def refusals(self) -> list[int]:
        """Every status of a problem that it may answer."""
        found = {*EVERY, *self.problems}
        if self.changes:
            found |= {409, *OF_BODIES}
        if self.is_matched:
            found.add(412)
        return sorted(found)
