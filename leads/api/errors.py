"""What goes wrong, as application/problem+json (RFC 9457), in the sentences of the pages."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, MethodNotAllowed, NotAuthenticated
from rest_framework.response import Response

from leadportal.common.errors import Invalid, NotFound, Refused
from leads.exceptions import Clash

PROBLEM = "application/problem+json"


class TooMany(Refused):
    """The token has made too many calls; `wait` seconds to go."""

    status_code = 429

    def __init__(self, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait


class Stale(Refused):
    """It is no longer as the caller has seen it."""

    status_code = 412


class Unseen(Refused):
    """The caller does not say which version it has seen."""

    status_code = 428


class BadFields(Invalid):
    """Fields that a form has refused: every sentence of each, and the `choices` of those that have some."""

    def __init__(self, errors: dict[str, list[str]], choices: dict[str, Any]) -> None:
        super().__init__({name: " ".join(sentences) for name, sentences in errors.items()})
        self.every, self.choices = errors, choices


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an error of a view, None for one that is nobody's fault but ours."""
    if isinstance(error, Http404):
        error = NotFound()
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, APIException):
        return _not_understood(error)
    return None


def problem(status: int, detail: str, **more: Any) -> Response:
    """Return a problem; `more` are its further members."""
    title = HTTPStatus(status).phrase
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return Response(body, status=status, content_type=PROBLEM)


def _refused(error: Refused) -> Response:
    if isinstance(error, NotFound):
        return problem(404, _("There is nothing here that this token can see."))
    if isinstance(error, Clash):
        return problem(412, _("Somebody else has changed the same fields. Read the lead again."))
    if isinstance(error, BadFields):
        more = {"errors": error.every} | ({"choices": error.choices} if error.choices else {})
        return problem(422, error.sentence, **more)
    if isinstance(error, Invalid):
        errors = {name: [sentence] for name, sentence in error.errors.items()}
        return problem(422, error.sentence, errors=errors)
    response = problem(error.status_code, error.sentence or _("This is not allowed."))
    if isinstance(error, TooMany):
        response["Retry-After"] = str(error.wait)
    return response


def _not_understood(error: APIException) -> Response:
    """Answer what REST framework itself refuses: no token, a method, a media type, bad JSON."""
    sentence = str(error.detail)
    if isinstance(error, NotAuthenticated):
        sentence = _("Send a token: Authorization: Bearer lp_…")
    if isinstance(error, MethodNotAllowed):
        sentence = _("This address does not take this method.")
    response = problem(error.status_code, sentence)
    if challenge := getattr(error, "auth_header", ""):
        response["WWW-Authenticate"] = challenge
    return response
