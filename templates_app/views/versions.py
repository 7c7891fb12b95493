"""One version as people see it: the page of a version, and the preview that stands in a frame (ux.md T2, T7)."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property

from leadportal.common.framing import SELF, framed_by, with_own_frames
from leadportal.common.http import PortalRequest
from templates_app.forms.answers import AnswersForm
from templates_app.models import TemplateVersion
from templates_app.rules.permissions import sees_templates
from templates_app.selectors import lead_templates
from templates_app.views.lead_templates import OfTemplate
from templates_app.views.pages import found

WIDTHS = ("desktop", "phone")
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Preview:
    """A version in a frame: as wide as which device, in light or dark (?width=, ?theme=)."""

    address: str
    width: str
    theme: str

    @classmethod
    def of(cls, version: TemplateVersion, request: HttpRequest) -> "Preview":
        """Return the preview of a version as the address of the page asks for it."""
        address = reverse("templates:preview", args=[version.template_id, version.number])
        asked = request.GET
        return cls(
            address, _one_of(WIDTHS, asked.get("width")), _one_of(THEMES, asked.get("theme"))
        )


class OfVersion(OfTemplate):
    """A page about one version, for all who see the template."""

    permission = staticmethod(sees_templates)
    is_reading = True

    @cached_property
    def version(self) -> TemplateVersion:
        """The version. Raises NotFound; a draft is there for its owner alone."""
        number = self.kwargs["number"]
        return found(lead_templates.version_of(self.request.actor, self.template, number))


class VersionView(OfVersion):
    """The fields of a version beside its preview."""

    def get(self, request: PortalRequest, pk: int, number: int) -> HttpResponse:
        """Show the version."""
        context = {
            "template": self.template,
            "version": self.version,
            "fields": lead_templates.fields_of(self.version),
            "preview": Preview.of(self.version, request),
            "may_edit": self.may_edit(self.template),
            "has_draft": lead_templates.draft_of(request.actor, self.template) is not None,
        }
        return with_own_frames(render(request, "templates_app/version.html", context))


class PreviewView(OfVersion):
    """The form that visitors get, to look at: nothing can be sent. Shown in a frame of the portal alone."""

    def get(self, request: PortalRequest, pk: int, number: int) -> HttpResponse:
        """Show the questions of the version, by the class that asks them on the public page."""
        specs = lead_templates.specs_of(self.version)
        form = AnswersForm(specs=specs, prefix="preview")
        form.helper.disable_csrf = True
        theme = _one_of(THEMES, request.GET.get("theme"))
        context = {"template": self.template, "form": form, "theme": theme}
        return framed_by(render(request, "templates_app/preview.html", context), [SELF])


def _one_of(words: tuple[str, ...], asked: str | None) -> str:
    return asked if asked in words else words[0]
