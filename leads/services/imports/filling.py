"""Fill empty fields of leads that are there already from rows of a file; what is filled stays as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.actors import Actor, Person
from leads.enums import EventKind
from leads.models import Lead
from leads.rules.workflow import Action
from leads.selectors.clashes import ATTRIBUTE
from leads.services.acts import Act, Change
from leads.services.carried import CONTACT
from leads.services.drafts import Draft
from leads.services.history import Line
from leads.services.imports.reading import Row
from leads.services.writing import Held

# Left out where leads are read in numbers; an act gives them back to its leads (writing.py).
_HEAVY = ("attributes", "search")


def new_values(lead: Lead, draft: Draft) -> dict[str, Any]:
    """Return what a row knows and the lead does not, by field and "attribute:key"."""
    contact = {
        name: draft.contact[name]
        for name in CONTACT
        if draft.contact[name] and not getattr(lead, name)
    }
    attributes = {
        f"{ATTRIBUTE}{key}": value
        for key, value in draft.attributes.items()
        if key not in lead.attributes
    }
    return contact | attributes


def empty_fields(pairs: Sequence[tuple[int, Row]], actor: Person) -> dict[int, list[str]]:
    """Return by row number which fields of its lead a row would fill; one query."""
    leads = Lead.objects.visible_to(actor).in_bulk([pk for pk, _row in pairs]) if pairs else {}
    return {
        row.number: sorted(new_values(leads[pk], row.draft))
        for pk, row in pairs
        if pk in leads and row.draft
    }


@dataclass(frozen=True)
class Filling(Act):
    """Fill what is empty on each lead from the rows that are its duplicates, the first row first.

    Who may not edit a lead now fills nothing. An association ends as with any edit of contact or company.
    """

    drafts: Mapping[int, Sequence[Draft]]
    codes: Mapping[str, Any]

    action = Action.EDIT

    def look(self, held: Sequence[Held], actor: Actor) -> None:
        """Give the leads what was left out when they were read."""
        rows = Lead.objects.filter(pk__in=[one.lead.pk for one in held]).order_by()
        found = {pk: values for pk, *values in rows.values_list("pk", *_HEAVY)}
        for one in held:
            one.lead.attributes, one.lead.search = found[one.lead.pk]

    def decide(self, held: Held, seen: None, actor: Actor) -> Change | None:
        """See the class."""
        lead = held.lead
        values: dict[str, Any] = {}
        for draft in self.drafts[lead.pk]:
            values = new_values(lead, draft) | values
        if not values:
            return None
        old = {name: ("", value) for name, value in values.items()}
        line = Line(EventKind.UPDATED, {"fields": sorted(values), **self.codes}, old, is_quiet=True)
        contact = {name: value for name, value in values.items() if name in CONTACT}
        columns: dict[str, Any] = dict(contact)
        if len(contact) < len(values):
            columns["attributes"] = lead.attributes | {
                name.removeprefix(ATTRIBUTE): value
                for name, value in values.items()
                if name not in contact
            }
        lines: tuple[Line, ...] = (line,)
        if contact and lead.associated_company_id is not None:
            data = {
                "company": lead.associated_company_id,
                "user": lead.associated_user_id,
                **self.codes,
            }
            lines = (line, Line(EventKind.ASSOCIATION_REMOVED, data, is_quiet=True))
            columns |= {"associated_company": None, "associated_user": None}
        return Change(lead, lines, columns)
