"""A failure of the portal itself: a page with a code, and the same code in the log beside what went wrong."""

import json
import logging
import secrets
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader
from django.utils.translation import gettext

# No letters and digits that are taken for one another on the telephone.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
HEADER = "X-Reference"
# Below it programs are answered.
API = "/api/v1/"

logger = logging.getLogger(__name__)


def new_code() -> str:
    """Return a code such as 7F3K-22."""
    drawn = "".join(secrets.choice(ALPHABET) for _position in range(6))
    return f"{drawn[:4]}-{drawn[4:]}"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a reference code, in the header too: scripts that fetch a part of a page show it.

    Called by Django while the exception is being handled; writes it to the log under the code.
    """
    code = new_code()
    _kind, error, _trace = sys.exc_info()
    logger.error("Reference %s", code, exc_info=error)
    again = request.get_full_path() if request.method == "GET" else ""
    if request.path.startswith(API):
        title, words = "Internal Server Error", gettext("The portal failed. Nothing was changed.")
        body = {"type": "about:blank", "title": title, "status": 500, "detail": words}
        return HttpResponseServerError(
            json.dumps({**body, "reference": code}),
            content_type="application/problem+json",
            headers={HEADER: code},
        )
    page = loader.get_template("500.html").render({"reference": code, "again": again})
    return HttpResponseServerError(page, headers={HEADER: code})
