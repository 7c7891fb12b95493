"""The API on a page: every call, what it asks and answers, read from the description itself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property

from accounts.rules.permissions import manages_tokens
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView
from leads.api.schema import described
from leads.rules.permissions import anybody

METHODS = ("get", "post", "put", "patch", "delete")


class DocsView(PortalView):
    """For the people who write the programs. Plain HTML: no script, nothing from outside."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the calls by their subject."""
        context = {"groups": self.groups.items(), "may_make_tokens": manages_tokens(request.actor)}
        return render(request, "api/docs.html", context)

    @cached_property
    def groups(self) -> dict[str, list[dict[str, Any]]]:
        """The calls of each subject, in the order of their addresses."""
        found: dict[str, list[dict[str, Any]]] = {}
        for address, methods in described()["paths"].items():
            for method in METHODS:
                if call := methods.get(method):
                    line = _shown(address, method, call)
                    found.setdefault(call["tags"][0], []).append(line)
        return found


def _shown(address: str, method: str, call: dict[str, Any]) -> dict[str, Any]:
    parts = call.get("parameters", [])
    content = call.get("requestBody", {}).get("content", {})
    body: dict[str, Any] = next((one["schema"] for one in content.values()), {})
    needed = body.get("required", [])
    fields = [
        {"name": name, "is_required": name in needed, **_type(schema)}
        for name, schema in body.get("properties", {}).items()
    ]
    return {
        "id": call["operationId"],
        "method": method.upper(),
        "address": address,
        "summary": call["summary"],
        "scope": call["description"],
        "query": [
            {"name": one["name"], **_type(one["schema"])} for one in parts if one["in"] == "query"
        ],
        "headers": [one["name"] for one in parts if one["in"] == "header"],
        "fields": fields,
        "answers": list(call["responses"]),
    }


def _type(schema: dict[str, Any]) -> dict[str, str]:
    """Return how a value looks, in a few words."""
    inner = schema.get("items", schema)
    words = ", ".join(str(one) for one in inner.get("enum", []) if one != "")
    kind = inner.get("format") or inner.get("type", "")
    return {
        "type": f"{kind} …" if "items" in schema else kind,
        "words": words,
        "about": schema.get("description", ""),
    }
