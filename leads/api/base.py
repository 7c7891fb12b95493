"""The base of every view of the API: token, rate, role, scope; and changes that are made once."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.cache import patch_vary_headers
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Person
from accounts.models import ApiToken
from leadportal.common.errors import Forbidden, NotFound, Refused
from leads.api.bodies import refuse_unknown
from leads.api.errors import Stale, TooMany, Unseen
from leads.api.operations import Operation
from leads.api.schema import PortalSchema
from leads.models import Lead
from leads.models.selling import Sale
from leads.services.answers import HEADER, Given, answer_once
from leads.services.limits import Counted, count_within
from leads.services.selling import lock_sale
from leads.services.writing import lock_version

MINUTE = timedelta(minutes=1)
KEY_LENGTH = 255


class JsonAlways(DefaultContentNegotiation):
    """JSON, whatever a caller accepts: there is nothing else."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        """See REST framework."""
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """A view for programs. `operations` declares its methods; one that is not there is refused with 405.

    `permission` takes the actor and says whether the address exists for its role (404), as on pages. It is
    public for the middleware: a session is neither looked at nor touched.
    """

    is_public = True
    content_negotiation_class = JsonAlways
    schema = PortalSchema()
    permission: Callable[[Person], bool] | None = None
    operations: ClassVar[Mapping[str, Operation]] = {}

    counted: Counted | None = None

    @property
    def actor(self) -> Person:
        """The maker of the token in the token's role."""
        return self.request.user

    @property
    def token(self) -> ApiToken:
        """The token."""
        return self.request.auth

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the door in this order: token, rate, role, method, scope, parameters."""
        super().initial(request, *args, **kwargs)
        if request.auth is None:
            self.permission_denied(request)
        self._count()
        permission = type(self).permission
        if permission is None or not permission(self.actor):
            raise NotFound
        operation = self.operations.get((request.method or "").lower())
        if operation is None:
            raise MethodNotAllowed(request.method or "")
        if operation.scope.value not in self.token.scopes:
            sentence = _("This token does not have the scope “%(scope)s”.")
            raise Forbidden(sentence % {"scope": operation.scope.value})
        unknown = _("There is no parameter called “%(name)s” here.")
        refuse_unknown(request.query_params, operation.query, unknown)
        if operation.body:
            operation.body.check_names(request.data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Say how many calls are left; nothing is kept on the way."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Authorization"])
        if self.counted:
            response["RateLimit-Limit"] = str(self.counted.most)
            response["RateLimit-Remaining"] = str(self.counted.left)
            response["RateLimit-Reset"] = str(self.counted.seconds)
        return response

    def _count(self) -> None:
        key = salted_hmac("leads.api", str(self.token.pk), algorithm="sha256").hexdigest()
        most = settings.API_CALLS_PER_MINUTE
        self.counted = count_within(key, most=most, window=MINUTE)
        if wait := self.counted.wait:
            sentence = _(
                "This token has made %(most)s calls within a minute. Wait %(wait)s seconds."
            )
            raise TooMany(sentence % {"most": most, "wait": wait}, wait)

    # --- Changes ---------------------------------------------------------------------------------

    def once(self, make: Callable[[], Given]) -> Response:
        """Answer a change: made in one transaction, and with an Idempotency-Key only the first time."""
        key = self._key()
        if not key:
            with transaction.atomic():
                given = make()
        else:
            given = answer_once(self.token, key=key, digest=self._digest(), make=make)
        response = answer(given)
        if given.is_repeated:
            response["Idempotency-Replayed"] = "true"
        return response

    def match(self, lead: Lead, *, is_needed: bool = False) -> int:
        """Lock the lead and compare it with If-Match; return its version. Raises Stale, Unseen."""
        seen = self._seen(is_needed=is_needed)
        version = lock_version(lead, actor=self.actor)
        _compare(version, seen)
        return version

    def match_sale(self, sale: Sale, *, is_needed: bool = False) -> None:
        """Do the same with a deal, quote or order that the actor may change. Raises as `lock_sale`, too."""
        seen = self._seen(is_needed=is_needed)
        _compare(lock_sale(sale, actor=self.actor).version, seen)

    def _seen(self, *, is_needed: bool) -> list[str]:
        """Return what If-Match says the caller has seen."""
        seen = [one.strip() for one in self.request.headers.get("If-Match", "").split(",")]
        if is_needed and not any(seen):
            raise Unseen(_("Send If-Match with the ETag that came when you read it."))
        return seen

    def _key(self) -> str:
        key = self.request.headers.get(HEADER, "").strip()
        if len(key) > KEY_LENGTH or not (key.isascii() and (key.isprintable() or not key)):
            sentence = _("Idempotency-Key must be up to %(most)s printable characters.")
            raise Refused(sentence % {"most": KEY_LENGTH})
        return key

    def _digest(self) -> str:
        asked = [
            self.request.method,
            self.request.get_full_path(),
            self.request.headers.get("If-Match", ""),
            self.request.data,
        ]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


def answer(given: Given) -> Response:
    """Return what was given as a response."""
    return Response(given.body, status=given.status, headers=dict(given.headers))


def etag(version: int) -> str:
    """Return the version of a lead, deal, quote or order as a header says it."""
    return f'"{version}"'


def _compare(version: int, seen: list[str]) -> None:
    if any(seen) and "*" not in seen and etag(version) not in seen:
        raise Stale(_("This has changed since you read it. Read it again."))


def plain(data: Any) -> Any:
    """Return what a serializer made as it is kept: as its JSON says it."""
    return json.loads(JSONRenderer().render(data))
