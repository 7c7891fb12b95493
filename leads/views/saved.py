"""Saved views: kept, overwritten, and the page that manages them (ux.md L19 to L22)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.errors import Conflict, Forbidden
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after, wants_fragment
from leads.filters import PRESETS, Asked, View, Views
from leads.filters.views import EVERYTHING
from leads.forms.views import DefaultViewsForm, ViewNameForm
from leads.models import SavedView
from leads.rules.permissions import sees_leads, sets_default_views
from leads.selectors.views import default_pins
from leads.services.views import (
    add_view,
    delete_view,
    overwrite_view,
    pin_by_default,
    pin_views,
    rename_view,
    share_view,
)
from leads.views.listing import view_url
from leads.views.memory import keep_view, last_view
from leads.views.paging import Link


class ViewsView(PortalView):
    """The views that the actor has, with what it can do with each."""

    permission = staticmethod(sees_leads)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the page; as a fragment the saved views that are no tabs, for the menu above the leads."""
        views = Views(request.actor)
        pinned = {view.word for view in views.pinned}
        if wants_fragment(request):
            more = [
                Link(view.label, view_url(view)) for view in views.saved if view.word not in pinned
            ]
            return render(request, "leads/_more_views.html", {"tabs": more})
        lines = [
            {
                "view": view,
                "url": view_url(view),
                "is_pinned": view.word in pinned,
                "is_own": views.is_own(view),
                "may_change": views.may_change(view),
            }
            for view in views.every
        ]
        context = {"lines": lines, "may_set_defaults": sets_default_views(request.actor)}
        return render(request, "leads/views.html", context)


class DefaultViewsView(FormPage):
    """The tabs of people who have pinned none: set by who manages the company's people (ux.md L22)."""

    permission = staticmethod(sets_default_views)
    template_name = "leads/views_default.html"

    def build(self, data: Any = None) -> DefaultViewsForm:
        """See FormPage; what a person keeps for itself is no tab of others."""
        every = Views(self.request.actor).every
        choices = [(v.word, v.label) for v in every if v.saved is None or v.saved.is_shared]
        return DefaultViewsForm(
            data, views=choices, initial={"views": default_pins(self.request.actor)}
        )

    def submit(self, form: DefaultViewsForm) -> HttpResponse:
        """See FormPage."""
        pin_by_default(form.cleaned_data["views"], actor=self.request.actor)
        messages.success(self.request, _("Tabs for new people saved."))
        return redirect_after(self.request, reverse("leads:views"))


class AddViewView(FormPage):
    """Save as new view: exactly what is on the page behind this one (ux.md L21)."""

    permission = staticmethod(sees_leads)
    template_name = "leads/view_new.html"

    def context(self) -> dict[str, Any]:
        """See FormPage; the list is named by the address, or by what the form carried along."""
        asked = Asked(self.request.POST or self.request.GET, self.request.actor)
        return {"kept": asked.hidden(), "list_url": asked.address()}

    def build(self, data: Any = None) -> ViewNameForm:
        """See FormPage."""
        return ViewNameForm(data)

    def submit(self, form: ViewNameForm) -> HttpResponse:
        """See FormPage."""
        asked = Asked(self.request.POST, self.request.actor)
        saved = add_view(
            name=form.cleaned_data["name"],
            content=asked.content,
            reserved=[preset.word for preset in PRESETS],
            actor=self.request.actor,
        )
        messages.success(self.request, _("View “%(name)s” saved.") % {"name": saved.name})
        return redirect_after(self.request, asked.address(view=View.of(saved)))


class OverwriteViewView(PortalView):
    """Save changes: the view stands for what is on the page from now on."""

    permission = staticmethod(sees_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, word: str) -> HttpResponse:
        """Overwrite it, and show the same list without "Edited"."""
        asked = Asked(request.POST, request.actor)
        view = _saved(asked.views, word)
        saved = overwrite_view(view, content=asked.content, actor=request.actor)
        messages.success(request, _("View “%(name)s” saved.") % {"name": saved.name})
        return redirect_after(request, asked.address(view=View.of(saved)))


class RenameViewView(FormPage):
    """Another name; the address stays, so that links go on working."""

    permission = staticmethod(sees_leads)
    template_name = "leads/view_rename.html"

    def build(self, data: Any = None) -> ViewNameForm:
        """See FormPage."""
        return ViewNameForm(data, initial={"name": self._view.name})

    def submit(self, form: ViewNameForm) -> HttpResponse:
        """See FormPage."""
        rename_view(self._view, name=form.cleaned_data["name"], actor=self.request.actor)
        messages.success(self.request, _("View renamed."))
        return redirect_after(self.request, reverse("leads:views"))

    @property
    def _view(self) -> SavedView:
        return _changeable(self.request, self.kwargs["word"])


class DeleteViewView(ConfirmPage):
    """Delete a view; its leads stay."""

    permission = staticmethod(sees_leads)

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        view = _changeable(self.request, self.kwargs["word"])
        sentences = [_("No lead is deleted. This cannot be undone.")]
        if view.is_shared:
            sentences.append(_("Your colleagues can no longer use this view."))
        return {
            "title": _("Delete the view “%(name)s”?") % {"name": view.name},
            "sentences": sentences,
            "button": _("Delete view"),
            "is_danger": True,
            "keep_url": reverse("leads:views"),
            "keep_label": _("Keep view"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        word, actor = self.kwargs["word"], self.request.actor
        delete_view(_changeable(self.request, word), actor=actor)
        messages.success(self.request, _("View deleted."))
        response = redirect_after(self.request, reverse("leads:views"))
        if last_view(self.request, actor) == word:
            keep_view(response, self.request, EVERYTHING.word, actor)
        return response


class ShareViewView(PortalView):
    """Share with my company, or stop sharing: always an act of its own (ux.md L20)."""

    permission = staticmethod(sees_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, word: str) -> HttpResponse:
        """Do what `share` says."""
        is_shared = request.POST.get("share") == "yes"
        view = share_view(
            _saved(Views(request.actor), word), is_shared=is_shared, actor=request.actor
        )
        names = {"name": view.name, "company": request.actor.company_name}
        if is_shared:
            messages.success(request, _("View “%(name)s” is shared with %(company)s.") % names)
        else:
            messages.success(request, _("View “%(name)s” is no longer shared.") % names)
        return redirect_after(request, reverse("leads:views"))


class PinViewView(PortalView):
    """Make a view a tab, or no tab any more; those of the portal, too."""

    permission = staticmethod(sees_leads)
    http_method_names = ["post"]

    def post(self, request: PortalRequest, word: str) -> HttpResponse:
        """Do what `pin` says."""
        views = Views(request.actor)
        if views.find(word) is None:
            raise Http404
        words = [view.word for view in views.pinned if view.word != word]
        if request.POST.get("pin") == "yes":
            words.append(word)
        try:
            pin_views(words, actor=request.actor)
        except Conflict as refusal:
            messages.error(request, refusal.sentence)
        return redirect_after(request, reverse("leads:views"))


def _saved(views: Views, word: str) -> SavedView:
    """Return a saved view that the actor sees; 404 for any other word, those of the portal's views included."""
    view = views.find(word)
    if view is None or view.saved is None:
        raise Http404
    return view.saved


def _changeable(request: PortalRequest, word: str) -> SavedView:
    """Return a saved view that the actor may change. Raises Forbidden for somebody else's."""
    views = Views(request.actor)
    saved = _saved(views, word)
    if not views.may_change(View.of(saved)):
        raise Forbidden(_("Only its owner or a manager can change a shared view."))
    return saved
