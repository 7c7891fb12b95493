"""Mailboxes: the list, one with its log, its settings, pausing it, and trying it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after, wants_fragment
from leads.forms.mailboxes import NEW, MailboxForm, initial_of
from leads.rules.permissions import manages_sources
from leads.selectors.deliveries import with_last_delivery
from leads.selectors.mailboxes import mailboxes
from leads.selectors.sources import feeds
from leads.services.mailboxes import create_mailbox, edit_mailbox, test_mailbox
from leads.services.sources import replace_address, switch_source
from leads.views.sources import MailboxPage, log_of
from templates_app.views.pages import page_of


class MailboxesView(PortalView):
    """The mailboxes that the actor manages, by name."""

    permission = staticmethod(manages_sources)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show a page of them."""
        page = page_of(with_last_delivery(mailboxes(request.actor)), request)
        return render(request, "leads/mailboxes.html", {"page": page})


class NewMailboxView(FormPage):
    """Make a mailbox; its address waits on its page."""

    permission = staticmethod(manages_sources)
    template_name = "leads/mailbox_new.html"

    def build(self, data: Any = None) -> MailboxForm:
        """See FormPage."""
        has_address = bool(settings.INTAKE_MAIL)
        return MailboxForm(data, offered=self.offered, has_address=has_address, initial=NEW)

    @cached_property
    def offered(self) -> Any:
        """What the leads can be for."""
        return feeds(self.request.actor)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"is_possible": bool(self.offered)}

    def submit(self, form: MailboxForm) -> HttpResponse:
        """See FormPage."""
        feed = form.cleaned_data["feed"]
        made = create_mailbox(form.settings, feed=feed, actor=self.request.actor)
        said = _("%(mailbox)s is ready. Write a mail to it: it appears here within a minute.")
        messages.success(self.request, said % {"mailbox": made})
        return redirect_after(self.request, reverse("leads:mailbox", args=[made.pk]))


class MailboxView(MailboxPage):
    """One mailbox: its address, its settings, and the log of its mails, 25 a page. While it is tested, it follows."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show a page of the log; htmx asks how the test went."""
        context = {**log_of(self, request), "mailbox": self.source.mailbox}
        name = "leads/_mailbox_state.html" if wants_fragment(request) else "leads/mailbox.html"
        return render(request, name, context)


class EditMailboxView(MailboxPage, FormPage):
    """Change the settings; what the leads are for stays."""

    template_name = "leads/mailbox_edit.html"

    def build(self, data: Any = None) -> MailboxForm:
        """See FormPage."""
        has_address = bool(settings.INTAKE_MAIL)
        return MailboxForm(data, has_address=has_address, initial=initial_of(self.source))

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"source": self.source}

    def submit(self, form: MailboxForm) -> HttpResponse:
        """See FormPage."""
        edited = edit_mailbox(self.source, form.settings, actor=self.request.actor)
        messages.success(self.request, _("%(mailbox)s is saved.") % {"mailbox": edited})
        return redirect_after(self.request, self.home)


class TestMailboxView(MailboxPage):
    """Try to get in, by post alone: the worker does it."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Ask for it; the page that follows shows how it went."""
        test_mailbox(self.source, actor=request.actor)
        return redirect_after(request, self.home)


class MailboxAddressView(MailboxPage, ConfirmPage):
    """Replace the address, for one that others have got to know."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Replace the address of %(mailbox)s?") % {"mailbox": self.source},
            "sentences": [
                _(
                    "The present address stops working at once: mails to it go back to their senders."
                ),
            ],
            "button": _("Replace address"),
            "is_danger": True,
            "keep_url": self.home,
            "keep_label": _("Keep address"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        replace_address(self.source, actor=self.request.actor)
        messages.success(self.request, _("The address is new. Give it to those who write to it."))
        return redirect_after(self.request, self.home)


class PauseMailboxView(MailboxPage, ConfirmPage):
    """Pause a mailbox."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Pause %(mailbox)s?") % {"mailbox": self.source},
            "sentences": [
                _("Mails stay unread on the mail server."),
                _("What is sent to the address of the mailbox waits under Needs attention."),
            ],
            "button": _("Pause mailbox"),
            "is_danger": False,
            "keep_url": self.home,
            "keep_label": _("Keep mailbox"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        switched = switch_source(self.source, is_active=False, actor=self.request.actor)
        messages.success(self.request, _("%(mailbox)s is paused.") % {"mailbox": switched})
        return redirect_after(self.request, self.home)


class ResumeMailboxView(MailboxPage):
    """Use a mailbox again; a post without a question, because pausing undoes it."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Resume it."""
        switched = switch_source(self.source, is_active=True, actor=request.actor)
        messages.success(request, _("%(mailbox)s is in use again.") % {"mailbox": switched})
        return redirect_after(request, self.home)
