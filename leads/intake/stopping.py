"""The one-click stop of a mail: /stop/<token>/, without sign-in (RFC 8058, ux.md N3)."""

from django.http import HttpRequest, HttpResponse

from leads.intake.door import PublicView
from leads.rules.notices import WORDS
from leads.services.notice_settings import kinds_to_stop, stop_mails


class StopView(PublicView):
    """Stops mails about what the token names, for the person that it was made for."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask: programs that look at links in mails must stop nothing."""
        words = [WORDS[kind] for kind in kinds_to_stop(token)]
        return self.show("intake/stop.html", {"words": words})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Stop them."""
        words = [WORDS[kind] for kind in stop_mails(token)]
        return self.show("intake/stop.html", {"words": words, "is_stopped": True})
