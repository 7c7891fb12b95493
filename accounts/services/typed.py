"""What somebody had typed when the session ended comes back after the next sign-in (ux.md G13).

It waits in the session of the sign-in page, on the server; only who typed it gets it back, on the page of that form.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session

KEPT = "typed"
# Longer texts than any form takes are not kept.
LONGEST = 100_000
_NEVER = {"csrfmiddlewaretoken", "password", "login"}

Fields = list[tuple[str, str]]


def keep_typed(
    session: SessionBase, *, path: str, fields: Iterable[tuple[str, str]], ended: str
) -> bool:
    """Keep what was sent to `path` by the person whose session had the key `ended`; say whether it was kept.

    A session that is gone tells nobody's name: then nothing is kept, so that no other person reads it.
    """
    owner = _owner_of(ended)
    found = [(name, value) for name, value in fields if value and name not in _NEVER]
    if owner is None or not found or sum(len(value) for _name, value in found) > LONGEST:
        return False
    session[KEPT] = {"user": owner, "path": path, "fields": found}
    return True


def take_typed(session: SessionBase, *, path: str, user_id: int) -> Fields:
    """Return what `user_id` had typed into the form at `path`, once; what another person typed is forgotten."""
    kept: dict[str, Any] | None = session.get(KEPT)
    if kept is None:
        return []
    is_own = kept["user"] == str(user_id)
    if is_own and kept["path"] != path:
        return []
    del session[KEPT]
    return [(name, value) for name, value in kept["fields"]] if is_own else []


def _owner_of(key: str) -> str | None:
    row = Session.objects.filter(session_key=key).first()
    owner = row.get_decoded().get(SESSION_KEY) if row else None
    return str(owner) if owner is not None else None
