"""Addresses that the API does not have: JSON as well, and no redirect to one that looks alike."""

from http import HTTPStatus

from django.http import HttpRequest, JsonResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from leads.api.errors import PROBLEM


@method_decorator(csrf_exempt, name="dispatch")
class UnknownView(View):
    """404, whoever asks, for every method."""

    is_public = True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> JsonResponse:
        """Answer."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus.NOT_FOUND.phrase,
            "status": 404,
            "detail": _("There is no such address. All of them end in a slash."),
        }
        return JsonResponse(body, status=404, content_type=PROBLEM)
