"""Turn refusals into pages, in one place for every door."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import page_not_found

from leadportal.common.errors import NotFound, Refused


class RefusalMiddleware:
    """Answer `Refused` with its own status and sentence; `NotFound` with the page of an unknown address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal that no view has handled."""
        if isinstance(exception, NotFound):
            return page_not_found(request, Http404(exception.sentence))
        if isinstance(exception, Refused):
            return render(
                request,
                "refused.html",
                {
                    "sentence": exception.sentence,
                    "status": exception.status_code,
                    "address": exception.address,
                },
                status=exception.status_code,
            )
        return None
