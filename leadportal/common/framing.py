"""Which page may stand in a frame of which site; without a word here no page may (leadportal/settings.py)."""

from collections.abc import Sequence
from typing import TypeVar

from csp.decorators import csp_replace, csp_update
from django.http import HttpResponseBase

Response = TypeVar("Response", bound=HttpResponseBase)

SELF = "'self'"


def framed_by(response: Response, sites: Sequence[str]) -> Response:
    """Let the pages of `sites` (origins, or SELF) show this answer in a frame; none of them without sites."""
    if sites:
        # The old header knows no list of sites; every browser that reads the policy ignores it.
        response.xframe_options_exempt = True  # type: ignore[attr-defined]
    policy = {"frame-ancestors": list(sites) or ["'none'"]}
    return csp_replace(policy)(lambda: response)()  # type: ignore[return-value]


def with_own_frames(response: Response) -> Response:
    """Let this page show other pages of the portal in its frames."""
    return csp_update({"frame-src": [SELF]})(lambda: response)()  # type: ignore[return-value]
