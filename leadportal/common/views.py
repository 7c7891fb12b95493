"""The base of every signed-in page: nobody comes in unless the view says who may (security.md R4)."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.generic import View

from leadportal.common.http import PortalRequest


def wants_fragment(request: HttpRequest) -> bool:
    """Say whether htmx asks for the fragment of a page (ux.md G2); a restored page wants the whole."""
    return (
        request.headers.get("HX-Request") == "true"
        and request.headers.get("HX-History-Restore-Request") != "true"
    )


def redirect_after(request: HttpRequest, url: str) -> HttpResponse:
    """Answer a successful post: a redirect, or for a dialog the header that htmx follows."""
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


class PortalView(View):
    """A page for a signed-in person. `permission` takes the actor and says whether the page exists for it.

    Anonymous visitors are sent to sign-in (302). A page that the actor's roles do not have answers 404,
    like an address that does not exist. A subclass without `permission` answers 404 to everybody.
    What a page asks for by itself `is_background`: nobody did anything, so a session ends all the same.
    """

    permission: Callable[[Any], bool] | None = None
    is_background = False

    request: PortalRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Check the door, then answer; every answer varies by the htmx headers."""
        actor = cast(PortalRequest, request).actor
        if actor is None:
            response: HttpResponseBase = redirect_to_login(self._way_back(request))
        else:
            permission = type(self).permission
            if permission is None or not permission(actor):
                raise Http404
            response = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
        return response

    def _way_back(self, request: HttpRequest) -> str:
        """Return where sign-in leads: here, or to the first page where this address shows nothing."""
        return request.get_full_path() if hasattr(self, "get") else reverse("home")
