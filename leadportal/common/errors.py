"""What a service answers when it refuses; `RefusalMiddleware` turns each into its HTTP status."""

from collections.abc import Mapping


class Refused(Exception):
    """A change was refused and nothing was written. `sentence` is shown to the person, with the way on to `address`."""

    status_code = 400
    address = ""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refused):
    """The thing does not exist, or the actor may not know that it does: the same answer."""

    status_code = 404


class Forbidden(Refused):
    """The actor sees the thing, but its role, relation or right never allows this."""

    status_code = 403


class Conflict(Refused):
    """Allowed in another state: somebody was faster, or the thing has moved on."""

    status_code = 409


class Invalid(Refused):
    """Values that a service cannot take: `errors` maps a form field name to its sentence."""

    status_code = 422

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)
