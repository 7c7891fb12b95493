"""The columns of the lead list's CSV file (domain.md section 5)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common.countries import NAMES
from leads.enums import Outcome, Progress, Qualification, Status
from leads.selectors.export import ExportRow, answer_keys, export_rows
from leads.selectors.leads import LeadList
from leads.selectors.options import attribute_questions

# Before the key of a question: an attribute may have the same one.
ANSWER = "answer:"


@dataclass(frozen=True)
class Cell:
    """A column of the file: its head, and what it says of a lead."""

    head: Any
    value: Callable[[ExportRow], Any]


def _member(enum: Any, name: str) -> Callable[[ExportRow], str]:
    return lambda row: str(enum(getattr(row, name)).label) if getattr(row, name) else ""


def _field(name: str) -> Callable[[ExportRow], Any]:
    return lambda row: getattr(row, name)


def _named(name: str) -> Callable[[ExportRow], str]:
    return lambda row: named.name if (named := getattr(row, name)) else ""


def _next_step(row: ExportRow) -> str:
    if not row.next_step:
        return ""
    parts = [row.next_step_on and row.next_step_on.isoformat(), row.next_step]
    who = f"({row.next_step_by})" if row.next_step_by else ""
    return " ".join(part for part in (*parts, who) if part)


VISIBLE = (
    Cell(_("Created"), _field("created_at")),
    Cell(_("Company"), _field("company")),
    Cell(_("User"), _field("user_name")),
    Cell(_("Source"), _field("source_label")),
    Cell(_("Recipient"), _field("recipient_label")),
    Cell(_("Status"), _member(Status, "status")),
)
EVERY = (
    Cell(_("Lead ID"), _field("reference")),
    Cell(_("Created"), _field("created_at")),
    Cell(_("Updated"), _field("updated_at")),
    Cell(_("Status"), _member(Status, "status")),
    Cell(_("Qualification"), _member(Qualification, "qualification")),
    Cell(_("Progress"), _member(Progress, "progress")),
    Cell(_("Outcome"), _member(Outcome, "outcome")),
    Cell(_("Company"), _field("company")),
    Cell(_("First name"), _field("first_name")),
    Cell(_("Last name"), _field("last_name")),
    Cell(_("Email"), _field("email")),
    Cell(_("Phone"), _field("phone")),
    Cell(_("Job title"), _field("job_title")),
    Cell(_("Street"), _field("street")),
    Cell(_("Postcode"), _field("postcode")),
    Cell(_("Town"), _field("city")),
    Cell(_("Region"), _field("region")),
    Cell(_("Country"), lambda row: str(NAMES.get(row.country, row.country))),
    Cell(_("Product"), _named("product")),
    Cell(_("Marketplace"), _named("marketplace")),
    Cell(_("Source"), _field("source_label")),
    Cell(_("Recipient"), _field("recipient_label")),
    Cell(_("Person in charge"), _field("in_charge")),
    Cell(_("Score"), _field("score")),
    Cell(_("Next step"), _next_step),
    Cell(_("Last note"), _field("last_note")),
)


def cells(leads: LeadList, actor: Person, *, is_full: bool) -> list[Cell]:
    """Return the columns: those of the list, or all, with one per attribute and per question by key."""
    if not is_full:
        return list(VISIBLE)
    return [
        *EVERY,
        *(_attribute(key, one.hosts) for key, one in attribute_questions(actor).items()),
        *(_answer(key) for key in answer_keys(leads.rows)),
    ]


def lines(leads: LeadList, actor: Person, columns: Sequence[Cell]) -> Iterator[list[Any]]:
    """Return a line for each lead, in the order of the list."""
    values = [cell.value for cell in columns]
    for row in export_rows(leads.all_rows(), actor):
        yield [value(row) for value in values]


def _attribute(key: str, hosts: tuple[int, ...]) -> Cell:
    """Show an attribute's value on leads of the hosts that let the reader see it."""
    return Cell(key, lambda row: _plain(row.attributes.get(key)) if row.host_id in hosts else "")


def _answer(key: str) -> Cell:
    return Cell(f"{ANSWER}{key}", lambda row: _plain(row.answers.get(key)))


def _plain(value: Any) -> Any:
    """Return a stored value as one cell: lists with semicolons, money with its currency."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return "; ".join(str(one) for one in value)
    if isinstance(value, dict):
        return f"{value.get('amount', '')} {value.get('currency', '')}".strip()
    return value if isinstance(value, int | float) else str(value)
