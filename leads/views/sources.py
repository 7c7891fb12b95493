"""Webhook sources: the list, one with its log, its settings, its address, and which key fills what."""

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.http import PortalRequest
from leadportal.common.pagination import BadCursorError, Cursor
from leadportal.common.views import PortalView, redirect_after
from leads.forms.sources import SourceForm, initial_of
from leads.models import Source, Submission
from leads.rules.permissions import manages_sources
from leads.selectors.deliveries import ORDER, log, with_last_delivery
from leads.selectors.mailboxes import mailbox
from leads.selectors.sources import feeds, source, sources
from leads.services.sources import (
    create_source,
    edit_source,
    replace_address,
    switch_source,
)
from templates_app.views.pages import page_of

NEW = {"shape": "auto", "proof": "address", "posts_per_hour": 600}


class SourcesView(PortalView):
    """The sources that the actor manages, by name."""

    permission = staticmethod(manages_sources)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show a page of them."""
        page = page_of(with_last_delivery(sources(request.actor)), request)
        return render(request, "leads/sources.html", {"page": page})


class NewSourceView(FormPage):
    """Make a source; its address waits on its page."""

    permission = staticmethod(manages_sources)
    template_name = "leads/source_new.html"

    def build(self, data: Any = None) -> SourceForm:
        """See FormPage."""
        return SourceForm(data, offered=self.offered, initial=NEW)

    @cached_property
    def offered(self) -> Any:
        """What the leads can be for."""
        return feeds(self.request.actor)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"is_possible": bool(self.offered)}

    def submit(self, form: SourceForm) -> HttpResponse:
        """See FormPage."""
        feed = form.cleaned_data["feed"]
        made = create_source(form.settings, feed=feed, actor=self.request.actor)
        said = _("%(source)s is ready. Copy its address into the settings of the sender.")
        messages.success(self.request, said % {"source": made})
        return redirect_after(self.request, source_url(made))


@dataclass(frozen=True)
class Names:
    """What the pages of a kind of source are called; but for the title they are names of addresses."""

    title: Any
    list: str
    one: str

    @property
    def mapping(self) -> str:
        """Which key fills what."""
        return f"{self.one}_mapping"

    @property
    def delivery(self) -> str:
        """Something that it brought."""
        return f"{self.one}_delivery"

    @property
    def replay(self) -> str:
        """Trying that again."""
        return f"{self.one}_replay"


SOURCES = Names(_lazy("Webhook sources"), "leads:sources", "leads:source")
MAILBOXES = Names(_lazy("Mailboxes"), "leads:mailboxes", "leads:mailbox")


class SourcePage(PortalView):
    """A page about the source that the address names; 404 for one that the actor does not manage."""

    permission = staticmethod(manages_sources)
    names: ClassVar[Names] = SOURCES

    @cached_property
    def source(self) -> Source:
        """The source."""
        return source(self.request.actor, self.kwargs["pk"])

    @property
    def home(self) -> str:
        """The address of its page."""
        return reverse(self.names.one, args=[self.source.pk])


class MailboxPage(SourcePage):
    """A page about the mailbox that the address names."""

    names = MAILBOXES

    @cached_property
    def source(self) -> Source:
        """The mailbox, as a source."""
        return mailbox(self.request.actor, self.kwargs["pk"])


class SourceView(SourcePage):
    """One source: its address, its settings, and the log of what it delivered, 25 deliveries a page."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show a page of the log; a cursor that is none shows the first."""
        context = log_of(self, request)
        return render(request, "leads/source.html", context)


class EditSourceView(SourcePage, FormPage):
    """Change the settings; what the leads are for stays."""

    template_name = "leads/source_edit.html"

    def build(self, data: Any = None) -> SourceForm:
        """See FormPage."""
        return SourceForm(data, initial=initial_of(self.source))

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"source": self.source}

    def submit(self, form: SourceForm) -> HttpResponse:
        """See FormPage."""
        edited = edit_source(self.source, form.settings, actor=self.request.actor)
        messages.success(self.request, _("%(source)s is saved.") % {"source": edited})
        return redirect_after(self.request, source_url(edited))


class SourceAddressView(SourcePage, ConfirmPage):
    """Replace the address, for one that others have got to know."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Replace the address of %(source)s?") % {"source": self.source},
            "sentences": [
                _("The present address stops working at once."),
                _("Deliveries are lost until the sender has the new one."),
            ],
            "button": _("Replace address"),
            "is_danger": True,
            "keep_url": source_url(self.source),
            "keep_label": _("Keep address"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        replaced = replace_address(self.source, actor=self.request.actor)
        messages.success(self.request, _("The address is new. Give it to the sender."))
        return redirect_after(self.request, source_url(replaced))


class SourceOffView(SourcePage, ConfirmPage):
    """Switch a source off."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Switch off %(source)s?") % {"source": self.source},
            "sentences": [
                _("Its deliveries are turned away until you use it again."),
                _("The leads that it has brought stay."),
            ],
            "button": _("Switch off source"),
            "is_danger": True,
            "keep_url": source_url(self.source),
            "keep_label": _("Keep source"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        switched = switch_source(self.source, is_active=False, actor=self.request.actor)
        messages.success(self.request, _("%(source)s is switched off.") % {"source": switched})
        return redirect_after(self.request, source_url(switched))


class SourceOnView(SourcePage):
    """Use a source again; a post without a question, because switching off undoes it."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Switch it on."""
        switched = switch_source(self.source, is_active=True, actor=request.actor)
        messages.success(request, _("%(source)s is in use again.") % {"source": switched})
        return redirect_after(request, source_url(switched))


def source_url(row: Source) -> str:
    """Return the address of a source's page."""
    return reverse("leads:source", args=[row.pk])


def log_of(page: SourcePage, request: PortalRequest) -> dict[str, Any]:
    """Return what the page of a source shows of what came; a cursor that is none shows the newest."""
    cursor = _cursor(request)
    found = log(page.source, request.actor, cursor=cursor)
    return {
        "source": page.source,
        "names": page.names,
        "log": found,
        "newest_url": page.home if cursor else "",
        "next_url": f"?{urlencode({'after': found.next})}" if found.next else "",
    }


def _cursor(request: PortalRequest) -> Cursor | None:
    try:
        return Cursor.read(request.GET.get("after", ""), ORDER, Submission)
    except BadCursorError:
        return None
