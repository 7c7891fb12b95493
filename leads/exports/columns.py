"""The columns of a file of leads, CSV or XLSX (domain.md section 5)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Person
from leadportal.common import clock
from leadportal.common.countries import NAMES
from leads.enums import Outcome, Progress, Qualification, Status
from leads.selectors.export import ExportRow, answer_keys
from leads.selectors.leads import LeadList
from leads.selectors.options import Question, attribute_questions
from leads.tables import ATTRIBUTE, LeadColumn, step_in_words
from templates_app.rules.shown import shown_value

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


def _step(row: ExportRow) -> str:
    return step_in_words(row.next_step, row.next_step_on, row.next_step_by)


def _country(row: ExportRow) -> str:
    return str(NAMES.get(row.country, row.country))


def _age(row: ExportRow) -> str:
    return timesince(row.status_changed_at, clock.now(), depth=1)


# What a column of the list, by its word, says of a lead. A new column of the list needs its line here.
OF_THE_LIST: dict[str, Callable[[ExportRow], Any]] = {
    "created": _field("created_at"),
    "company": _field("company"),
    "user": _field("user_name"),
    "source": _field("source_label"),
    "recipient": _field("recipient_label"),
    "status": _member(Status, "status"),
    "reference": _field("reference"),
    "product": _named("product"),
    "template": _named("template"),
    "marketplace": _named("marketplace"),
    "distributor": _named("distributor"),
    "in_charge": _field("in_charge"),
    "score": _field("score"),
    "qualification": _member(Qualification, "qualification"),
    "progress": _member(Progress, "progress"),
    "country": _country,
    "updated": _field("updated_at"),
    "age": _age,
    "deadline": _field("deadline"),
    "next_step": _step,
    "note": _field("last_note"),
}
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
    Cell(_("Country"), _country),
    Cell(_("Product"), _named("product")),
    Cell(_("Marketplace"), _named("marketplace")),
    Cell(_("Source"), _field("source_label")),
    Cell(_("Recipient"), _field("recipient_label")),
    Cell(_("Person in charge"), _field("in_charge")),
    Cell(_("Score"), _field("score")),
    Cell(_("Next step"), _next_step),
    Cell(_("Last note"), _field("last_note")),
)


def cells(
    leads: LeadList, actor: Person, visible: Sequence[LeadColumn] | None = None
) -> list[Cell]:
    """Return the `visible` columns of the list, or all there are: one more per attribute and per question by key."""
    if visible is not None:
        has_attribute = any(column.word.startswith(ATTRIBUTE) for column in visible)
        questions = attribute_questions(actor) if has_attribute else {}
        return [Cell(column.label, _shown(column.word, questions)) for column in visible]
    return [
        *EVERY,
        *(_attribute(key, one.hosts) for key, one in attribute_questions(actor).items()),
        *(_answer(key) for key in answer_keys(leads.rows)),
    ]


def heads(columns: Sequence[Cell]) -> list[str]:
    """Return the first line of a file."""
    return [str(column.head) for column in columns]


def lines(rows: Iterable[ExportRow], columns: Sequence[Cell]) -> Iterator[list[Any]]:
    """Return the line of each lead."""
    values = [cell.value for cell in columns]
    return ([value(row) for value in values] for row in rows)


def _shown(word: str, questions: Mapping[str, Question]) -> Callable[[ExportRow], Any]:
    """Return what a column of the list says of a lead; an attribute reads as it does there."""
    if not word.startswith(ATTRIBUTE):
        return OF_THE_LIST[word]
    asked = questions[word.removeprefix(ATTRIBUTE)]

    def text(row: ExportRow) -> str:
        if row.host_id not in asked.hosts:
            return ""
        return shown_value(asked.kind, row.attributes.get(asked.key))

    return text


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
