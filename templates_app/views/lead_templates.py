"""Lead templates: list, one with its versions, new, rename, publish, archive, reseller form."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.views.pages import FormPage
from leadportal.common.errors import Conflict, Forbidden
from leadportal.common.http import PortalRequest
from leadportal.common.views import PortalView, redirect_after
from templates_app.enums import VersionState
from templates_app.forms.builder import EditTemplateForm, NewTemplateForm
from templates_app.models import LeadTemplate
from templates_app.rules.permissions import (
    edits_marketplaces,
    edits_templates,
    may_edit_template,
    sees_templates,
)
from templates_app.rules.publishing import changes, fingerprint, publish_problems, touched
from templates_app.selectors import catalogue, lead_templates
from templates_app.services.lead_templates import (
    archive_template,
    choose_reseller_form,
    create_template,
    discard_draft,
    edit_template,
    publish_draft,
    start_draft,
)
from templates_app.views.pages import asked_for, found, page_of


class TemplatesView(PortalView):
    """The templates that one sees (ux.md T1)."""

    permission = staticmethod(sees_templates)

    def get(self, request: PortalRequest) -> HttpResponse:
        """Show the list."""
        actor = self.request.actor
        is_quiet = request.GET.get("quiet") == "yes"
        rows = lead_templates.template_rows(actor, asked_for(request), only_quiet=is_quiet)
        page = page_of(rows, request)
        context = {
            "page": page,
            "is_quiet": is_quiet,
            "rows": [lead_templates.row_of(row) for row in page.rows],
            "counts": lead_templates.lead_counts(actor, page.rows),
            "may_edit": edits_templates(actor),
        }
        return render(request, "templates_app/list.html", context)


class OfTemplate(PortalView):
    """A page about one template. What changes one is forbidden to readers, and over once it is archived."""

    permission = staticmethod(edits_templates)
    is_reading = False
    archived_too = False

    @cached_property
    def template(self) -> LeadTemplate:
        """The template. Raises NotFound, Forbidden, Conflict."""
        row = found(lead_templates.template(self.request.actor, self.kwargs["pk"]))
        if self.is_reading:
            return row
        if not self.may_edit(row):
            raise Forbidden(_("Only the company that owns this template can change it."))
        if row.is_archived and not self.archived_too:
            raise Conflict(
                _("This template is archived. Copy a version to a new draft to use it again.")
            )
        return row

    def may_edit(self, row: LeadTemplate) -> bool:
        """Say whether the actor may change the template."""
        return may_edit_template(self.request.actor, row.owner_id)

    def url(self, name: str = "detail", *args: Any) -> str:
        """Return the address of another page of this template."""
        return reverse(f"templates:{name}", args=[self.template.pk, *args])


class TemplateView(OfTemplate):
    """One template: where it is used, its versions, what can be done with it."""

    permission = staticmethod(sees_templates)
    is_reading = True

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Show the template."""
        actor = self.request.actor
        row = lead_templates.row_of(self.template)
        may_edit = self.may_edit(self.template)
        context = {
            "row": row,
            "template": self.template,
            "versions": self.template.versions.all(),
            "listings": lead_templates.listings_using(actor, self.template),
            "may_edit": may_edit,
            "may_choose": may_edit
            and edits_marketplaces(actor)
            and row.state == VersionState.PUBLISHED,
        }
        return render(request, "templates_app/detail.html", context)


class NewTemplateView(FormPage):
    """Make a template with its first draft, and go on to the builder."""

    permission = staticmethod(edits_templates)
    template_name = "templates_app/new.html"

    def build(self, data: Any = None) -> NewTemplateForm:
        """See FormPage. `?product=` preselects one."""
        actor = self.request.actor
        return NewTemplateForm(
            data,
            products=catalogue.own_products(actor),
            initial={"product": self.request.GET.get("product"), "with_contact_fields": True},
        )

    def submit(self, form: NewTemplateForm) -> HttpResponse:
        """See FormPage."""
        actor = self.request.actor
        owner = catalogue.company(actor.company_id)
        template = create_template(owner, **form.cleaned_data, actor=actor)
        return redirect_after(self.request, reverse("templates:builder", args=[template.pk]))


class EditTemplateView(OfTemplate, FormPage):
    """Rename a template, bind it to a product, or say what the prospect gets by mail."""

    template_name = "templates_app/edit.html"

    def build(self, data: Any = None) -> EditTemplateForm:
        """See FormPage."""
        stored = {name: getattr(self.template, name) for name in EditTemplateForm.base_fields}
        initial = {**stored, "product": self.template.product_id}
        products = catalogue.own_products(self.request.actor)
        return EditTemplateForm(data, products=products, initial=initial)

    def context(self) -> dict[str, Any]:
        """See FormPage."""
        return {"template": self.template}

    def submit(self, form: EditTemplateForm) -> HttpResponse:
        """See FormPage."""
        template = edit_template(self.template, **form.cleaned_data, actor=self.request.actor)
        messages.success(self.request, _("%(template)s is saved.") % {"template": template})
        return redirect_after(self.request, self.url())


class PublishView(OfTemplate):
    """Show what publishing changes, then do it (ux.md T6)."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Ask."""
        return self.ask()

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Publish what was shown; ask again when the draft has changed since."""
        actor = self.request.actor
        if publish_problems(lead_templates.specs_of(lead_templates.draft_of(actor, self.template))):
            return self.ask(status=422)
        version = publish_draft(self.template, seen=request.POST.get("seen", ""), actor=actor)
        messages.success(
            request,
            _("Version %(number)s of %(template)s is live.")
            % {"number": version.number, "template": self.template},
        )
        return redirect_after(request, self.url())

    def ask(self, *, status: int = 200) -> HttpResponse:
        """Render the question with the draft as it is now."""
        actor = self.request.actor
        draft = lead_templates.draft_of(actor, self.template)
        if draft is None:
            raise Conflict(_("This template has no draft. Start one to change it."))
        live = lead_templates.published_of(actor, self.template)
        specs = lead_templates.specs_of(draft)
        old = lead_templates.specs_of(live)
        context = {
            "template": self.template,
            "draft": draft,
            "live": live,
            "changes": changes(old, specs),
            "uses": lead_templates.uses_of(actor, self.template, touched(old, specs)),
            "problems": publish_problems(specs),
            "seen": fingerprint(specs),
            "listings": lead_templates.listings_using(actor, self.template),
        }
        return render(self.request, "templates_app/publish.html", context, status=status)


class ArchiveView(OfTemplate):
    """Ask, then close every form of the template."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Say what will happen."""
        listings = lead_templates.listings_using(self.request.actor, self.template)
        context = {"template": self.template, "listings": listings}
        return render(request, "templates_app/archive.html", context)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Archive it."""
        template = archive_template(self.template, actor=self.request.actor)
        messages.success(request, _("%(template)s is archived.") % {"template": template})
        return redirect_after(request, self.url())


class DiscardView(OfTemplate):
    """Ask, then delete the draft."""

    def get(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Say what will happen."""
        draft = lead_templates.draft_of(self.request.actor, self.template)
        if draft is None:
            raise Conflict(_("This template has no draft."))
        context = {"template": self.template, "draft": draft}
        return render(request, "templates_app/discard.html", context)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Delete it."""
        discard_draft(self.template, actor=self.request.actor)
        messages.success(request, _("The draft is discarded."))
        return redirect_after(request, self.url())


class StartDraftView(OfTemplate):
    """Start a draft from the live version, or from the one that `from` names; a post without a question."""

    archived_too = True

    def post(self, request: PortalRequest, pk: int, number: int | None = None) -> HttpResponse:
        """Start it and go to the builder."""
        start_draft(self.template, from_number=number, actor=self.request.actor)
        return redirect_after(request, self.url("builder"))


class ResellerFormView(OfTemplate):
    """Ask this template on the profile pages of the host's resellers, or no longer."""

    permission = staticmethod(edits_marketplaces)

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        """Set or unset it; posting again undoes it."""
        is_chosen = request.POST.get("use") == "yes"
        choose_reseller_form(self.template, is_chosen=is_chosen, actor=self.request.actor)
        sentence = (
            _("%(template)s is now asked on the profile pages of your resellers.")
            if is_chosen
            else _("%(template)s is no longer asked on the profile pages of your resellers.")
        )
        messages.success(request, sentence % {"template": self.template})
        return redirect_after(request, self.url())
