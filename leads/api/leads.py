"""Leads: the list, one lead, a new one, changed details."""

from dataclasses import replace
from functools import cached_property
from typing import Any

import django_filters
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from leadportal.common.tables import Sorting
from leads.api.base import ApiView
from leads.api.bodies import Body, check_form, filled, schema_of, sent
from leads.api.creating import NEW_LEAD, create
from leads.api.operations import TEXT, Operation
from leads.api.paging import PLACES, check_address, links, size_asked
from leads.api.seen import lead_json, lead_now, seen_headers
from leads.api.serializers.leads import LeadPage, LeadSeen
from leads.filters import Asked
from leads.filters.asked import PAIRS
from leads.filters.leads import LeadFilterSet
from leads.forms.details import EditForm
from leads.rules.permissions import sees_leads
from leads.rules.workflow import Action
from leads.selectors.clashes import ATTRIBUTE
from leads.selectors.columns import more_of
from leads.selectors.detail import Sight, find_lead
from leads.selectors.leads import LeadList, lead_page
from leads.selectors.refusals import check_move
from leads.services.answers import Given
from leads.services.leads import attributes_in, edit_lead
from leads.tables import SORTS

READ = (
    *("updated_at", "status_changed_at", "score", "qualification", "progress", "country"),
    *("template", "in_charge", "deadline"),
)
ATTRIBUTES = {"type": "object", "additionalProperties": True, "description": "Custom attributes"}
EDIT = Body(EditForm, {"attributes": ATTRIBUTES}, is_filled=True)


class AskedByProgram(Asked):
    """The list of an address; every row has the same columns, whatever a person has chosen."""

    @cached_property
    def leads(self) -> LeadList:
        """The list that is asked for."""
        return replace(super().leads, more=more_of(READ, self.actor))


def _filter_schema(one: django_filters.Filter) -> dict[str, Any]:
    found = schema_of(one.field)
    found.pop("nullable", None)
    return found


FILTERS = {
    **{name: _filter_schema(one) for name, one in LeadFilterSet.base_filters.items()},
    **{name: {"type": "array", "items": TEXT} for pair in PAIRS.items() for name in pair},
}
SORT = {
    "type": "string",
    "enum": [Sorting(sort, down).word for sort in SORTS for down in (False, True)],
}
LISTED = {"q": TEXT, "view": TEXT, **FILTERS, "sort": SORT}


class LeadsView(ApiView):
    """The lead list, and new leads."""

    permission = staticmethod(sees_leads)
    operations = {
        "get": Operation(
            "listLeads",
            "List leads: the filters, search and sort of the lead list",
            "Leads",
            {200: LeadPage},
            query={**LISTED, **PLACES, "date": {"type": "string", "format": "date"}},
            problems=(422,),
        ),
        "post": Operation(
            "createLead",
            "Create a lead: by contact and company, or by the answers to a listing's form",
            "Leads",
            {201: LeadSeen},
            Scope.WRITE,
            body=NEW_LEAD,
        ),
    }

    def get(self, request: Request) -> Response:
        """Show a page of the list."""
        asked = AskedByProgram(request.query_params, self.actor)
        check_address(asked)
        cursor, backwards = asked.place
        check_address(asked)
        size = size_asked(request)
        page = lead_page(asked.leads, size=size, cursor=cursor, backwards=backwards)
        count = {"number": min(page.count.number, page.count.most), "is_exact": page.count.is_exact}
        found = {**links(request, page), "count": count, "results": page.rows}
        return Response(LeadPage(found).data)

    def post(self, request: Request) -> Response:
        """Create a lead."""
        return self.once(lambda: create(self.actor, request.data))


class LeadView(ApiView):
    """One lead."""

    permission = staticmethod(sees_leads)
    operations = {
        "get": Operation("readLead", "Read a lead", "Leads", {200: LeadSeen}),
        "patch": Operation(
            "editLead",
            "Change details and custom attributes: only the fields that are sent",
            "Moves",
            {200: LeadSeen, 204: None},
            Scope.WRITE,
            body=EDIT,
            problems=(428,),
            is_matched=True,
        ),
    }

    def get(self, request: Request, reference: str) -> Response:
        """Show what the lead's page shows. It stays unread: no person has opened it."""
        sight = find_lead(reference, self.actor)
        return Response(lead_json(sight), headers=seen_headers(sight))

    def patch(self, request: Request, reference: str) -> Response:
        """Change what was sent; If-Match says which version the caller has seen."""
        return self.once(lambda: self._edit(find_lead(reference, self.actor), request.data))

    def _edit(self, sight: Sight, data: Any) -> Given:
        check_move(sight, Action.EDIT)
        version = self.match(sight.lead, is_needed=True)
        typed = sent(data)
        form = EditForm(filled(EditForm(sight=sight), typed), sight=sight)
        check_form(form, typed)
        names = {name.replace("attribute-", ATTRIBUTE, 1) for name in typed}
        chosen = {name: value for name, value in form.typed.items() if name in names}
        edit_lead(
            sight.lead,
            details={k: v for k, v in chosen.items() if not k.startswith(ATTRIBUTE)},
            attributes=attributes_in(chosen),
            version=version,
            actor=self.actor,
        )
        return lead_now(sight)
