"""The builder: the fields of a draft with a preview, every change a page or a plain post (ux.md T2 to T4)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common.errors import Conflict
from leadportal.common.http import PortalRequest
from leadportal.common.views import redirect_after, wants_fragment
from templates_app.enums import FieldKind
from templates_app.forms.answers import AnswersForm
from templates_app.forms.builder import FieldForm, PositionForm, initial_of
from templates_app.models import TemplateField, TemplateVersion
from templates_app.rules.fields import FieldSpec
from templates_app.rules.permissions import sees_templates
from templates_app.selectors import lead_templates
from templates_app.services.fields import (
    add_field,
    edit_field,
    move_field,
    remove_field,
    shift_field,
)
from templates_app.views.lead_templates import OfTemplate
from templates_app.views.pages import found


class OfDraft(OfTemplate):
    """A page about the draft of a template."""

    @cached_property
    def draft(self) -> TemplateVersion:
        """The draft. Raises NotFound, Forbidden, Conflict."""
        draft = lead_templates.draft_of(self.request.actor, self.template)
        if draft is None:
            raise Conflict(_("This template has no draft. Start one to change it."))
        return draft

    @cached_property
    def field(self) -> TemplateField:
        """The field that the address names. Raises NotFound."""
        key = self.kwargs["key"]
        return found(
            next((one for one in lead_templates.fields_of(self.draft) if one.key == key), None)
        )

    def builder(self, said: str = "", moved: str = "") -> dict[str, Any]:
        """Return what the list of fields and the preview show; `said` goes to the live region."""
        fields = lead_templates.fields_of(self.draft)
        return {
            "template": self.template,
            "draft": self.draft,
            "fields": fields,
            "preview": preview_form([field.spec for field in fields]),
            "said": said,
            "moved": moved,
        }


class BuilderView(OfDraft):
    """The numbered fields and the preview."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the builder."""
        return render(request, "templates_app/builder.html", self.builder())


class AddFieldView(OfDraft, FormPage):
    """Choose a type (no ?kind=), then say what to ask."""

    template_name = "templates_app/field_new.html"

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show the types, or the form of one."""
        if request.GET.get("kind"):
            return super().get(request, **kwargs)
        context = {"template": self.template, "draft": self.draft, "kinds": FieldKind}
        return render(request, "templates_app/field_kind.html", context)

    def build(self, data: Any = None) -> FieldForm:
        """See FormPage."""
        _draft = self.draft  # 404, 403 or 409 before anything is asked
        return FieldForm(data, kind=_kind(self.request.GET.get("kind", "")))

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"template": self.template, "kind": _kind(self.request.GET.get("kind", ""))}

    def submit(self, form: FieldForm) -> HttpResponse:
        """See FormPage."""
        field = add_field(self.template, form.spec, actor=self.request.actor)
        messages.success(
            self.request,
            _("%(field)s is added as number %(position)s.")
            % {"field": field.label, "position": field.position},
        )
        return redirect_after(self.request, f"{self.url('builder')}#field-{field.key}")


class EditFieldView(OfDraft, FormPage):
    """Change a field; ?kind= makes it another type."""

    template_name = "templates_app/field_edit.html"

    @cached_property
    def kind(self) -> FieldKind:
        """The type that the form is for. Raises 404 for an unknown one."""
        return _kind(self.request.GET.get("kind") or self.field.kind)

    def build(self, data: Any = None) -> FieldForm:
        """See FormPage."""
        initial = initial_of(self.field.spec)
        initial["currency"] = initial["currency"] or "EUR"
        return FieldForm(data, kind=self.kind, initial=initial)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        is_published = self.field.key in lead_templates.published_keys(self.template)
        return {
            "template": self.template,
            "field": self.field,
            "kind": self.kind,
            "kinds": FieldKind,
            "is_published": is_published,
            "becomes_another": is_published and self.kind != self.field.kind,
        }

    def submit(self, form: FieldForm) -> HttpResponse:
        """See FormPage."""
        field = edit_field(self.template, self.field.key, form.spec, actor=self.request.actor)
        messages.success(self.request, _("%(field)s is saved.") % {"field": field.label})
        return redirect_after(self.request, f"{self.url('builder')}#field-{field.key}")


class RemoveFieldView(OfDraft):
    """Ask, then remove a field from the draft."""

    def get(self, request: PortalRequest, pk: int, key: str) -> HttpResponse:
        """Say what will happen."""
        context = {"template": self.template, "field": self.field}
        return render(request, "templates_app/field_remove.html", context)

    def post(self, request: PortalRequest, pk: int, key: str) -> HttpResponse:
        """Remove it."""
        label = self.field.label
        remove_field(self.template, key, actor=self.request.actor)
        messages.success(request, _("%(field)s is removed from the draft.") % {"field": label})
        return redirect_after(request, self.url("builder"))


class MoveFieldView(OfDraft, FormPage):
    """Move a field: by a button (a post with `by`), or to a position typed on this page."""

    template_name = "templates_app/field_move.html"

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Move one place up or down, or to the position."""
        step = {"up": -1, "down": 1}.get(request.POST.get("by", ""))
        if step is None:
            return super().post(request, **kwargs)
        field, count = shift_field(self.template, self.field.key, by=step, actor=self.request.actor)
        said = _said(field, count)
        if wants_fragment(request):
            context = self.builder(said, moved=field.key)
            return render(request, "templates_app/_builder.html", context)
        return self.back(field, said)

    def build(self, data: Any = None) -> PositionForm:
        """See FormPage."""
        return PositionForm(data, initial={"position": self.field.position})

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        count = len(lead_templates.fields_of(self.draft))
        return {"template": self.template, "field": self.field, "count": count}

    def submit(self, form: PositionForm) -> HttpResponse:
        """See FormPage."""
        position = form.cleaned_data["position"]
        field, count = move_field(
            self.template, self.field.key, to=position, actor=self.request.actor
        )
        return self.back(field, _said(field, count))

    def back(self, field: TemplateField, said: str) -> HttpResponse:
        """Return to the builder with the sentence on the page."""
        messages.success(self.request, said)
        return redirect_after(self.request, f"{self.url('builder')}#field-{field.key}")


class VersionView(OfTemplate):
    """One version as people see it: the preview of a draft, or an old version to look at (ux.md T7)."""

    permission = staticmethod(sees_templates)
    is_reading = True

    def get(self, request: PortalRequest, pk: int, number: int) -> HttpResponse:
        """Show the version."""
        version = found(lead_templates.version_of(self.request.actor, self.template, number))
        fields = lead_templates.fields_of(version)
        context = {
            "template": self.template,
            "version": version,
            "fields": fields,
            "preview": preview_form([field.spec for field in fields]),
            "may_edit": self.may_edit(self.template),
            "has_draft": lead_templates.draft_of(self.request.actor, self.template) is not None,
        }
        return render(request, "templates_app/version.html", context)


def preview_form(specs: list[FieldSpec]) -> AnswersForm:
    """Return the form that visitors will get, to look at: the same class as on the public page."""
    form = AnswersForm(specs=specs, prefix="preview")
    form.helper.disable_csrf = True
    return form


def _kind(name: str) -> FieldKind:
    if name not in FieldKind.values:
        raise Http404
    return FieldKind(name)


def _said(field: TemplateField, count: int) -> str:
    return _("%(field)s, now %(position)s of %(count)s") % {
        "field": field.label,
        "position": field.position,
        "count": count,
    }
