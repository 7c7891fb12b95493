"""What a file says of each lead: read as one stream, as the reader's desk knows the leads."""

from array import array
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, JSONField, OuterRef, Subquery, When

from accounts.actors import Person
from accounts.models import Company
from leads.enums import AccessLevel
from leads.models import PastView
from leads.rules.masking import MASKED, open_answers, open_keys
from leads.selectors.columns import person_name, row_notes
from leads.selectors.offers import row_deadline
from leads.selectors.rows import Labelled, Named, name_of
from leads.selectors.search import Rows
from templates_app.enums import FieldKind
from templates_app.models import LeadTemplate, Marketplace, Product, TemplateField

CHUNK = 1_000
# What a file has of what a desk does not know yet.
_MASKED = tuple(name for name in MASKED if name != "website")


@dataclass(slots=True)
class ExportRow(Labelled):
    """One lead of a file. The names of fields are those of the columns below."""

    level: int
    is_masked: bool
    created_at: datetime
    updated_at: datetime
    status_changed_at: datetime
    status: int
    qualification: int
    progress: int
    outcome: int
    score: int
    reference: str
    first_name: str
    last_name: str
    email: str
    phone: str
    job_title: str
    company: str
    street: str
    postcode: str
    city: str
    region: str
    country: str
    source_kind: int
    source_name: str
    next_step: str
    next_step_on: date | None
    host_id: int
    attributes: dict[str, Any]
    answers: dict[str, Any]
    product: Any
    source_company: Any
    marketplace: Any
    distributor: Any
    template: Any
    holder: Any
    holder_desk: int
    in_charge: str
    next_step_by: str
    last_note: str
    deadline: datetime | None
    past: dict[str, Any] | None


_OF_ACCESS = (
    "level is_masked created_at updated_at status_changed_at status qualification progress outcome"
    " score".split()
)
_OF_LEAD = (
    "reference first_name last_name email phone job_title company street postcode city region country"
    " source_kind source_name next_step next_step_on host_id attributes answers".split()
)


def export_rows(rows: Rows, actor: Person) -> Iterator[ExportRow]:
    """Read `rows` in their order, in constant memory and as they were at one moment.

    PostgreSQL reads them through a cursor on the server, which lives in a transaction; SQLite steps through
    one statement.
    """
    with _one_moment():
        keys = _open_keys(rows)
        for values in rows.values_list(*_columns(actor)).iterator(chunk_size=CHUNK):
            yield _known(ExportRow(*values), keys)


def export_pieces(rows: Rows, actor: Person) -> Iterator[list[ExportRow]]:
    """Read `rows` in their order, piece by piece: nothing is held open in between, so that one can write.

    What leaves the list meanwhile is left out. Eight bytes a lead are kept in memory.
    """
    with _one_moment():
        open_to_all = _open_keys(rows)
        keys = array("q", rows.values_list("lead_id", flat=True).iterator(chunk_size=CHUNK))
    columns, unordered = _columns(actor), rows.order_by()
    for start in range(0, len(keys), CHUNK):
        piece = list(keys[start : start + CHUNK])
        found = {
            key: ExportRow(*values)
            for key, *values in unordered.filter(lead__in=piece).values_list("lead_id", *columns)
        }
        yield [_known(found[key], open_to_all) for key in piece if key in found]


def _columns(actor: Person) -> list[Any]:
    """Return what is read of an access row, in the order of the fields of ExportRow."""
    past = PastView.objects.filter(lead=OuterRef("lead_id"), desk=OuterRef("desk_id"))
    return [
        *_OF_ACCESS,
        *(f"lead__{name}" for name in _OF_LEAD),
        name_of(Product, "product_id"),
        "lead__source_company__name",
        name_of(Marketplace, "marketplace_id"),
        "lead__host__name",
        name_of(LeadTemplate, "template_id"),
        name_of(Company, "holder_id"),
        "holder_desk",
        person_name("in_charge_id"),
        person_name("lead__next_step_by"),
        Subquery(row_notes(actor).values("body")[:1]),
        row_deadline(actor),
        Case(
            When(level=AccessLevel.PAST, then=Subquery(past.values("contact")[:1])),
            output_field=JSONField(),
        ),
    ]


def answer_keys(rows: Rows) -> list[str]:
    """Return the questions that the leads of `rows` may have answered, in the order of their forms."""
    templates = rows.order_by().values_list("template_id", flat=True).distinct()
    fields = (
        TemplateField.objects.filter(version__template__in=[one for one in templates if one])
        .exclude(kind=FieldKind.HEADING)
        .order_by("version__template", "version__number", "position")
    )
    return list(dict.fromkeys(fields.values_list("key", flat=True)))


def _open_keys(rows: Rows) -> frozenset[str]:
    """Return the questions whose answers stay on leads whose contact is masked; a query, if there are any."""
    masked = rows.filter(is_masked=True).order_by().values_list("template_id", flat=True)
    templates = {one for one in masked.distinct() if one}
    fields = TemplateField.objects.filter(version__template__in=templates) if templates else ()
    return open_keys(one.spec for one in fields)


def _known(row: ExportRow, keys: Collection[str]) -> ExportRow:
    """Show the lead as its desk knows it: of a lost one the contact data and names of that moment.

    Of one whose contact is masked the answers to `keys` are left.
    """
    for name in ("product", "source_company", "marketplace", "distributor", "template", "holder"):
        value = getattr(row, name)
        setattr(row, name, Named(value) if value else None)
    if row.level == AccessLevel.PAST:
        for name, value in (row.past or {}).items():
            if name in row.__slots__:
                setattr(row, name, value)
        row.next_step, row.next_step_on, row.next_step_by = "", None, ""
        row.attributes, row.answers = {}, {}
    if row.is_masked:
        for name in _MASKED:
            setattr(row, name, "")
        row.answers = open_answers(row.answers, keys)
    return row


@contextmanager
def _one_moment() -> Iterator[None]:
    """Open what a cursor on the server lives in; a slow reader may take its time between two pieces."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '15min'")
        yield
