"""Leads that have come since a page of the list was made: its rows stay, a bar offers them (ux.md L40)."""

from datetime import UTC, datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import dateformat, timezone
from django.utils.translation import gettext, ngettext

from leadportal.common import clock
from leadportal.common.http import PortalRequest
from leadportal.common.pagination import Count
from leadportal.common.views import PortalView
from leads.filters import Asked
from leads.rules.permissions import sees_leads
from leads.selectors.newer import newer_count
from leads.tables import NEWEST_FIRST
from leads.views.pages import number_from

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


def written(moment: datetime) -> str:
    """Return a moment as an address carries it."""
    return str((moment - _EPOCH) // _STEP)


def read(text: str | None) -> datetime:
    """Return the moment that an address carries; the present for one to come, and for what is none."""
    present = clock.now()
    number = number_from(text)
    return present if number is None else _EPOCH + min(number * _STEP, present - _EPOCH)


class NewerLeadsView(PortalView):
    """What every page of the list asks for as long as somebody looks at it: list, cards and board alike."""

    permission = staticmethod(sees_leads)
    is_background = True

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the line of the bar, or nothing (204). The address is that of the list, and `since`."""
        asked = Asked(request.GET, request.actor)
        since = read(request.GET.get("since"))
        count = newer_count(asked.filters.qs, asked.sought, since)
        if not count.number:
            return HttpResponse(status=204)
        # In another order they would stand anywhere.
        show_url = asked.address(sort=NEWEST_FIRST.word)
        context = {"words": _words(count, since), "show_url": show_url}
        return render(request, "leads/_newer.html", context)


def _words(count: Count, since: datetime) -> str:
    local, present = timezone.localtime(since), timezone.localtime(clock.now())
    is_today = local.date() == present.date()
    words = {
        "count": count.words,
        "time": dateformat.format(local, "H:i" if is_today else "j M, H:i"),
    }
    if not count.is_exact:
        # Translators: %(count)s is like "more than 100", %(time)s like 18:40.
        return gettext("There are %(count)s new leads since %(time)s.") % words
    return (
        # Translators: %(time)s is like 18:40, or 21 Nov, 18:40.
        ngettext(
            "%(count)s new lead since %(time)s.",
            "%(count)s new leads since %(time)s.",
            count.number,
        )
        % words
    )
