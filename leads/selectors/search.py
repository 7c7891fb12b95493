"""Find leads by words and by stored values: by what stands on the lead, not on its access row.

Two forms of the same condition (access.md section 4). `probed` looks at the lead of each access row: right
for what is common, because a walk in order meets a page of it soon, and for small desks. `indexed_keys`
starts at the index of search texts and values: right for what is rare. Neither leaves the planner a join
to choose: it takes hits of the whole table for hits of the desk.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    F,
    FloatField,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce, Concat, Lower, StrIndex
from django.db.models.lookups import Exact, GreaterThanOrEqual, In, LessThanOrEqual

from leadportal.common import clock
from leadportal.common.pagination import Key
from leadportal.common.text import clean_line, fold
from leads.enums import AccessLevel
from leads.models import Lead, LeadAccess

SHORTEST = 3
LONGEST = 100

_REFERENCE = re.compile(r"ld-\d{9}", re.ASCII)
# What a desk that lost a lead still knows of it, in the order of the search text.
_KNOWN = ("first_name", "last_name", "company", "product_name")
# SQLite: the value itself or a member of a list. JSON's true is not its 1.
_MEMBER = "EXISTS (SELECT 1 FROM %(expressions)s AND type NOT IN ('true', 'false'))"
_FLAG = "EXISTS (SELECT 1 FROM %(expressions)s AND type IN ('true', 'false'))"

Rows = QuerySet[LeadAccess]


@dataclass(frozen=True)
class Term:
    """What is looked for: `needle` as it stands in a search text, `reference` where it is a Lead ID."""

    needle: str
    reference: str = ""

    @classmethod
    def read(cls, text: str) -> "Term | None":
        """Return what `text` looks for, or None for an empty box.

        Every character is a plain one. Fewer than three are the beginning of a word: every word of a
        search text follows a space.
        """
        words = " ".join(fold(clean_line(text[: 4 * LONGEST])).split())[:LONGEST].rstrip()
        if not words:
            return None
        is_reference = _REFERENCE.fullmatch(words) is not None
        return cls(
            needle=words if len(words) >= SHORTEST else f" {words}",
            reference=words.upper() if is_reference else "",
        )


@dataclass(frozen=True)
class Span:
    """Numbers, or days as text, from `low` to `high`, both included; None where an end is open.

    Of money it is the amounts in `currency`.
    """

    low: int | float | str | None
    high: int | float | str | None
    currency: str = ""


@dataclass(frozen=True)
class Stored:
    """A value in one of the lead's JSON columns: `column` holds, under `key`, one of `values`.

    A value that is a list of one stands for a member of a stored list, a `Span` for whatever lies in it.
    Only leads of `hosts` count, where some are named; with `names_prospect` not those whose contact is masked.
    """

    column: str
    key: str
    values: tuple[Any, ...]
    hosts: tuple[int, ...] = ()
    names_prospect: bool = False


@dataclass(frozen=True)
class Sought:
    """What a list looks for on the leads: words, stored values, or both."""

    term: Term | None = None
    stored: tuple[Stored, ...] = ()

    def __bool__(self) -> bool:
        return self.term is not None or bool(self.stored)


def probed(rows: Rows, sought: Sought) -> Rows:
    """Return the rows whose leads match, by a look at the lead of each."""
    rows = with_stored(rows, sought.stored)
    if sought.term is None:
        return rows
    needle = Value(sought.term.needle)
    # A desk knows the Lead ID, and what its own row says, also of a lead that changed after it was lost or
    # whose contact is masked.
    place = Case(
        When(search_changed_at__lte=OuterRef("known_until"), then=StrIndex("search", needle)),
        default=StrIndex(Concat(Value(" "), Lower("reference")), needle),
    )
    lead = Lead.objects.filter(pk=OuterRef("lead_id")).annotate(place=place).values("place")
    rows = rows.alias(
        known_until=Case(
            When(is_masked=True, then=Value(clock.LONG_AGO)),
            default=Coalesce("lost_at", Value(clock.FOREVER)),
        ),
        place=Subquery(lead[:1]),
        known=StrIndex(_known(), needle),
    )
    is_own = Q(is_masked=True) | Q(level=AccessLevel.PAST)
    return rows.filter(Q(place__gt=0) | is_own & Q(known__gt=0))


def indexed_keys(rows: Rows, sought: Sought, fields: Sequence[str], most: int) -> list[Key]:
    """Return `fields` of up to `most` rows whose leads match, found from the index of the leads.

    The sort lets the planner count on reading every hit: with a limit alone it would rather read the whole
    table in the hope of meeting enough of them early.
    """
    lead = Lead.objects.filter(*(_any_of(one) for one in sought.stored))
    if sought.term is not None:
        lead = lead.filter(*in_index(sought.term))
    current = rows.filter(lead=OuterRef("pk"))
    if sought.term is not None:
        current = current.filter(is_masked=False)
    if sought.stored:
        current = current.filter(level=AccessLevel.CURRENT)
        if any(one.names_prospect for one in sought.stored):
            current = current.filter(is_masked=False)
    else:
        unchanged = Q(lost_at__isnull=True) | Q(lost_at__gte=OuterRef("search_changed_at"))
        current = current.filter(unchanged)
    names = [f"key_{number}" for number, _field in enumerate(fields)]
    hits = (
        lead.annotate(
            **{
                name: Subquery(current.order_by().values(field)[:1])
                for name, field in zip(names, fields, strict=True)
            }
        )
        .filter(**{f"{names[0]}__isnull": False})
        .order_by()
        .values_list(*names)
    )
    if sought.term is not None:
        masked = probed(rows.filter(is_masked=True), sought).order_by().values_list(*fields)
        hits = hits.union(masked, all=True)
        if not sought.stored:
            hits = hits.union(_known_to_losers(rows, sought.term, fields), all=True)
    return list(hits.order_by(names[0])[:most])


def _known_to_losers(rows: Rows, term: Term, fields: Sequence[str]) -> Rows:
    """Return the rows of leads that changed after their desk had lost them: it knows the names of then."""
    changed = rows.filter(level=AccessLevel.PAST, lead__search_changed_at__gt=F("lost_at"))
    text = Concat(_known(), Value(" "), Lower("lead__reference"))
    place = StrIndex(text, Value(term.needle))
    known = changed.filter(is_masked=False).alias(known=place).filter(known__gt=0)
    return known.order_by().values_list(*fields)


def with_stored(rows: Rows, stored: tuple[Stored, ...]) -> Rows:
    """Return the rows whose leads hold the values; a desk that lost a lead does not see them any more."""
    if not stored:
        return rows
    lead = Lead.objects.filter(*(_any_of(one) for one in stored), pk=OuterRef("lead_id"))
    rows = rows.filter(level=AccessLevel.CURRENT)
    if any(one.names_prospect for one in stored):
        rows = rows.filter(is_masked=False)
    return rows.alias(held=Subquery(lead.values(held=Value(1))[:1])).filter(held__isnull=False)


def _any_of(stored: Stored) -> Q:
    condition = Q()
    for value in stored.values:
        condition |= _holds(stored.column, stored.key, value)
    return condition & Q(host__in=stored.hosts) if stored.hosts else condition


def _holds(column: str, key: str, value: Any) -> Q:
    """Say that a JSON column has a value under a key; PostgreSQL answers from its GIN index.

    A range is looked at lead by lead: no index of a JSON column knows an order.
    """
    if isinstance(value, Span):
        in_order = _in_path if connection.vendor == "postgresql" else _in_extract
        return in_order(column, key, value)
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__contains": {key: value}})
    path = Value(f'$."{key}"')
    if isinstance(value, dict):
        stored = Func(F(column), path, function="json_extract", output_field=TextField())
        return Q(Exact(stored, Func(Value(json.dumps(value)), function="json")))
    member = value[0] if isinstance(value, list) else value
    return Q(
        Func(
            Func(F(column), path, function="json_each"),
            Value(member),
            arg_joiner=" WHERE value = ",
            template=_FLAG if isinstance(member, bool) else _MEMBER,
            output_field=BooleanField(),
        )
    )


def _in_path(column: str, key: str, span: Span) -> Q:
    """Say it in PostgreSQL's path language: what is of another type than the ends lies in no range."""
    value = "@.amount" if span.currency else "@"
    ends = {"low": (">=", span.low), "high": ("<=", span.high)}
    asked = [f"{value} {sign} ${name}" for name, (sign, end) in ends.items() if end is not None]
    known = {name: end for name, (_sign, end) in ends.items() if end is not None}
    if span.currency:
        asked.append("@.currency == $currency")
        known["currency"] = span.currency
    found = Func(
        KeyTransform(key, column),
        Func(Value(f"$ ? ({' && '.join(asked)})"), template="%(expressions)s::jsonpath"),
        Func(Value(json.dumps(known)), template="%(expressions)s::jsonb"),
        function="jsonb_path_exists",
        output_field=BooleanField(),
    )
    return Q(found)


def _in_extract(column: str, key: str, span: Span) -> Q:
    """Say it in SQLite's functions, which compare any two types: the type is asked for, too."""
    path = f'$."{key}"'
    place = Value(f"{path}.amount" if span.currency else path)
    is_text = isinstance(span.high if span.low is None else span.low, str)
    field: Any = TextField() if is_text else FloatField()
    value = Func(F(column), place, function="json_extract", output_field=field)
    kind = Func(F(column), place, function="json_type", output_field=TextField())
    found = Q(In(kind, ["text"] if is_text else ["integer", "real"]))
    if span.low is not None:
        found &= Q(GreaterThanOrEqual(value, span.low))
    if span.high is not None:
        found &= Q(LessThanOrEqual(value, span.high))
    if span.currency:
        unit = Value(f"{path}.currency")
        stored = Func(F(column), unit, function="json_extract", output_field=TextField())
        found &= Q(Exact(stored, span.currency))
    return found


def in_index(term: Term) -> list[Q]:
    """Say that a lead's search text has the term, in words that the index of the database answers."""
    exact = Q(search__contains=term.needle)
    if connection.vendor == "postgresql" or len(term.needle) < SHORTEST:
        return [exact]
    phrase = '"{}"'.format(term.needle.replace('"', '""'))
    in_table = Func(
        F("pk"),
        Value(phrase),
        arg_joiner=" IN (SELECT rowid FROM leads_search WHERE leads_search MATCH ",
        template="%(expressions)s)",
        output_field=BooleanField(),
    )
    return [Q(in_table), exact]


def _known() -> Concat:
    """Write what a row itself says like a search text: the names that its desk knows."""
    parts: list[Any] = []
    for column in _KNOWN:
        parts += [Value(" "), F(column)]
    return Concat(*parts)
