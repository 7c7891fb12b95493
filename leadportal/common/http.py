"""The request as the portal's views see it."""

from typing import Any

from django.http import HttpRequest


class PortalRequest(HttpRequest):
    """A request after `accounts.middleware`: `actor` is a Person, or None for visitors and public pages.

    `typed` is what the person had typed into this page's form when the session ended.
    """

    actor: Any
    typed: Any
