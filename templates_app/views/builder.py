"""The builder: the fields of a draft with a preview, every change a page or a plain post (ux.md T2 to T5)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common import clock
from leadportal.common.errors import Conflict, Invalid
from leadportal.common.forms import PortalForm
from leadportal.common.framing import with_own_frames
from leadportal.common.http import PortalRequest
from leadportal.common.views import redirect_after, wants_fragment
from templates_app.enums import FieldKind
from templates_app.forms.builder import FieldForm, PositionForm, initial_of
from templates_app.models import DraftChange, TemplateField, TemplateVersion
from templates_app.rules.drafts import change_sentence
from templates_app.selectors import lead_templates
from templates_app.services.fields import (
    add_field,
    edit_field,
    move_field,
    remove_field,
    shift_field,
    undo_change,
)
from templates_app.views.lead_templates import OfTemplate
from templates_app.views.pages import found
from templates_app.views.versions import Preview

LONGEST_NUMBER = 19  # digits of a key in the database


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

    @cached_property
    def preview(self) -> Preview:
        """The draft as visitors would see it."""
        return Preview.of(self.draft, self.request)

    def builder(self, said: str = "", moved: str = "") -> dict[str, Any]:
        """Return what the list of fields shows; `said` goes to the live region."""
        last = lead_templates.last_change(self.draft)
        return {
            "template": self.template,
            "draft": self.draft,
            "fields": lead_templates.fields_of(self.draft),
            "last": last,
            "last_sentence": _sentence(last) if last else "",
            "said": said,
            "moved": moved,
        }

    def list_again(self, said: str, moved: str = "") -> HttpResponse:
        """Answer a change that the list of fields asked for: with the list, or by going there."""
        if swaps_list(self.request):
            return render(self.request, "templates_app/_builder.html", self.builder(said, moved))
        messages.success(self.request, said)
        place = f"#field-{moved}" if moved else ""
        return redirect_after(self.request, f"{self.url('builder')}{place}")


class BuilderView(OfDraft):
    """The numbered fields and the preview; on narrow screens one of them, by ?show=."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the builder."""
        shown = "preview" if request.GET.get("show") == "preview" else "fields"
        context = {**self.builder(), "preview": self.preview, "shown": shown}
        return with_own_frames(render(request, "templates_app/builder.html", context))


class UndoView(OfDraft):
    """Take back the last change of the draft."""

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Undo the change that was on the page."""
        number = request.POST.get("change", "")
        is_number = number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER
        change = undo_change(
            self.template, change=int(number) if is_number else 0, actor=request.actor
        )
        return self.list_again(_("Undone: %(change)s") % {"change": _sentence(change)})


class FieldPage(OfDraft, FormPage):
    """The form of a field, which is saved while somebody types (a post with `autosave`), and its preview."""

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Save and go back to the list; or, of its own accord, save what can be saved and stay."""
        if "autosave" not in request.POST:
            return super().post(request, **kwargs)
        form = self.build(request.POST)
        try:
            if form.is_valid():
                return self.saved(self.store(form))
        except Invalid as refusal:
            form.add_refusal(refusal)
        problem = next(iter(form.errors.values()))[0]
        return render(request, "templates_app/_saved.html", {"problem": problem})

    def store(self, form: FieldForm) -> TemplateField:
        """Call the service with a valid form; return the field."""
        raise NotImplementedError

    def saved(self, field: TemplateField) -> HttpResponse:
        """Say when it was saved, and where the form goes from now on."""
        context = {"template": self.template, "field": field, "moment": clock.now()}
        return render(self.request, "templates_app/_saved.html", context)

    def show(self, form: PortalForm, *, status: int = 200) -> HttpResponse:
        """See FormPage; the page shows the preview in a frame."""
        return with_own_frames(super().show(form, status=status))


class AddFieldView(FieldPage):
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
        kind = _kind(self.request.GET.get("kind", ""))
        return {"template": self.template, "kind": kind, "preview": self.preview}

    def store(self, form: FieldForm) -> TemplateField:
        """See FieldPage."""
        return add_field(self.template, form.spec, actor=self.request.actor)

    def submit(self, form: FieldForm) -> HttpResponse:
        """See FormPage."""
        field = self.store(form)
        messages.success(
            self.request,
            _("%(field)s is added as number %(position)s.")
            % {"field": field.label, "position": field.position},
        )
        return redirect_after(self.request, f"{self.url('builder')}#field-{field.key}")


class EditFieldView(FieldPage):
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
            "preview": self.preview,
        }

    def store(self, form: FieldForm) -> TemplateField:
        """See FieldPage."""
        return edit_field(self.template, self.field.key, form.spec, actor=self.request.actor)

    def submit(self, form: FieldForm) -> HttpResponse:
        """See FormPage."""
        field = self.store(form)
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
        return self.list_again(_said(field, count), moved=field.key)

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
        return self.list_again(_said(field, count), moved=field.key)


def swaps_list(request: HttpRequest) -> bool:
    """Say whether htmx asks for the list of fields, and not for a dialog."""
    return wants_fragment(request) and request.headers.get("HX-Target") == "builder"


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


def _sentence(change: DraftChange) -> str:
    return change_sentence(change.kind, change.label)
