"""What quotes and orders have in common for programs: their lines, their sums, and for which lead they are."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Person
from leadportal.common.errors import Invalid
from leads.api.bodies import Sent, refuse_unknown, schema_of, sent
from leads.api.operations import TEXT
from leads.api.sales import in_digits, named
from leads.forms.papers import line_fields
from leads.models import Lead
from leads.rules.workflow import Action
from leads.selectors.detail import find_lead
from leads.selectors.papers import amounts
from leads.selectors.refusals import check_move
from leads.services.papers import MOST_LINES

_PARTS = {
    **{name: schema_of(one) for name, one in line_fields([]).items()},
    "product": {"type": "integer", "minimum": 1},
}
LINES = {
    "lines": {
        "type": "array",
        "items": {
            "type": "object",
            "properties": _PARTS,
            "required": ["product", "quantity", "unit_price"],
            "additionalProperties": False,
        },
        "minItems": 1,
        "maxItems": MOST_LINES,
    }
}
LEAD = {"lead": {**TEXT, "description": "The Lead ID of a converted lead"}}


def typed_of(data: Mapping[str, Any], *left_out: str) -> Sent:
    """Return what a form judges: the fields of a body, and its lines under the names that they have on the page.

    Raises Invalid for lines that are none or too many, Refused for a field that no line has.
    """
    rest = {name: value for name, value in data.items() if name not in {*left_out, "lines"}}
    lines = data.get("lines", [])
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Invalid({"lines": _("Send the lines as a list of objects.")})
    if len(lines) > MOST_LINES:
        raise Invalid({"lines": _("There are %(most)s lines at most.") % {"most": MOST_LINES}})
    for number, line in enumerate(lines, start=1):
        refuse_unknown(line, _PARTS, _("A line has no field called “%(name)s”."))
        rest |= {f"line-{number}-{part}": value for part, value in line.items()}
    return sent(rest)


def converted_lead(data: Mapping[str, Any], actor: Person) -> Lead:
    """Return the lead that something is sold for without a deal: 403 and 409 as the table of moves says for linking."""
    sentence = _("Send the Lead ID of a lead that this token sees.")
    sight = named(data, "lead", sentence, lambda text: find_lead(text, actor))
    check_move(sight, Action.LINK)
    found: Lead = sight.lead
    return found


def totals(rows: Any) -> dict[str, Any]:
    """Return what the rows of a list come to."""
    number, sums = amounts(rows)
    return {"number": number, "total": in_digits(sums)}
