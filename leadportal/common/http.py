"""The request as the portal's views see it."""

from typing import Any

from django.http import HttpRequest


class PortalRequest(HttpRequest):
    """A request after `accounts.middleware`: `actor` is a Person, or None for visitors and public pages."""

    actor: Any
