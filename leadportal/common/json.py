"""JSON from outside: bounded, so that neither the parser nor a database breaks on it (security.md R19)."""

import json
from typing import Any

from django.utils.translation import gettext as _

from leadportal.common.values import BadValueError

BYTES_MOST = 64 * 1024
DEPTH_MOST = 8
LARGEST = 2**53


def read_json(raw: bytes) -> Any:
    """Return what `raw` says. Raises BadValueError for anything that is not JSON within the bounds."""
    if len(raw) > BYTES_MOST:
        raise BadValueError(
            _("The JSON is larger than %(most)s KB.") % {"most": BYTES_MOST // 1024}
        )
    try:
        value = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadValueError(_("This is not valid JSON.")) from None
    _check(value, DEPTH_MOST)
    return value


def _refuse(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _check(value: Any, depth: int) -> None:
    if isinstance(value, dict | list):
        if depth == 0:
            raise BadValueError(_("The JSON is nested too deeply."))
        for part in value.values() if isinstance(value, dict) else value:
            _check(part, depth - 1)
    elif isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:
        raise BadValueError(_("A number in the JSON is too large."))
