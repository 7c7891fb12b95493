"""Which page may stand in a frame of which site; without a word here no page may (leadportal/settings.py)."""

from collections.abc import Sequence
from typing import Any, TypeVar

from csp.decorators import csp_replace, csp_update
from django.http import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)

SELF = "'self'"


def framed_by(response: Response, sites: Sequence[str]) -> Response:
    """Let the pages of `sites` (origins, or SELF) show this answer in a frame; no page without sites."""
    if sites:
        # The old header knows no list of sites; every browser that reads the policy ignores it.
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
    _marked_by(csp_replace({"frame-ancestors": list(sites) or ["'none'"]}), response)
    return response


def with_own_frames(response: Response) -> Response:
    """Let this page show other pages of the portal in its frames."""
    _marked_by(csp_update({"frame-src": [SELF]}), response)
    return response


def _marked_by(decorator: Any, response: HttpResponseBase) -> None:
    """Let a decorator of views mark an answer that is there already."""
    decorator(lambda: response)()
