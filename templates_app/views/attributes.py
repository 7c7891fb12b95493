"""Custom attributes: list, new, edit, switch off and on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.views.pages import FormPage
from leadportal.common.errors import Forbidden
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from templates_app.enums import AttributeKind
from templates_app.forms.attributes import AttributeForm, initial_of
from templates_app.models import CustomAttribute
from templates_app.rules.permissions import (
    edits_attributes,
    may_edit_attribute,
    sees_attributes,
)
from templates_app.selectors import attributes, catalogue
from templates_app.services.attributes import (
    activate_attribute,
    create_attribute,
    deactivate_attribute,
    edit_attribute,
)
from templates_app.views.pages import found


class AttributesView(PortalView):
    """The attributes of the host, or a referral user's own ones."""

    permission = staticmethod(sees_attributes)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the list."""
        actor = self.request.actor
        context = {
            "attributes": attributes.attributes(actor),
            "may_edit": edits_attributes(actor),
            "is_own": _keeps_own(actor),
        }
        return render(request, "templates_app/attributes.html", context)


class NewAttributeView(FormPage):
    """Choose a type (no ?kind=), then define the attribute."""

    permission = staticmethod(edits_attributes)
    template_name = "templates_app/attribute_new.html"

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        """Show the types, or the form of one."""
        if request.GET.get("kind"):
            return super().get(request, **kwargs)
        context = {"kinds": AttributeKind}
        return render(request, "templates_app/attribute_kind.html", context)

    def build(self, data: Any = None) -> AttributeForm:
        """See FormPage."""
        is_own = _keeps_own(self.request.actor)
        return AttributeForm(data, kind=self.kind, is_own=is_own, is_new=True)

    @cached_property
    def kind(self) -> AttributeKind:
        """The type that the address names. Raises 404."""
        name = self.request.GET.get("kind", "")
        if name not in AttributeKind.values:
            raise Http404
        return AttributeKind(name)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"kind": self.kind, "is_own": _keeps_own(self.request.actor)}

    def submit(self, form: AttributeForm) -> HttpResponse:
        """See FormPage."""
        actor = self.request.actor
        made = create_attribute(
            catalogue.company(actor.host_id),
            kind=self.kind,
            definition=form.definition,
            key=form.cleaned_data.get("key", ""),
            owner_id=actor.user_id if _keeps_own(actor) else None,
            actor=actor,
        )
        messages.success(
            self.request,
            _("%(attribute)s is on the lead forms now. Its key is %(key)s.")
            % {"attribute": made, "key": made.key},
        )
        return redirect_after(self.request, reverse("templates:attributes"))


class EditAttributeView(FormPage):
    """Change everything but key and type."""

    permission = staticmethod(edits_attributes)
    template_name = "templates_app/attribute_edit.html"

    @cached_property
    def attribute(self) -> CustomAttribute:
        """The attribute. Raises NotFound, Forbidden."""
        return _editable(self.request.actor, self.kwargs["pk"])

    def build(self, data: Any = None) -> AttributeForm:
        """See FormPage."""
        return AttributeForm(
            data,
            kind=AttributeKind(self.attribute.kind),
            is_own=self.attribute.owner_id is not None,
            is_new=False,
            initial=initial_of(self.attribute),
        )

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"attribute": self.attribute}

    def submit(self, form: AttributeForm) -> HttpResponse:
        """See FormPage."""
        actor = self.request.actor
        edited = edit_attribute(self.attribute, definition=form.definition, actor=actor)
        messages.success(self.request, _("%(attribute)s is saved.") % {"attribute": edited})
        return redirect_after(self.request, reverse("templates:attributes"))


class DeactivateAttributeView(PortalView):
    """Ask, then take an attribute off forms, filters and files."""

    permission = staticmethod(edits_attributes)

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Say what will happen."""
        context = {"attribute": _editable(self.request.actor, pk)}
        return render(request, "templates_app/attribute_deactivate.html", context)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Switch it off."""
        actor = self.request.actor
        attribute = deactivate_attribute(_editable(actor, pk), actor=actor)
        messages.success(request, _("%(attribute)s is switched off.") % {"attribute": attribute})
        return redirect_after(request, reverse("templates:attributes"))


class ActivateAttributeView(PortalView):
    """Show an attribute again; a post without a question, because switching off undoes it."""

    permission = staticmethod(edits_attributes)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Switch it on."""
        actor = self.request.actor
        attribute = activate_attribute(_editable(actor, pk), actor=actor)
        messages.success(request, _("%(attribute)s is in use again.") % {"attribute": attribute})
        return redirect_after(request, reverse("templates:attributes"))


def _editable(actor: Any, pk: int) -> CustomAttribute:
    attribute = found(attributes.attribute(actor, pk))
    if not may_edit_attribute(actor, attribute.host_id, attribute.owner_id):
        raise Forbidden(_("Only the marketplace's managers can change this attribute."))
    return attribute


def _keeps_own(actor: Any) -> bool:
    """Say whether what this person defines is its own (referral users)."""
    return not actor.has(Role.MARKETPLACE_MANAGER)
