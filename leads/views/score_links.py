"""A company's tracked links: what they count as, where they go, and their address for one prospect."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common.errors import NotFound
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.score_pages import LinkForm
from leads.models import TrackedLink
from leads.rules.permissions import edits_scoring
from leads.rules.scoring.kinds import BehaviourKind
from leads.selectors.score_pages import links
from leads.services.scoring.links import LinkSettings, create_link, edit_link, switch_link


class LinksView(PortalView):
    """The list."""

    permission = staticmethod(edits_scoring)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show it."""
        return render(request, "leads/score_links.html", {"links": list(links(request.actor))})


class LinkPage(FormPage):
    """The form of a link."""

    permission = staticmethod(edits_scoring)
    template_name = "leads/score_link.html"

    def build(self, data: Any = None) -> LinkForm:
        """See FormPage."""
        return LinkForm(data)

    def store(self, wanted: LinkSettings) -> TrackedLink:
        """Call the service."""
        return create_link(wanted, actor=self.request.actor)

    def submit(self, form: LinkForm) -> HttpResponse:
        """See FormPage."""
        data = form.cleaned_data
        wanted = LinkSettings(
            data["name"], BehaviourKind(data["kind"]), data["about"], data["address"]
        )
        stored = self.store(wanted)
        messages.success(self.request, _("%(link)s is saved.") % {"link": stored})
        return redirect_after(self.request, reverse("leads:score_links"))


class NewLinkView(LinkPage):
    """Add a link."""


class OfLink(PortalView):
    """A page about the link that the address names."""

    permission = staticmethod(edits_scoring)

    @cached_property
    def link(self) -> TrackedLink:
        """The link. Raises NotFound."""
        found = links(self.request.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise NotFound
        return found


class LinkView(OfLink, LinkPage):
    """Change a link."""

    def build(self, data: Any = None) -> LinkForm:
        """See FormPage."""
        names = ("name", "kind", "about", "address")
        return LinkForm(data, initial={name: getattr(self.link, name) for name in names})

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"link": self.link}

    def store(self, wanted: LinkSettings) -> TrackedLink:
        """See LinkPage."""
        return edit_link(self.link, wanted, actor=self.request.actor)


class SwitchLinkView(OfLink):
    """Let visits count, or no more."""

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Switch it."""
        is_active = request.POST.get("to") == "on"
        switched = switch_link(self.link, is_active=is_active, actor=request.actor)
        said = (
            _("Visits of %(link)s count.") if is_active else _("Visits of %(link)s do not count.")
        )
        messages.success(request, said % {"link": switched})
        return redirect_after(request, reverse("leads:score_links"))
