"""Find out who asks: once per request, and only when somebody wants to know."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors.actors import actor_of
from accounts.services.typed import keep_typed, take_typed
from leadportal.common import clock
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView

# A session ends SESSION_COOKIE_AGE after the last activity; it is written again at most this often.
TOUCH_EVERY = timedelta(minutes=10)


class ActorMiddleware:
    """Set `request.actor` before a view runs: the person at work, or None for visitors.

    Views marked with `is_public` are never asked who visits, so they need neither a cookie nor a query
    (security.md R24). Signed-in people get their own time zone for the answer. An account that works at no
    company has no page: staff are sent to Django admin, anybody else reads why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request; the zone goes back to UTC afterwards."""
        cast(PortalRequest, request).actor = None
        with timezone.override(settings.TIME_ZONE):
            return self.get_response(request)

    def process_view(
        self,
        request: PortalRequest,
        view: Callable[..., HttpResponse],
        args: object,
        kwargs: object,
    ) -> HttpResponse | None:
        """Look the actor up, unless the view is public; answer for accounts without a company."""
        view_class = getattr(view, "view_class", None)
        if getattr(view_class, "is_public", False):
            return None
        is_page = isinstance(view_class, type) and issubclass(view_class, PortalView)
        is_background = getattr(view_class, "is_background", False)
        if is_page and not is_background:
            _tell_ended_session(request)
        if not request.user.is_authenticated:
            return None
        if not is_background:
            _touch_session(request)
        timezone.activate(clock.zone_called(request.user.time_zone))
        request.actor = actor_of(request.user)
        if request.method == "GET" and is_page and not is_background:
            session, user_id = request.session, request.user.pk
            request.typed = take_typed(session, path=request.path, user_id=user_id)
        if is_page and request.actor is None:
            return _without_company(request)
        return None


def _tell_ended_session(request: PortalRequest) -> None:
    """Say on the sign-in page that comes next why the person has to sign in again (ux.md 4.2)."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return
    if request.session.get(SESSION_KEY) is None and request.session.session_key is None:
        sentence = _("You were signed out after 8 hours without activity. Sign in to continue.")
        if request.method == "POST" and _keep_typed(request) and request.POST.get("body"):
            sentence = f"{sentence} {_('Your note has been kept.')}"
        messages.info(request, sentence)


def _keep_typed(request: PortalRequest) -> bool:
    pairs = ((name, value) for name, values in request.POST.lists() for value in values)
    ended = request.COOKIES[settings.SESSION_COOKIE_NAME]
    return keep_typed(request.session, path=request.path, fields=pairs, ended=ended)


def _without_company(request: PortalRequest) -> HttpResponse:
    if request.user.is_staff:
        return HttpResponseRedirect(reverse("admin:index"))
    return render(request, "accounts/no_company.html", status=403)


def _touch_session(request: PortalRequest) -> None:
    """Keep a session alive that is in use, without a write on every page."""
    present = int(clock.now().timestamp())
    if present - request.session.get("seen", 0) > TOUCH_EVERY.total_seconds():
        request.session["seen"] = present
