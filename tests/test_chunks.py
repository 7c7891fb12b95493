"""A body that comes in chunks, without a length, is read like any other (RFC 9112, 7.1)."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.test.client import ClientHandler, RequestFactory

from leadportal.common.bodies import with_lengths
from leads.models import Lead, Source, Submission
from tests.leads.intake.sending import make_source, path_of

BODY = b'{"email":"ana@northwind.example"}'


def handle(environ: dict[str, Any], _start_response: Any) -> Any:
    """Answer as Django does, in the test's transaction."""
    return ClientHandler()(environ)


def as_chunks(source: Source, body: bytes) -> dict[str, Any]:
    """Return what a server hands over of a body that came in chunks."""
    environ = RequestFactory().post(path_of(source), content_type="application/json").environ
    del environ["CONTENT_LENGTH"]
    return {**environ, "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": BytesIO(body)}


def test_a_delivery_in_chunks_is_a_lead(cast):
    source = make_source(cast.olga, f"listing-{cast.listing.pk}")
    answer: Any = with_lengths(handle)(as_chunks(source, BODY), print)
    assert answer.status_code == 200
    assert Lead.objects.get().email == "ana@northwind.example"


def test_one_too_large_is_refused_before_anything_reads_it():
    told: list[str] = []
    environ = {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": BytesIO(b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)),
    }
    with_lengths(handle)(environ, lambda status, _headers: told.append(status))
    assert told == ["413 Request Entity Too Large"]


def test_control_django_alone_reads_nothing_of_it(cast):
    source = make_source(cast.olga, f"listing-{cast.listing.pk}")
    assert b"cannot be read" in handle(as_chunks(source, BODY), print).content
    assert Submission.objects.exists()
    assert not Lead.objects.exists()
