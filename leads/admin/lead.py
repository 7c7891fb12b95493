"""Leads in Django admin."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from accounts.models import User
from accounts.selectors.actors import staff_at
from leadportal.common.admin import PortalAdmin
from leadportal.common.forms import WholeNumber
from leads.admin.confirm import as_action, confirm
from leads.admin.moves import ERASE, MOVES, Move
from leads.forms.details import ADDRESS, COMPANY, CONTACT, DetailsForm
from leads.models import Lead
from leads.rules.policy import allowed_actions
from leads.rules.workflow import Action
from leads.selectors.facts import facts_of
from leads.selectors.staff import desks_seeing, found_leads, marked_for, newest_events
from leads.services.leads import edit_lead
from leads.services.privacy import note_staff_view

EDITABLE = (*CONTACT, *COMPANY, *ADDRESS)
LARGEST_VERSION = 2**31 - 1


class LeadForm(DetailsForm, forms.ModelForm):
    """Contact and company, read as on the portal; carries the version that it showed."""

    shown_version = WholeNumber(
        label=_("Version"), smallest=1, largest=LARGEST_VERSION, widget=forms.HiddenInput
    )

    class Meta:
        model = Lead
        fields = EDITABLE

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "shown_version" in self.fields:
            self.fields["shown_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        """Refuse to overwrite what somebody else has changed since."""
        shown = self.cleaned_data.get("shown_version")
        if shown is not None and shown != self.instance.version:
            sentence = _(
                "Somebody changed this lead while you were editing. Compare and save again."
            )
            self.add_error(None, sentence)
        return forms.ModelForm.clean(self) or {}


@admin.register(Lead)
class LeadAdmin(PortalAdmin):
    """Leads: found by Lead ID, name, company, product or email; moved by the services; never deleted here."""

    form = LeadForm
    list_display = (
        *("reference", "created_at", "company", "masked_user", "status"),
        *("qualification", "host", "holder", "on_portal"),
    )
    list_filter = ("status", "qualification", "progress", "outcome", "source_kind", "is_test")
    list_select_related = ("host", "holder")
    sortable_by = ()  # only the order of the key has an index
    ordering = ("-pk",)
    search_fields = ("reference",)
    search_help_text = _("Lead ID, name, company, product or email")
    actions = tuple(
        as_action(move, "erase" if move is ERASE else "change") for move in MOVES.values()
    )
    change_form_template = "admin/leads/lead/change_form.html"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *("reference", "status", "qualification", "progress", "outcome"),
                    *("host", "holder", "holder_desk", "in_charge", "score"),
                )
            },
        ),
        (_("Contact"), {"fields": (*CONTACT, "shown_version")}),
        (_("Company"), {"fields": (*COMPANY, *ADDRESS)}),
        (
            _("Origin"),
            {
                "fields": (
                    *("source_kind", "source_company", "source_name", "channel", "marketplace"),
                    *("product", "listing", "template_version", "maker", "created_by"),
                    "is_test",
                )
            },
        ),
        (
            _("Answers and attributes"),
            {
                "fields": (
                    *("answers", "attributes", "consent_text", "consent_source", "consent_at"),
                )
            },
        ),
        (
            _("Next step and end"),
            {
                "fields": (
                    *("next_step", "next_step_on", "next_step_by", "associated_company"),
                    *("associated_user", "closed_reason", "closed_text"),
                )
            },
        ),
        (
            _("Times"),
            {
                "fields": (
                    *("created_at", "updated_at", "status_changed_at", "mql_at", "sql_at"),
                    "version",
                )
            },
        ),
    )

    # --- Who may -------------------------------------------------------------------------------------

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say no: leads begin on the portal."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        """Say no: a lead is deleted softly, or anonymised (X6)."""
        return False

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Whoever might delete in another system may anonymise here."""
        return cast(User, request.user).has_perm("leads.delete_lead")

    def has_change_permission(self, request: HttpRequest, obj: Lead | None = None) -> bool:
        """Details are edited while the table of moves allows it to the operator."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or Action.EDIT in self._allowed(request, obj)

    # --- The list -------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        """Return all leads but those that are part of another one; each says whether the portal shows it here."""
        # By the few that are merged, which have an index; there is none of those that are not.
        merged = Lead.objects.filter(merged_into__isnull=False).values("pk")
        leads = super().get_queryset(request).exclude(pk__in=merged)
        return marked_for(leads, getattr(request, "actor", None))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find by the index of search texts; never by reading the table."""
        found = found_leads(search_term)
        return (queryset if found is None else queryset.filter(pk__in=found)), False

    @admin.display(description=_("user"))
    def masked_user(self, lead: Lead) -> str:
        """Show initials: the name is for whoever opens the lead."""
        return " ".join(f"{name[0]}…" for name in (lead.first_name, lead.last_name) if name)

    @admin.display(description=_("portal"))
    def on_portal(self, lead: Lead) -> str:
        """Link to the lead's page, for staff who work in a company that sees it."""
        return render_to_string("admin/leads/lead/_on_portal.html", {"lead": lead})

    # --- One lead -------------------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: Lead | None = None) -> tuple[str, ...]:
        """Only contact and company are edited here; all else is moved by services."""
        names = [name for _title, options in self.fieldsets for name in options["fields"]]
        return tuple(str(name) for name in names if name not in {*EDITABLE, "shown_version"})

    def get_fieldsets(self, request: HttpRequest, obj: Lead | None = None) -> Any:
        """Leave the hidden version out where nothing can be saved."""
        if self.has_change_permission(request, obj):
            return self.fieldsets
        return [
            (title, {"fields": tuple(n for n in options["fields"] if n != "shown_version")})
            for title, options in self.fieldsets
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        """Show one lead, and write into its history who of the staff saw it."""
        lead: Lead = context["original"]
        if request.method == "GET":
            note_staff_view(lead, actor=self._staff(request, lead))
        context |= {
            "moves": self._moves(request, lead),
            "lines": newest_events(lead),
            "desks": desks_seeing(lead),
        }
        return super().render_change_form(request, context, *args, **options)

    def save_model(self, request: HttpRequest, obj: Lead, form: Any, change: bool) -> None:
        """Let the service write what was changed; it refuses when the lead has moved on."""
        details = {name: form.cleaned_data[name] for name in form.changed_data if name in EDITABLE}
        edit_lead(
            obj,
            details=details,
            attributes={},
            version=form.cleaned_data["shown_version"],
            actor=self._staff(request, obj),
        )

    def get_urls(self) -> list[Any]:
        """Add the address of a move of one lead."""
        move = path(
            "<path:object_id>/move/<slug:slug>/",
            self.admin_site.admin_view(self.move_view),
            name="leads_lead_move",
        )
        return [move, *super().get_urls()]

    def move_view(self, request: HttpRequest, object_id: str, slug: str) -> HttpResponse:
        """Ask about, and do, one move of one lead; 404 for what is not offered to this person."""
        lead = self.get_object(request, unquote(object_id))
        if lead is None or slug not in {move.slug for move in self._moves(request, lead)}:
            raise Http404
        page = reverse("admin:leads_lead_change", args=[lead.pk])
        filters = self.get_preserved_filters(request)
        back = add_preserved_filters({"preserved_filters": filters, "opts": self.opts}, page)
        return confirm(self, request, MOVES[slug], [lead], back=back)

    def _staff(self, request: HttpRequest, lead: Lead) -> Person:
        return staff_at(lead.host, cast(User, request.user))

    def _allowed(self, request: HttpRequest, lead: Lead) -> frozenset[Action]:
        actor = self._staff(request, lead)
        return allowed_actions(facts_of(lead, actor, None), actor)

    def _moves(self, request: HttpRequest, lead: Lead) -> list[Move]:
        """Return the moves that this person may do with the lead now."""
        allowed = self._allowed(request, lead) if super().has_change_permission(request) else set()
        may_erase = self.has_erase_permission(request)
        return [
            move
            for move in MOVES.values()
            if (move.action in allowed if move.action else may_erase)
        ]
