"""What columns by choice need of each row: expressions over the access row, so that a page stays one query.

Taken from the access row where it has them: a row of a lost lead stays as it was at that moment.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, Left

from accounts.actors import Person
from accounts.models import User
from leadportal.common import clock
from leads.models import Note
from leads.selectors.offers import row_deadline
from leads.selectors.rows import name_of
from templates_app.models import LeadTemplate

# As much of a note as two lines of a table hold, and its tooltip.
NOTE_SHOWN = 300
_PERSON = Concat(F("first_name"), Value(" "), F("last_name"))


def more_of(names: Iterable[str], actor: Person) -> dict[str, Any]:
    """Return the expression of each name."""
    known = {
        "updated_at": F("updated_at"),
        "status_changed_at": F("status_changed_at"),
        "score": F("score"),
        "qualification": F("qualification"),
        "progress": F("progress"),
        "country": F("lead__country"),
        "template": name_of(LeadTemplate, "template_id"),
        "in_charge": person_name("in_charge_id"),
        "distributor": F("lead__host__name"),
        "next_step": F("lead__next_step"),
        "next_step_on": F("lead__next_step_on"),
        "next_step_by": person_name("lead__next_step_by"),
        "note": Subquery(row_notes(actor).values(text=Left("body", NOTE_SHOWN))[:1]),
        "deadline": row_deadline(actor),
        "attributes": F("lead__attributes"),
        "host": F("lead__host_id"),
    }
    return {name: known[name] for name in dict.fromkeys(names)}


def person_name(column: str) -> Subquery:
    """Look up the name of the person that `column` of an access row names."""
    return Subquery(User.objects.filter(pk=OuterRef(column)).values(name=_PERSON)[:1])


def row_notes(actor: Person) -> "QuerySet[Note]":
    """Return the notes of a row's lead that the actor may read, newest first; of a lost lead those of before."""
    until = Coalesce(OuterRef("lost_at"), Value(clock.FOREVER))
    readable = Note.objects.readable_by(actor, None)
    of_row = readable.filter(lead=OuterRef("lead_id")).until(until)
    return of_row.order_by("-created_at", "-pk")
