"""Two kinds of page that most of this app is made of: a form, and a question before a change."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from leadportal.common.errors import Invalid
from leadportal.common.forms import PortalForm
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView


class FormPage(PortalView):
    """GET shows the form; POST saves it, or shows it again with what was typed and status 422."""

    template_name = ""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        return self.show(self.build())

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Save, or say what is wrong."""
        form = self.build(request.POST)
        if form.is_valid():
            try:
                return self.submit(form)
            except Invalid as refusal:
                form.add_refusal(refusal)
        return self.show(form, status=422)

    def build(self, data: Any = None) -> Any:
        """Return the form, bound to `data` when there is some. 404 and 403 are raised here."""
        raise NotImplementedError

    def submit(self, form: Any) -> HttpResponse:
        """Call the service with a valid form and say where to go."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """Return what the template shows beside the form."""
        return {}

    def show(self, form: PortalForm, *, status: int = 200) -> HttpResponse:
        """Render the page."""
        context = {**self.context(), "form": form}
        return render(self.request, self.template_name, context, status=status)


class ConfirmPage(PortalView):
    """GET asks, POST does it. Page and dialog in one (ux.md, decision 4)."""

    template_name = "accounts/confirm.html"

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Ask."""
        return render(request, self.template_name, self.question())

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Do it."""
        return self.confirmed()

    def question(self) -> dict[str, Any]:
        """Return title, sentences, button, is_danger, keep_url, keep_label. 404 and 403 are raised here."""
        raise NotImplementedError

    def confirmed(self) -> HttpResponse:
        """Call the service and say where to go."""
        raise NotImplementedError
