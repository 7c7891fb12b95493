"""A program: calls the API with a key, over a client that keeps no cookie of anybody."""

import json
from typing import Any

from django.test import Client


class Caller:
    """Calls with one key; `headers` of a call come on top."""

    def __init__(self, key: str) -> None:
        self.key, self.client = key, Client()

    def __call__(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: dict[str, str] | None = None,
        query: Any = None,
    ) -> Any:
        """Call an address below /api/v1/ and return the answer."""
        sent = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        raw: Any = (
            {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        )
        address = path if path.startswith("/") else f"/api/v1/{path}"
        return self.client.generic(
            method.upper(), address, headers={**sent, **(headers or {})}, query_params=query, **raw
        )

    def get(self, path: str, **query: Any) -> Any:
        return self("get", path, query=query or None)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self("post", path, {} if body is None else body, headers=named)
