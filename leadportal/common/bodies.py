"""Bodies without a length: Django reads as far as Content-Length says, so what came in chunks would be empty for it."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Any

from django.conf import settings

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def with_lengths(application: Application) -> Application:
    """Return the WSGI application with each body that comes in chunks read first, and its length said.

    One beyond DATA_UPLOAD_MAX_MEMORY_SIZE is refused with 413: browsers say the length of files.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" in environ:
            most: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            body = environ["wsgi.input"].read(most + 1)
            if len(body) > most:
                return _too_large(start_response)
            environ = {**environ, "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return application(environ, start_response)

    return answer


def _too_large(start_response: Callable[..., Any]) -> Iterable[bytes]:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    start_response(f"{status.value} {status.phrase}", [("Content-Type", "text/plain")])
    return [status.phrase.encode()]
