"""The description of the API (OpenAPI), made of the declarations that the views go by."""

from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.generic import View
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse

from leads.api.bodies import JSON_TYPE
from leads.api.errors import PROBLEM
from leads.api.operations import Operation
from leads.api.serializers.base import Problem

KEPT_FOR = "max-age=300"
_TEXT = {"type": "string", "maxLength": 255}
_HEADERS = {
    "Idempotency-Key": "The same call with the same key is done once; its answer comes again for 24 hours.",
    "If-Match": "The ETag that came when you read it; another one is answered with 412.",
}


class TokenScheme(OpenApiAuthenticationExtension):
    """How callers say who they are."""

    target_class = "leads.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """See drf-spectacular."""
        return {"type": "http", "scheme": "bearer", "description": "An API token: lp_…"}


class PortalSchema(AutoSchema):
    """Describes a method of a view from its `Operation`."""

    @property
    def operation(self) -> Operation:
        """The declaration."""
        declared: Mapping[str, Operation] = self.view.operations
        return declared[self.method.lower()]

    def is_excluded(self) -> bool:
        """See drf-spectacular: a view that only refuses is no part of the API."""
        return self.method.lower() not in getattr(self.view, "operations", {})

    def get_operation_id(self) -> str:
        """See drf-spectacular."""
        return self.operation.name

    def get_summary(self) -> str:
        """See drf-spectacular."""
        return self.operation.summary

    def get_description(self) -> str:
        """See drf-spectacular."""
        return f"Scope: {self.operation.scope.value}."

    def get_tags(self) -> list[str]:
        """See drf-spectacular."""
        return [self.operation.tag]

    def get_request_serializer(self) -> Any:
        """See drf-spectacular."""
        return {JSON_TYPE: self.operation.body.schema} if self.operation.body else None

    def _get_parameters(self) -> list[dict[str, Any]]:
        variables = {"in": "path", "required": True}
        path = self._resolve_path_parameters(_names(self.path))
        query = [_parameter(name, schema) for name, schema in self.operation.query.items()]
        sent = ["Idempotency-Key"] if self.operation.changes else []
        sent += ["If-Match"] if self.operation.is_matched else []
        headers = [
            {"in": "header", "name": name, "description": _HEADERS[name], "schema": _TEXT}
            for name in sent
        ]
        return [*({**one, **variables} for one in path), *query, *headers]

    def get_response_serializers(self) -> Any:
        """See drf-spectacular."""
        found: dict[Any, Any] = {}
        for status, answer in self.operation.answers.items():
            if isinstance(answer, str):
                found[(status, answer)] = bytes
            else:
                words = HTTPStatus(status).phrase
                found[(status, JSON_TYPE)] = OpenApiResponse(answer, description=words)
        for status in self.operation.refusals:
            words = HTTPStatus(status).phrase
            found[(status, PROBLEM)] = OpenApiResponse(Problem, description=words)
        return found


def _names(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"in": "query", "name": name, "schema": schema}
    if schema.get("type") == "array":
        found |= {"style": "form", "explode": True}
    return found


@cache
def described() -> dict[str, Any]:
    """Return the description; made once, as nothing in it changes while the portal runs."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


class SchemaView(View):
    """The description, for programs that read it. It says nothing about anybody's data."""

    is_public = True

    def get(self, request: HttpRequest) -> JsonResponse:
        """Answer with JSON."""
        return JsonResponse(described(), headers={"Cache-Control": KEPT_FOR})
