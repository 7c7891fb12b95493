"""The description of the API, and answers held against it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

import requests
import schemathesis
from schemathesis import APIOperation, BaseSchema, Response

from leads.api.schema import described


@cache
def schema() -> BaseSchema:
    """Return the description as the tool reads it."""
    return schemathesis.openapi.from_dict(described())


@cache
def operations() -> dict[str, APIOperation]:
    """Return every operation by its name."""
    found = (result.ok() for result in schema().get_all_operations())
    return {one.definition.raw["operationId"]: one for one in found}


def check(name: str, answer: Any) -> None:
    """Fail when an answer of Django's test client is not what the description says of it."""
    operation = operations()[name]
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    asked = requests.Request(operation.method.upper(), "http://testserver/").prepare()
    headers = {key.lower(): [value] for key, value in answer.items()}
    status = answer.status_code
    response = Response(status, headers, content, asked, timedelta(0).total_seconds(), verify=True)
    operation.validate_response(response)
    declared = operation.definition.raw["responses"]
    assert str(status) in declared, (name, status, content)
    assert bool(content) == ("content" in declared[str(status)]), (name, status)


def names() -> Iterator[str]:
    """Return the names of all operations."""
    yield from operations()
