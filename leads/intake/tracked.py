"""Tracked links: /t/<link>/<prospect>/ counts a visit and goes on, with pixel.gif an opened email."""

import base64

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from leads.intake.door import PublicView
from leads.services.scoring.links import follow

# One transparent dot.
_DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


class TrackedView(PublicView):
    """Goes on to the page or paper; the address is the link's own, never the visitor's."""

    http_method_names = ("get",)
    cache_control = "no-store"

    def get(self, request: HttpRequest, key: str, word: str) -> HttpResponse:
        """Count the visit and go on."""
        link = follow(key, word)
        if not link.address:
            return HttpResponse(_DOT, content_type="image/gif")
        return HttpResponseRedirect(link.address)


class PixelView(PublicView):
    """The picture of one dot in an email. An address that is not ours shows it, too: a mail has no error page."""

    http_method_names = ("get",)
    cache_control = "no-store"

    def get(self, request: HttpRequest, key: str, word: str) -> HttpResponse:
        """Count that the email was opened."""
        follow(key, word)
        return HttpResponse(_DOT, content_type="image/gif")
