"""The door for webhooks: /intake/<token>/. Never answers with a redirect (webhooks.md 6)."""

import logging
from typing import Any, ClassVar

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.common import no_append_slash
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from leadportal.common import clock
from leads.enums import Proof, Shape, SubmissionState
from leads.exceptions import SentBefore
from leads.models import Source, Submission
from leads.rules.sources.addresses import unseal
from leads.rules.sources.body import (
    MOST_BYTES,
    OtherTypeError,
    UnreadableError,
    kept,
    read_body,
)
from leads.rules.sources.shapes import read_sent
from leads.rules.sources.signatures import is_proven
from leads.selectors.sources import source_at
from leads.services.deliveries import take_delivery
from leads.services.sources import count_delivery, note_refusal

logger = logging.getLogger(__name__)

TRY_AGAIN_AFTER = 30  # seconds


class TurnedAwayError(Exception):
    """A delivery that is not taken: nothing of it is stored."""

    def __init__(self, status: int, sentence: str, *, wait: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.wait = status, sentence, wait


# No cookie and no CSRF token by design: the sender is a machine, or a form on another site. A slash that is
# missing is an unknown address: a redirect would count as a failure, and lose the body.
@method_decorator([csrf_exempt, no_append_slash], name="dispatch")
class WebhookView(View):
    """Takes what one source sends: exactly 200 for whatever could be stored, with what became of it."""

    is_public: ClassVar[bool] = True
    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Store the delivery, make a lead of it, and answer with the receipt."""
        source = source_at(token)
        if source is None:
            return _answer(request, 404, reason=_("No source has this address."))
        try:
            return self._take(source, request)
        except TurnedAwayError as refusal:
            note_refusal(source, refusal.sentence)
            return _answer(request, refusal.status, reason=refusal.sentence, wait=refusal.wait)
        except DatabaseError:
            # Not stored, so not acknowledged: whoever sent it has to send it again.
            logger.exception("A delivery of %s could not be stored", source.door)
            return _answer(request, 503, reason=_("Try again in a moment."), wait=TRY_AGAIN_AFTER)

    def _take(self, source: Source, request: HttpRequest) -> HttpResponse:
        if not source.is_active:
            raise TurnedAwayError(404, _("This source is switched off."))
        if wait := count_delivery(source):
            raise TurnedAwayError(429, _("Too many deliveries within an hour."), wait=wait)
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = _body_of(request)
        tree: dict[str, Any] | None = None
        try:
            tree = read_body(headers.get("content-type", ""), body)
            payload = kept(tree)
        except OtherTypeError:
            sentence = _("Send JSON or a form: this content type is not read.")
            raise TurnedAwayError(415, sentence) from None
        except UnreadableError:
            payload = {}
        _check_proof(source, headers, body, tree or {})
        sent = read_sent(payload, shape=Shape(source.shape), headers=headers) if payload else None
        if sent is not None and sent.is_spam:
            return _answer(request, 200, reason=_("The sender calls it spam."))
        try:
            # Where a visitor sits is taken out of what can be read; the rest is kept to be read by a person.
            taken = take_delivery(
                source, sent, payload=payload, headers=headers, body=b"" if sent else body
            )
        except SentBefore as refusal:
            raise TurnedAwayError(422, refusal.sentence) from None
        return _became(request, taken)


def _body_of(request: HttpRequest) -> bytes:
    """Return the bytes of the delivery, read no further than the limit."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    body = b""
    if not length.isdigit() or int(length[:12]) <= MOST_BYTES:
        body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES or (length.isdigit() and int(length[:12]) > MOST_BYTES):
        raise TurnedAwayError(413, _("The delivery is larger than 256 KB."))
    return body


def _check_proof(
    source: Source, headers: dict[str, str], body: bytes, tree: dict[str, Any]
) -> None:
    if not is_proven(
        Proof(source.proof),
        secret=unseal(source.secret),
        headers=headers,
        body=body,
        tree=tree,
        now_ms=int(clock.now().timestamp() * 1000),
    ):
        raise TurnedAwayError(401, _("The signature or the secret is missing, wrong or too old."))


def _became(request: HttpRequest, submission: Submission) -> HttpResponse:
    if submission.state in {SubmissionState.ATTENTION, SubmissionState.SET_ASIDE}:
        return _answer(request, 200, reason=submission.sentence, receipt=submission.receipt)
    return _answer(request, 200, receipt=submission.receipt)


def _answer(
    request: HttpRequest, status: int, *, reason: str = "", receipt: str = "", wait: int = 0
) -> HttpResponse:
    """Answer a machine in JSON, and a visitor whose browser posted a plain form with a page of a few words."""
    told: dict[str, Any] = {"ok": not reason}
    told |= {"receipt": receipt} if receipt else {}
    told |= {"reason": reason} if reason else {}
    answer: HttpResponse = JsonResponse(told, status=status)
    if "text/html" in request.headers.get("Accept", ""):
        answer = render(request, "intake/received.html", told, status=status)
    answer.headers["Vary"] = "Accept"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    if wait:
        answer.headers["Retry-After"] = str(wait)
    return answer
