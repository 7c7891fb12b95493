"""A company's Slack channels and webhooks: made, tested, and the log of what they were sent."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import ConfirmPage, FormPage
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from leads.forms.notices import TargetForm
from leads.models import Target, TargetKind
from leads.rules.permissions import sets_company_notices
from leads.selectors.notices import call, log, target
from leads.services.targets import (
    create_target,
    edit_target,
    remove_target,
    replace_secret,
    send_call_again,
    send_test,
    switch_target,
)


class NewTargetView(FormPage):
    """Add a Slack channel or a webhook. What a webhook signs with stands on the page that answers, and nowhere else."""

    permission = staticmethod(sets_company_notices)
    template_name = "leads/target_new.html"

    def build(self, data: Any = None) -> TargetForm:
        """See FormPage."""
        return TargetForm(data, is_new=True)

    def submit(self, form: TargetForm) -> HttpResponse:
        """See FormPage."""
        kind = TargetKind(form.cleaned_data["kind"])
        made, secret = create_target(kind, form.settings, actor=self.request.actor)
        if secret:
            return _shown_once(self.request, made, secret)
        messages.success(self.request, _("%(target)s is ready. Send a test.") % {"target": made})
        return redirect_after(self.request, _url(made))


class TargetPage(PortalView):
    """A page about the target that the address names; 404 for one of another company."""

    permission = staticmethod(sets_company_notices)

    @cached_property
    def target(self) -> Target:
        """The target."""
        return target(self.request.actor, self.kwargs["pk"])


class TargetView(TargetPage):
    """One of them, with the newest messages."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show it."""
        return render(
            request, "leads/target.html", {"target": self.target, "log": log(self.target)}
        )


class EditTargetView(TargetPage, FormPage):
    """Change name, address and events."""

    template_name = "leads/target_edit.html"

    def build(self, data: Any = None) -> TargetForm:
        """See FormPage."""
        initial = {"name": self.target.name, "events": self.target.events}
        return TargetForm(data, is_new=False, initial=initial)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"target": self.target}

    def submit(self, form: TargetForm) -> HttpResponse:
        """See FormPage."""
        edited = edit_target(self.target, form.settings, actor=self.request.actor)
        messages.success(self.request, _("%(target)s is saved.") % {"target": edited})
        return redirect_after(self.request, _url(edited))


class TargetSecretView(TargetPage, ConfirmPage):
    """Replace what a webhook signs with."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Replace the secret of %(target)s?") % {"target": self.target},
            "sentences": [_("Messages are signed with the new one at once. It is shown once.")],
            "button": _("Replace secret"),
            "is_danger": True,
            "keep_url": _url(self.target),
            "keep_label": _("Keep secret"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        row, secret = replace_secret(self.target, actor=self.request.actor)
        return _shown_once(self.request, row, secret)


class RemoveTargetView(TargetPage, ConfirmPage):
    """Remove a target with its log."""

    def question(self) -> dict[str, Any]:
        """See ConfirmPage."""
        return {
            "title": _("Remove %(target)s?") % {"target": self.target},
            "sentences": [_("What waits for it is not sent, and its log goes as well.")],
            "button": _("Remove"),
            "is_danger": True,
            "keep_url": _url(self.target),
            "keep_label": _("Keep"),
        }

    def confirmed(self) -> HttpResponse:
        """See ConfirmPage."""
        remove_target(self.target, actor=self.request.actor)
        messages.success(self.request, _("%(target)s is removed.") % {"target": self.target})
        return redirect_after(self.request, reverse("leads:company_notices"))


class SwitchTargetView(TargetPage):
    """Switch a target off or on; a post without a question, because the other one undoes it."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Do what the button says."""
        is_active = request.POST.get("switch") == "on"
        row = switch_target(self.target, is_active=is_active, actor=request.actor)
        said = _("%(target)s is switched on.") if is_active else _("%(target)s is switched off.")
        messages.success(request, said % {"target": row})
        return redirect_after(request, _url(row))


class TestTargetView(TargetPage):
    """Send a test."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Store it; the log says what became of it."""
        send_test(self.target, actor=request.actor)
        messages.success(
            request, _("The test is on its way. The log below shows what became of it.")
        )
        return redirect_after(request, _url(self.target))


class SendCallAgainView(TargetPage):
    """Send a message once more."""

    http_method_names = ["post"]

    def post(self, request: PortalRequest, pk: int, number: int) -> HttpResponse:
        """Let it wait again, under the same id."""
        send_call_again(call(self.target, number), actor=request.actor)
        messages.success(request, _("The message is on its way again."))
        return redirect_after(request, _url(self.target))


def _url(row: Target) -> str:
    return reverse("leads:target", args=[row.pk])


def _shown_once(request: PortalRequest, row: Target, secret: str) -> HttpResponse:
    """Show a secret that nobody can read again."""
    answer = render(request, "leads/target_secret.html", {"target": row, "secret": secret})
    answer.headers["Cache-Control"] = "no-store"
    return answer
