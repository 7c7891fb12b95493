"""What somebody was told: the bell's number, the page, and marking as read (ux.md N4)."""

from urllib.parse import parse_qsl, urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.inbox import InboxFilterForm
from leads.models import InboxItem
from leads.rules.permissions import anybody
from leads.selectors.attention import waiting_count
from leads.selectors.inbox import (
    ORDER,
    inbox_items,
    inbox_page,
    note_of,
    own_item,
    unread_count,
)
from leads.services.inbox import mark_read
from leads.views.pages import LONGEST_WAY, lead_url, number_from
from leads.views.paging import cursor_after

ITEMS_MOST = 100
FILTERS = ("kind", "from", "to")


class InboxView(PortalView):
    """Unread first, grouped by lead, by kind and day; 25 items a page."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show a page; a cursor that is none shows the first, filters that name nothing a sentence."""
        asked = any(request.GET.get(name) for name in FILTERS)
        form = InboxFilterForm(request.GET if asked else None)
        cursor = cursor_after(request, ORDER, InboxItem)
        rows = inbox_items(request.actor, **form.chosen())
        page = inbox_page(rows, request.actor, cursor=cursor)
        first_url = _address(form.query)
        context = {
            "form": form,
            "page": page,
            "is_continued": cursor is not None,
            "zone": timezone.get_current_timezone_name(),
            "here": request.META["QUERY_STRING"],
            "newest_url": first_url if cursor else "",
            "next_url": _address(form.query, urlencode({"after": page.next})) if page.next else "",
        }
        return render(request, "leads/inbox.html", context)


class InboxCountView(PortalView):
    """The numbers beside the bell and *Needs attention*: a fragment that every page asks for once it stands."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the fragment; never kept, because it changes behind the page's back."""
        context = {
            "count": unread_count(request.actor),
            "attention": waiting_count(request.actor),
        }
        answer = render(request, "leads/_unread.html", context)
        answer["Cache-Control"] = "no-store"
        return answer


class InboxItemView(PortalView):
    """The way from an item to the very change that it tells of."""

    permission = staticmethod(anybody)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Go there, and mark the item as read; 404 for what the person may not read."""
        item = own_item(request.actor, pk)
        if item.is_unread:
            mark_read(items=[item.pk], actor=request.actor)
        return HttpResponseRedirect(_change(item))


class InboxReadView(PortalView):
    """Mark items as read, or all of them."""

    permission = staticmethod(anybody)

    def post(self, request: PortalRequest) -> HttpResponse:
        """Mark the items that the post names, without any all that there were when the page was shown."""
        items = [number_from(text) for text in request.POST.getlist("item")[:ITEMS_MOST]]
        until = number_from(request.POST.get("until"))
        if items:
            mark_read(items=[item for item in items if item is not None], actor=request.actor)
        elif until is not None:
            mark_read(until=until, actor=request.actor)
        back = parse_qsl(request.POST.get("back", "")[:LONGEST_WAY])
        return redirect_after(request, _address(urlencode(back, errors="replace")))


def _address(*queries: str) -> str:
    query = "&".join(one for one in queries if one)
    return f"{reverse('leads:inbox')}{'?' if query else ''}{query}"


def _change(item: InboxItem) -> str:
    """Return where the change stands: the note, or the line of history, which is on top of its page."""
    if item.lead is None:
        return item.address
    if note := note_of(item):
        return f"{lead_url(item.lead)}#note-{note}"
    query = urlencode({"before": (item.line or 0) + 1})
    return f"{reverse('leads:history', args=[item.lead.reference])}?{query}#line-{item.line}"
